import { existsSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Account } from '@status-stack/account-rpc'
import type { ExportFormat } from '@status-stack/account-rpc/conversation'
import { type StoredRange, storedMessages, writers } from '@status-stack/account-rpc/conversation'
import type { ChatJson, MessageFact } from '@status-stack/account-rpc/methods'
import { attachmentName } from '@status-stack/account-rpc/methods'
import { chatName } from '@status-stack/account-rpc/targets'
import { hexToBytes } from '@status-stack/crypto'
import { makeFolder } from '@status-stack/profiles/files'
import { encodeKeyText } from '@status-stack/status-accounts'
import { isDiskFull } from '@status-stack/utils'
import { CliError, diskFull } from './errors.ts'
import { saveAttachment } from './messages/attachment.ts'

/** Where an export goes, and what of the conversation. */
export interface ExportOptions extends StoredRange {
  readonly format: ExportFormat
  /** A file that is not there yet; stdout without. Pictures and sounds lie in a folder beside it. */
  readonly out?: string | undefined
}

/**
 * Writes a stored conversation, oldest first. What is in memory is one page of it and one picture.
 * @throws CliError `not-written`, `disk-full`, `interrupted`
 */
export async function exportHistory(
  account: Pick<Account, 'history' | 'attachment'>,
  chat: ChatJson,
  { format, out, ...range }: ExportOptions,
  signal: AbortSignal
): Promise<{ readonly messages: number; readonly files: number }> {
  const { begin, item, end } = writers[format]
  const sink = out === undefined ? stdoutSink() : await fileSink(out)
  const folder = out === undefined ? undefined : `${out}-files`
  let [messages, files] = [0, 0]
  try {
    await sink.write(begin({ title: titleOf(chat) }))
    for await (const message of storedMessages(account, chat, range)) {
      if (signal.aborted) throw new CliError('interrupted', 'interrupted', 'interrupted')
      const file = folder === undefined ? undefined : await saveFile(account, message, folder)
      if (file !== undefined) files++
      messages++
      await sink.write(item({ message, file }))
    }
    await sink.write(end)
    await sink.close()
  } catch (error) {
    await sink.abandon()
    throw isDiskFull(error) && out !== undefined ? diskFull(out) : error
  }
  return { messages, files }
}

function titleOf(chat: ChatJson): string {
  return chat.kind === 'one-to-one'
    ? encodeKeyText(hexToBytes(chat.publicKey))
    : chat.kind === 'group'
      ? chat.id
      : chatName(chat)
}

/** The picture or sound of a message, under a name of its id; one that is there already is of an earlier export. */
async function saveFile(
  account: Pick<Account, 'attachment'>,
  { messageId, attachment, deleted }: MessageFact,
  folder: string
): Promise<string | undefined> {
  if (attachment === undefined || deleted) return undefined
  await makeFolder(folder)
  const name = attachmentName({ messageId, type: attachment.type })
  const path = join(folder, name)
  if (!existsSync(path)) await saveAttachment(await account.attachment({ messageId }), path)
  return `${basename(folder)}/${name}`
}

interface Sink {
  readonly write: (text: string) => Promise<void>
  readonly close: () => Promise<void>
  /** What was begun is no export. */
  readonly abandon: () => Promise<void>
}

function stdoutSink(): Sink {
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => process.stdout.write(text, error => (error ? reject(error) : resolve())))
  return { write, close: async () => {}, abandon: async () => {} }
}

/** Readable by its owner only, and never over another file. @throws CliError `not-written` */
async function fileSink(path: string): Promise<Sink> {
  let file: FileHandle
  try {
    file = await open(path, 'wx', 0o600)
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    throw new CliError('failed', 'not-written', `${path} ${exists ? 'exists already' : 'cannot be written'}`)
  }
  return {
    // Unlike `write`, this goes on where the system took only a part.
    write: text => file.writeFile(text),
    close: async () => {
      await file.sync()
      await file.close()
    },
    abandon: async () => {
      await file.close().catch(() => undefined)
      await rm(path, { force: true })
    }
  }
}
