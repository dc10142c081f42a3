import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Account, FetchRange } from '@status-stack/account-rpc'
import type { ExportFormat } from '@status-stack/account-rpc/conversation'
import type { ChatJson, MessageFact } from '@status-stack/account-rpc/methods'
import { attachmentName } from '@status-stack/account-rpc/methods'
import { count, modules } from '@status-stack/command-line'
import { makeFolder } from '@status-stack/profiles/files'
import { counted } from '@status-stack/utils'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { flag, mailserverOption, peerOption, privacyOption, sinceOption, timeoutOption, untilOption } from '../flags.ts'
import { saveAttachment } from '../messages/attachment.ts'
import type { Output } from '../output.ts'
import type { Session } from '../session.ts'

interface HistoryOptions extends FetchRange {
  /** Asks a mailserver first. */
  readonly fetch?: boolean
  readonly limit: number
  readonly before?: string
  readonly search?: string
  /** Says each message's id. */
  readonly ids?: boolean
  /** Folder for the images of what is shown. */
  readonly saveImages?: string
  readonly export?: ExportFormat
  /** Of `--export`. */
  readonly out?: string
}

/** Stored messages of one conversation, oldest first; with `--fetch` those of a mailserver too. */
export const history = defineCommand({
  name: 'history',
  summary: 'show stored messages of a conversation, oldest first; needs the network only for --fetch',
  positions: [
    [
      '[who]',
      'a name, a public key, a contact link, #name of a public chat, or the id of a group; leave it out to search all',
      'chats'
    ]
  ],
  flags: [
    flag('--limit <number>', 'at most this many', { parse: count, fallback: 50 }),
    flag('--before <message>', 'only messages older than this message id'),
    flag('--search <text>', 'only messages that contain this text'),
    flag('--ids', 'with the id of each message, for react, edit, delete and reply-to'),
    flag('--save-images <folder>', 'write the images of what is shown there, named by message id'),
    flag('--fetch', 'ask a mailserver first for what is not here'),
    sinceOption('only what was written from then on: 24h, 7d or 2026-11-20; with --fetch also what to ask for'),
    untilOption(),
    flag('--export <format>', 'write all of it, oldest first, or what --since and --until say', {
      choices: ['md', 'html', 'jsonl']
    }),
    flag('--out <file>', 'where --export writes to, with pictures and sounds in a folder beside it (default: stdout)'),
    mailserverOption(),
    peerOption(),
    privacyOption(),
    timeoutOption('longest wait for a mailserver (default: 30)')
  ],
  examples: [
    ['the last ten', 'history zQ3sh… --limit 10'],
    ['with a contact', 'history Bob'],
    ['find something', 'history "#status" --search meeting'],
    ['in all conversations', 'history --search meeting'],
    ['with the ids that other commands take', 'history zQ3sh… --ids'],
    ['the page before a message', 'history zQ3sh… --before 0x3e91…'],
    ['for a program', 'history "#status" --json'],
    ['a page to keep, with its pictures', 'history zQ3sh… --export html --out conversation.html'],
    ['of the last week', 'history "#status" --since 7d'],
    ['what came meanwhile too', 'history zQ3sh… --fetch --mailserver enode://…']
  ],
  load: () => modules(import('../messenger.ts'), import('../mail/fetch.ts'), import('../messages/search.ts')),
  run: async ({ options: given, globals, output, args: [named] }: Context<HistoryOptions>, kit) => {
    const { out, ...others } = given
    const options: HistoryOptions = out === '-' ? others : given
    const { search } = options
    const everywhere = named === undefined && search !== undefined
    if (everywhere && (options.fetch === true || options.before !== undefined))
      throw new CliError('usage', 'who-missing', '--fetch and --before are about one conversation', 'say which')
    if (named === undefined && !everywhere)
      throw new CliError(
        'usage',
        'who-missing',
        'which conversation?',
        'history zQ3sh…, or history --search TEXT for all'
      )
    const who = named ?? ''
    if (!everywhere) kit.assertTarget(who)
    const fetching = options.fetch === true
    const settings = fetching ? kit.withLink(who, globals) : globals
    if (fetching && !(await kit.daemonRuns(globals))) kit.assertMailserver(settings)
    kit.assertRange(options)
    assertTogether(options, output)
    const network = { network: fetching ? 'background' : 'offline', autoHistory: false } as const
    await kit.withAccount(network, settings, output, async session => {
      const { account, names, show } = session
      const chat = everywhere ? undefined : await kit.findChat(names, who)
      if (chat !== undefined && fetching) await kit.fetchInto(session, options, [chat], globals.timeout * 1000, output)
      if (chat !== undefined && options.export !== undefined)
        return exportTo(session, chat, options, options.export, output)
      const searching = { ...options, search: search ?? '' }
      const found =
        chat !== undefined && search === undefined
          ? await newest(account, chat, options)
          : await kit.searched(account, chat, searching, session.signal, output)
      if (found.length === 0) output.hint('· nothing is stored that fits')
      for (const message of found.reverse()) {
        const { event, text } = kit.messageView(message, names)
        const whose = everywhere && message.chat.kind === 'one-to-one' ? `${kit.chatTitle(message.chat, names)} · ` : ''
        show({ event, text: `${options.ids === true ? `${message.messageId} ` : ''}${whose}${text}` })
        if (options.saveImages !== undefined && message.kind === 'image')
          await saveImage(account, message, options.saveImages, output)
      }
    })
  }
})

