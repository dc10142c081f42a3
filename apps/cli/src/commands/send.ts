import type { ClientEvents, DeliveryState } from '@status-stack/status-client'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { withClient } from '../session.ts'
import { waitFor } from '../signals.ts'
import { parseTarget, withLink } from '../target.ts'
import { chatName, protectionWords } from '../view.ts'

export interface SendOptions {
  readonly chaos?: string
  readonly to: string
  readonly wait: 'posted' | 'confirmed' | 'acknowledged'
}

const longestInput = 64 * 1024

/** Sends one message and waits as long as asked for. */
export async function send(
  options: SendOptions,
  globals: Globals,
  output: Output,
  [text]: readonly string[]
): Promise<void> {
  const chat = parseTarget(options.to)
  const body = text ?? (await readInput())
  await withClient(
    { network: 'online', chaos: options.chaos },
    withLink(options.to, globals),
    output,
    async ({ client, signal }) => {
      const states: ClientEvents['delivery'][] = []
      let wake = (): void => {}
      client.on('delivery', fact => {
        states.push(fact)
        wake()
      })
      if (chat.kind === 'public') await client.joinPublic(chat.name)
      const sent = await client.send(chat, { text: body }, { signal })
      output.data(
        { event: 'sent', messageId: sent.messageId, clock: sent.clock, protection: sent.protection },
        `sent to ${chatName(chat)}  [${protectionWords[sent.protection]}]`
      )
      // A public chat has no recipient who could acknowledge: the next peer's confirmation is all there is to wait for.
      const wanted = chat.kind === 'public' && options.wait === 'acknowledged' ? 'confirmed' : options.wait
      const reached = (): boolean =>
        states.some(fact => fact.messageId === sent.messageId && atLeast(fact.state, wanted))
      const deadline = AbortSignal.timeout(globals.timeout * 1000)
      while (!reached() && !deadline.aborted && !signal.aborted) {
        const changed = new AbortController()
        wake = () => changed.abort()
        await waitFor(AbortSignal.any([changed.signal, deadline, signal]))
      }
      if (reached()) return
      throw new CliError(
        signal.aborted ? 'interrupted' : 'unacknowledged',
        `not-${wanted}`,
        `not ${wanted} within ${globals.timeout} s; the message is kept and retried whenever this profile runs`
      )
    }
  )
}

const order: readonly DeliveryState[] = ['queued', 'sealed', 'posted', 'confirmed', 'archived', 'acknowledged']

function atLeast(state: DeliveryState, wanted: DeliveryState): boolean {
  return order.indexOf(state) >= order.indexOf(wanted)
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY)
    throw new CliError('usage', 'no-text', 'there is no text to send', 'give it as an argument or through stdin')
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.length > longestInput)
      throw new CliError('usage', 'too-long', `the text is longer than ${longestInput} characters`)
  }
  const trimmed = text.replace(/\r?\n$/, '')
  if (trimmed.trim() === '') throw new CliError('usage', 'no-text', 'there is no text to send')
  return trimmed
}
