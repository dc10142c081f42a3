import type { SendResult } from '@status-stack/status-client'
import type { SharedClient } from '../daemon/remote.ts'
import { parseEmoji } from '../emoji.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { attachmentOf, saveAttachment } from '../messages/attachment.ts'
import { parseMessageId, storedMessage } from '../messages/content.ts'
import { type WaitOptions, watchDelivery } from '../messages/delivery.ts'
import { confirm, readText } from '../messages/input.ts'
import type { Output } from '../output.ts'
import { withClient } from '../session.ts'
import { parseKey, parseTarget } from '../target.ts'
import { changedView, chatJson, chatName, shortKey } from '../view.ts'

type Args = readonly string[]

/** Changes one message for all recipients, and follows what is sent for it as `send` does. */
async function change(
  kind: 'reacted' | 'edited' | 'deleted',
  messageId: string,
  options: WaitOptions,
  globals: Globals,
  output: Output,
  about: Readonly<Record<string, string | boolean>>,
  work: (client: SharedClient) => Promise<SendResult>
): Promise<void> {
  await withClient({ network: 'online', chaos: options.chaos }, globals, output, async ({ client, signal, show }) => {
    const { chat } = await storedMessage(client, messageId)
    const delivery = watchDelivery(client)
    const sent = await work(client)
    show(changedView(kind, messageId, chat, sent, about))
    // Reactions and public messages are not acknowledged: confirmed by a peer is the most there is.
    const bestEffort = kind === 'reacted' || chat.kind === 'public'
    const wanted = bestEffort && options.wait === 'acknowledged' ? 'confirmed' : options.wait
    await delivery.wait(sent.messageId, wanted, globals.timeout, signal)
  })
}

export interface ReactOptions extends WaitOptions {
  readonly off?: boolean
}

/** `react`: gives a message one of the six reactions, or takes it back. */
export async function react(
  options: ReactOptions,
  globals: Globals,
  output: Output,
  [message = '', name = '']: Args
): Promise<void> {
  const messageId = parseMessageId(message)
  const emoji = parseEmoji(name)
  const on = options.off !== true
  await change('reacted', messageId, options, globals, output, { emoji, on }, client =>
    client.react(messageId, emoji, on)
  )
}

/** `edit`: another text for a message of ours. */
export async function edit(
  options: WaitOptions,
  globals: Globals,
  output: Output,
  [message = '', text]: Args
): Promise<void> {
  const messageId = parseMessageId(message)
  const body = await readText(text)
  await change('edited', messageId, options, globals, output, {}, client => client.edit(messageId, body))
}

export interface DeleteOptions extends WaitOptions {
  readonly yes?: boolean
}

/** `delete`: deletes a message of ours for all recipients. */
export async function deleteMessage(
  options: DeleteOptions,
  globals: Globals,
  output: Output,
  [message = '']: Args
): Promise<void> {
  const messageId = parseMessageId(message)
  await confirm(`Delete message ${messageId.slice(0, 10)}… for all recipients?`, options.yes)
  await change('deleted', messageId, options, globals, output, {}, client => client.deleteMessage(messageId))
}

/** `seen`: marks a conversation as read. */
export async function seen(_: object, globals: Globals, output: Output, [who = '']: Args): Promise<void> {
  const chat = parseTarget(who)
  await withClient({ network: 'offline' }, globals, output, async ({ client }) => {
    const messages = await client.markSeen(chat)
    output.data({ event: 'seen', chat: chatJson(chat), messages }, `${messages} marked as read in ${chatName(chat)}`)
  })
}

export interface RetryOptions {
  readonly chaos?: string
}

/** `retry`: tries now what waits for an answer, of one person or of all. */
export async function retry(options: RetryOptions, globals: Globals, output: Output, [who]: Args): Promise<void> {
  const recipient = who === undefined ? undefined : parseKey(who)
  await withClient({ network: 'online', chaos: options.chaos }, globals, output, async ({ client }) => {
    await client.retry(recipient)
    await client.idle()
    const to = recipient === undefined ? 'all recipients' : shortKey(recipient)
    output.data({ event: 'retried', ...(who === undefined ? {} : { recipient: who }) }, `tried again for ${to}`)
  })
}

export interface AttachmentOptions {
  /** A file or folder, or `-` for stdout. */
  readonly out: string
}

/** `attachment`: writes the image or sound of a message to a file. */
export async function attachment(
  { out }: AttachmentOptions,
  globals: Globals,
  output: Output,
  [message = '']: Args
): Promise<void> {
  const messageId = parseMessageId(message)
  if (out === '-' && output.json) throw new CliError('usage', 'stdout', '--json and the file cannot both go to stdout')
  await withClient({ network: 'offline' }, globals, output, async ({ client }) => {
    const stored = await storedMessage(client, messageId)
    const { kind, type, bytes } = attachmentOf(stored)
    if (out === '-') {
      await new Promise<void>((resolve, reject) =>
        process.stdout.write(bytes, error => (error ? reject(error) : resolve()))
      )
      return
    }
    const file = await saveAttachment(stored, out)
    output.data({ event: 'saved', messageId, file, kind, type, bytes: bytes.length }, file)
  })
}
