import { limits } from '@status-stack/status-client'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { assertReply, type ContentOptions, contentOf } from '../messages/content.ts'
import { type WaitOptions, watchDelivery } from '../messages/delivery.ts'
import type { Output } from '../output.ts'
import { withClient } from '../session.ts'
import { parseTarget, withLink } from '../target.ts'
import { sentView } from '../view.ts'

export interface SendOptions extends WaitOptions, ContentOptions {
  readonly to: string
  /** The same tag again sends nothing. */
  readonly clientTag?: string
}

/** Sends one message and waits as long as asked for. */
export async function send(
  options: SendOptions,
  globals: Globals,
  output: Output,
  [text]: readonly string[]
): Promise<void> {
  const chat = parseTarget(options.to)
  const { clientTag } = options
  assertTag(clientTag)
  const content = await contentOf(options, text)
  const settings = withLink(options.to, globals)
  await withClient({ network: 'online', chaos: options.chaos }, settings, output, async ({ client, signal, show }) => {
    if (chat.kind === 'public') await client.joinPublic(chat.name)
    await assertReply(client, chat, 'replyTo' in content ? content.replyTo : undefined)
    const delivery = watchDelivery(client)
    const sent = await client.send(chat, content, { signal, clientTag })
    show(sentView(sent, chat))
    // A public chat has no recipient who could acknowledge: the next peer's confirmation is all there is to wait for.
    const wanted = chat.kind === 'public' && options.wait === 'acknowledged' ? 'confirmed' : options.wait
    await delivery.wait(sent.messageId, wanted, globals.timeout, signal)
  })
}

function assertTag(tag: string | undefined): void {
  if (tag === undefined || (tag.length > 0 && tag.length <= limits.clientTagCharacters)) return
  throw new CliError('usage', 'client-tag', `a client tag has 1 to ${limits.clientTagCharacters} characters`)
}
