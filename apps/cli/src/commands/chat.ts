import { createInterface } from 'node:readline'
import { openAccount } from '../account.ts'
import { CliError, describeError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { reportHistory } from '../mail/report.ts'
import { createOutput, type Output } from '../output.ts'
import { readPassword } from '../password.ts'
import { profileOf } from '../profile.ts'
import { interruption } from '../signals.ts'
import { openStack } from '../stack.ts'
import { parseTarget, withLink } from '../target.ts'
import { chatName, deliveryView, messageView, refusedView } from '../view.ts'

export interface ChatOptions {
  readonly chaos?: string
  /** Needed line by line; the full screen opens the last chat without. */
  readonly to?: string
  /** Line by line even on a terminal that could show the full screen. */
  readonly plain?: boolean
}

const shownAtStart = 20
const help = 'a line is a message; /help, /peers, /quit'

/** The full screen where there is one, else one conversation line by line. */
export async function chat(options: ChatOptions, globals: Globals, output: Output): Promise<void> {
  const { canDraw } = await import('../tui/terminal.ts')
  if (options.plain !== true && !globals.json && canDraw(process.env)) {
    const { fullScreen } = await import('../tui/full-screen.ts')
    return fullScreen(options, globals, output)
  }
  if (options.to === undefined) {
    throw new CliError(
      'usage',
      'to-missing',
      "required option '--to <who>' not specified",
      'it may be left out only on the full screen of a terminal'
    )
  }
  await lineByLine(options.to, options, globals, output)
}

async function lineByLine(to: string, options: ChatOptions, globals: Globals, plain: Output): Promise<void> {
  const target = parseTarget(to)
  const profile = profileOf(globals)
  const account = await openAccount(profile, await readPassword(globals, 'open'))
  const signal = interruption()
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !globals.json
  const lines = createInterface({
    input: process.stdin,
    output: terminal ? process.stdout : undefined,
    terminal,
    prompt: '> '
  })
  // From now on: what is piped in before the chat is ready waits instead of being lost.
  const typed = lines[Symbol.asyncIterator]()
  // Text that arrives must not run into what is being typed: the prompt line is cleared and drawn again around it.
  const output = terminal
    ? createOutput({
        json: false,
        verbose: globals.verbose,
        stdout: process.stdout,
        stderr: process.stderr,
        beforePrint: () => process.stdout.write('\r\u001b[K'),
        afterPrint: () => lines.prompt(true)
      })
    : plain
  const { peers, mailservers } = withLink(to, globals)
  const stack = await openStack(
    profile,
    account,
    { command: 'chat', peers, mailservers, pfs: globals.pfs, chaos: options.chaos, listen: globals.listen },
    output
  )
  const { client } = stack
  const show = (view: { event: { event: string }; text: string }): void => output.data(view.event, view.text)
  try {
    if (target.kind === 'public') await client.joinPublic(target.name)
    for (const message of [...(await client.messages(target, { limit: shownAtStart }))].reverse())
      show(messageView(message))
    const here = JSON.stringify(chatName(target))
    client.on('message', message => {
      if (!message.outgoing || output.json) show(messageView(message))
      if (JSON.stringify(chatName(message.chat)) === here) void client.markSeen(message.chat).catch(() => {})
    })
    client.on('delivery', fact => {
      const view = deliveryView(fact)
      if (output.json || fact.state === 'acknowledged' || fact.state === 'given-up' || fact.state === 'held') {
        output.note(view.event, view.text)
      }
    })
    reportHistory(client, output)
    client.on('refused', fact => {
      const view = refusedView(fact)
      output.note(view.event, view.text)
    })
    await stack.start()
    if (globals.listen !== undefined)
      output.note({ event: 'listening', enode: stack.host.enode() }, `· ${stack.host.enode()}`)
    output.note({ event: 'ready' }, `· chatting with ${chatName(target)}; ${help}`)
    signal.addEventListener('abort', () => lines.close(), { once: true })
    lines.on('SIGINT', () => lines.close())
    if (terminal) lines.prompt()
    for await (const line of typed) {
      const text = line.trim()
      if (text === '/quit') break
      await handle(text)
      if (terminal) lines.prompt()
    }
  } finally {
    lines.close()
    await stack.stop()
  }

  async function handle(text: string): Promise<void> {
    if (text === '') return
    if (text === '/help') output.note({ event: 'help' }, help)
    else if (text === '/peers') {
      for (const peer of client.peers()) {
        output.note(
          { event: 'peer', state: 'connected', peerId: peer.peerId },
          `  ${peer.peerId.slice(0, 16)}… ${peer.remoteAddress ?? ''}`
        )
      }
      if (client.peers().length === 0) output.note({ event: 'peers', count: 0 }, '  no peers')
    } else if (text.startsWith('/')) {
      output.note(
        { event: 'error', code: 'unknown-command', message: text.split(' ')[0] },
        `unknown command: ${text.split(' ')[0]}; ${help}`
      )
    } else {
      try {
        await client.send(target, { text }, { signal })
        if (!client.connected())
          output.note({ event: 'queued' }, '  no peer is connected; it is kept and sent when one is')
      } catch (error) {
        const { code, message } = describeError(error)
        output.note({ event: 'error', code, message }, `not sent: ${message}`)
      }
    }
  }
}
