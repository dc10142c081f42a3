import { aesGcmOpen, aesGcmSeal, concatBytes, equalBytes, randomBytes, scrypt, utf8Bytes } from '@status-stack/crypto'
import type { ClientDeps } from './client-types.ts'
import type { Core } from './core.ts'
import { ClientError } from './errors.ts'
import { limits } from './limits.ts'
import { openStores } from './open.ts'
import type {
  ChatRecord,
  CommandRecord,
  ContactRecord,
  LedgerRecord,
  MessageRecord,
  NoteRecord,
  SelfRecord
} from './records.ts'
import { decodeRecord, encodeRecord } from './stores/record.ts'

/** Decision 23: everything a person could lose; no sessions, no prekeys, no installation id, nothing that is under way. */
interface Backup {
  readonly version: 1
  readonly owner: Uint8Array
  readonly profile: Pick<SelfRecord, 'ensName' | 'picture' | 'profileClock'>
  readonly chats: readonly ChatRecord[]
  readonly contacts: readonly ContactRecord[]
  readonly messages: readonly {
    readonly record: MessageRecord
    readonly attachment?: Uint8Array
    readonly notes: readonly NoteRecord[]
    readonly ledger?: LedgerRecord
  }[]
}

const magic = utf8Bytes('status-stack backup 1\n')
/** About 100 ms and 32 MiB: a backup is guessed at off line. */
const cost = { n: 32_768, r: 8, p: 1 }

async function keyOf(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return scrypt(utf8Bytes(password.normalize('NFKC')), salt, cost, 32)
}

/** magic ‖ salt(32) ‖ nonce(12) ‖ AES-256-GCM of the backup under scrypt(password). */
export async function exportAccount(core: Core, password: string): Promise<Uint8Array> {
  const { ensName, picture, profileClock } = core.profile()
  const messages: Backup['messages'][number][] = []
  for await (const { value: record } of core.store.range<MessageRecord>(core.keys.all('message'))) {
    const notes: NoteRecord[] = []
    for await (const { value } of core.store.range<NoteRecord>(core.keys.notesOf(record.messageId))) notes.push(value)
    const attachment = await core.store.getBytes(core.keys.attachment(record.messageId))
    const ledger = await core.store.get<LedgerRecord>(core.keys.ledger(record.messageId))
    messages.push({
      record,
      notes,
      ...(attachment === undefined ? {} : { attachment }),
      ...(ledger === undefined ? {} : { ledger })
    })
  }
  const backup: Backup = {
    version: 1,
    owner: core.self,
    profile: { ensName, picture, profileClock },
    chats: core.book.chats(),
    contacts: core.book.contacts(),
    messages
  }
  const salt = core.random.bytes(32)
  const nonce = core.random.bytes(12)
  return concatBytes(magic, salt, nonce, aesGcmSeal(await keyOf(password, salt), nonce, encodeRecord(backup)))
}

/** Messages written in one batch. */
const importStep = 200

const invalid = (what: string): ClientError =>
  new ClientError('backup-invalid', `backup: ${what}`, { origin: 'caller' })

async function openBackup(bytes: Uint8Array, password: string): Promise<Backup> {
  const head = magic.length
  if (bytes.length > limits.backupBytes) throw invalid(`more than ${limits.backupBytes} bytes`)
  if (bytes.length < head + 60 || !equalBytes(bytes.subarray(0, head), magic)) throw invalid('not one of ours')
  const key = await keyOf(password, bytes.slice(head, head + 32))
  try {
    return decodeRecord<Backup>(aesGcmOpen(key, bytes.slice(head + 32, head + 44), bytes.slice(head + 44)))
  } catch {
    throw invalid('wrong password, or changed bytes')
  }
}

/**
 * Fills a new store from a backup of the same identity. The device gets a new installation id and no sessions: a ratchet that is
 * restored would use its key stream twice. Open the account with `createClient` afterwards.
 * @throws ClientError `backup-invalid`; `store-corrupt` when the store is not new
 */
export async function importAccount(
  deps: Pick<ClientDeps, 'identity' | 'database' | 'storageKey' | 'random' | 'clock'>,
  bytes: Uint8Array,
  password: string
): Promise<void> {
  const backup = await openBackup(bytes, password)
  if (!equalBytes(backup.owner, deps.identity.publicKey)) throw invalid('of another identity')
  const random = deps.random ?? { bytes: randomBytes }
  const { store, keys, book, self } = await openStores(
    deps,
    random,
    (deps.clock ?? { nowMs: () => Date.now() }).nowMs()
  )
  if (book.chats().length > 0 || book.contacts().length > 0) throw invalid('the store is in use already')
  let unit = store.unit()
  for (const [index, { record, attachment, notes, ledger }] of backup.messages.entries()) {
    const key = keys.message(record.chat, record.clock, record.messageId)
    unit.put(key, record)
    unit.put(keys.index(record.messageId), { key })
    if (attachment !== undefined) unit.putBytes(keys.attachment(record.messageId), attachment)
    for (const note of notes) unit.put(keys.note(record.messageId, note), note)
    if (ledger !== undefined) unit.put(keys.ledger(record.messageId), ledger)
    if (notes.some(note => note.kind === 'pin' && note.retracted !== true)) {
      unit.put(keys.pin(record.chat, record.messageId), { messageId: record.messageId })
    }
    if (record.content.kind === 'command') {
      const first = record.content.command.id
      unit.put(keys.command(record.messageId), { first } satisfies CommandRecord)
      unit.put(keys.command(first), { first, line: record.messageId } satisfies CommandRecord)
    }
    // Large attachments do not gather in memory.
    if ((index + 1) % importStep !== 0 && attachment === undefined) continue
    await unit.commit()
    unit = store.unit()
  }
  for (const chat of backup.chats) book.putChat(unit, chat)
  for (const contact of backup.contacts) book.putContact(unit, contact)
  unit.put(keys.self, { ...self, ...backup.profile } satisfies SelfRecord)
  await unit.commit()
}
