import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChatRef, Message } from '@status-stack/status-client'
import type { SharedClient } from '../daemon/remote.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { assertMailserver, assertRange, type FetchRange } from '../mail/fetch.ts'
import { parseMessageId } from '../messages/content.ts'
import type { Output } from '../output.ts'
import { daemonRuns, withClient } from '../session.ts'
import { parseTarget, withLink } from '../target.ts'
import { chatJson, chatName, chatView, messageView } from '../view.ts'

/** `chats`: what conversations there are. */
export async function listChats(_: object, globals: Globals, output: Output): Promise<void> {
  await withClient({ network: 'offline' }, globals, output, async ({ client, show }) => {
    const chats = await client.chats()
    for (const chat of chats) show(chatView(chat))
    if (chats.length === 0)
      output.hint('· none yet: status-stack send --to zQ3sh…, or status-stack chats join "#status"')
  })
}

function publicName(text: string): string {
  const chat = parseTarget(text.startsWith('#') ? text : `#${text}`)
  return chat.kind === 'public' ? chat.name : ''
}

export async function joinChat(
  _: object,
  globals: Globals,
  output: Output,
  [name = '']: readonly string[]
): Promise<void> {
  const channel = publicName(name)
  await withClient({ network: 'offline' }, globals, output, async ({ client }) => {
    await client.joinPublic(channel)
    output.data({ event: 'joined', name: channel }, `joined #${channel}`)
  })
}

export async function leaveChat(
  _: object,
  globals: Globals,
  output: Output,
  [name = '']: readonly string[]
): Promise<void> {
  const channel = publicName(name)
  await withClient({ network: 'offline' }, globals, output, async ({ client }) => {
    await client.leavePublic(channel)
    output.data({ event: 'left', name: channel }, `left #${channel}`)
  })
}

export async function clearChat(
  _: object,
  globals: Globals,
  output: Output,
  [who = '']: readonly string[]
): Promise<void> {
  const chat = parseTarget(who)
  await withClient({ network: 'offline' }, globals, output, async ({ client }) => {
    await client.clearChat(chat)
    output.data({ event: 'cleared', chat: chatJson(chat) }, `cleared ${chatName(chat)}`)
  })
}

export async function acceptChat(
  _: object,
  globals: Globals,
  output: Output,
  [who = '']: readonly string[]
): Promise<void> {
  const chat = parseTarget(who)
  await withClient({ network: 'offline' }, globals, output, async ({ client }) => {
    await client.acceptRequest(chat)
    output.data({ event: 'accepted', chat: chatJson(chat) }, `accepted ${chatName(chat)}`)
  })
}

export interface HistoryOptions extends FetchRange {
  /** Asks a mailserver first. */
  readonly fetch?: boolean
  readonly limit: number
  readonly before?: string
  readonly search?: string
  /** Says each message's id. */
  readonly ids?: boolean
  /** Folder for the images of what is shown. */
  readonly saveImages?: string
}

const page = 200

/** `history`: stored messages of one conversation, oldest first; with `--fetch` those of a mailserver too. */
export async function history(
  options: HistoryOptions,
  globals: Globals,
  output: Output,
  [who = '']: readonly string[]
): Promise<void> {
  const chat: ChatRef = parseTarget(who)
  const fetching = options.fetch === true
  const settings = fetching ? withLink(who, globals) : globals
  if (fetching) {
    if (!(await daemonRuns(globals))) assertMailserver(settings)
  } else if (options.since !== undefined || options.until !== undefined)
    throw new CliError('usage', 'no-fetch', '--since and --until say what to --fetch')
  assertRange(options)
  await withClient(
    { network: fetching ? 'anyway' : 'offline', autoHistory: false },
    settings,
    output,
    async session => {
      const { client, show } = session
      if (fetching) {
        const { fetchFor } = await import('./fetch.ts')
        await fetchFor(session, options, [chat], globals.timeout * 1000, output)
      }
      const found = await (options.search === undefined
        ? newest(client, chat, options)
        : matching(client, chat, options))
      for (const message of found.reverse()) {
        const { event, text } = messageView(message)
        show({ event, text: options.ids === true ? `${message.messageId} ${text}` : text })
        if (options.saveImages !== undefined && message.content.kind === 'image')
          await saveImage(message, options.saveImages, output)
      }
    }
  )
}

/** An image that is there already was saved before: its name says which message it is from. */
async function saveImage(message: Message, folder: string, output: Output): Promise<void> {
  const { attachmentName, saveAttachment } = await import('../messages/attachment.ts')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, attachmentName(message))
  if (existsSync(file)) {
    output.note({ event: 'kept', file }, `  ${file} is there already`)
    return
  }
  await saveAttachment(message, file)
  output.note({ event: 'saved', messageId: message.messageId, file }, `  saved ${file}`)
}

async function newest(
  client: SharedClient,
  chat: ChatRef,
  { limit: most, before }: HistoryOptions
): Promise<Message[]> {
  const found: Message[] = []
  while (found.length < most) {
    const limit = Math.min(page, most - found.length)
    const messages = await client.messages(chat, { limit, before: found.at(-1)?.messageId ?? before })
    found.push(...messages)
    if (messages.length < limit) break
  }
  return found
}

async function matching(
  client: SharedClient,
  chat: ChatRef,
  { limit, before, search = '' }: HistoryOptions
): Promise<Message[]> {
  const found: Message[] = []
  for await (const { messages } of client.search(chat, search, { before })) {
    found.push(...messages)
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

/** `ledger`: what became of one message. */
export async function ledger(
  _: object,
  globals: Globals,
  output: Output,
  [messageId = '']: readonly string[]
): Promise<void> {
  await withClient({ network: 'offline' }, globals, output, async ({ client, show }) => {
    const entry = await client.ledger(parseMessageId(messageId))
    if (entry === undefined)
      throw new CliError('failed', 'unknown-message', `there is no ledger entry for ${messageId}`)
    const { ledgerView } = await import('../view.ts')
    show(ledgerView(entry, client.publicKey))
  })
}