/** @throws CliError `export` for flags that do not go together */
function assertTogether(
  { export: format, out, before, search, saveImages, ids }: HistoryOptions,
  output: Output
): void {
  if (format === undefined) {
    if (out === undefined) return
    throw new CliError('usage', 'export', '--out is where --export writes to', 'say --export md, html or jsonl as well')
  }
  const other = Object.entries({ before, search, ids, 'save-images': saveImages }).find(
    ([, value]) => value !== undefined
  )
  if (other !== undefined) throw new CliError('usage', 'export', `--${other[0]} is for reading, not for --export`)
  if (output.json && out === undefined)
    throw new CliError('usage', 'stdout', '--json and the export cannot both go to stdout', 'give --out FILE')
}

/** Writes the conversation out, and says where. */
async function exportTo(
  { account, signal }: Session,
  chat: ChatJson,
  { since, until, out }: HistoryOptions,
  format: ExportFormat,
  output: Output
): Promise<void> {
  const { exportHistory } = await import('../history-export.ts')
  const { messages, files } = await exportHistory(account, chat, { format, out, since, until }, signal)
  const what = `${counted(messages, 'message')}${files === 0 ? '' : ` and ${counted(files, 'file')}`}`
  if (out === undefined) return output.hint(`· ${what}`)
  output.data({ event: 'history-exported', file: out, as: format, messages, files }, `${what} in ${out}`)
}

/** An image that is there already was saved before: its name says which message it is from. */
async function saveImage(account: Account, message: MessageFact, folder: string, output: Output): Promise<void> {
  const { messageId } = message
  await makeFolder(folder)
  const file = join(folder, attachmentName({ messageId, type: message.attachment?.type ?? '' }))
  if (existsSync(file)) {
    output.note({ event: 'kept', file }, `  ${file} is there already`)
    return
  }
  await saveAttachment(await account.attachment({ messageId }), file)
  output.note({ event: 'saved', messageId, file }, `  saved ${file}`)
}

/** Messages that are asked for at a time. */
const page = 200

/** The newest messages of a range. */
async function newest(
  account: Account,
  chat: ChatJson,
  { limit: most, before, since, until }: HistoryOptions
): Promise<MessageFact[]> {
  const found: MessageFact[] = []
  const inRange = ({ timestampMs }: MessageFact): boolean =>
    (since === undefined || timestampMs >= since * 1000) && (until === undefined || timestampMs < until * 1000)
  for (let from = before; ; ) {
    const ranged = since !== undefined || until !== undefined
    const limit = ranged ? page : Math.min(page, most - found.length)
    const query = { chat, limit, before: from }
    const messages = await account.history(query)
    found.push(...messages.filter(inRange).slice(0, most - found.length))
    const last = messages.at(-1)
    // A clock is never behind the time that its author gave it: what is older yet is outside.
    const isPast = since !== undefined && last !== undefined && last.clock < since * 1000
    if (messages.length < limit || found.length >= most || isPast) return found
    from = last?.messageId
  }
}
