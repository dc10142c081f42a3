import {
  aesGcmOpenWithNonce,
  aesGcmSealWithNonce,
  concatBytes,
  equalBytes,
  randomBytes,
  scrypt,
  utf8Bytes
} from '@status-stack/crypto'
import { standardScrypt } from '@status-stack/status-accounts'
import type { Core } from '../composition/core.ts'
import type { ComposeDeps } from '../composition/deps.ts'
import { ClientError, check } from '../errors.ts'
import { limits } from '../limits.ts'
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

/** What a file begins with says what its password costs. All have the same length. */
const formats = [
  // A backup is guessed at without anyone noticing, so guessing costs what it costs for a keystore: about a second and 256 MiB.
  { magic: utf8Bytes('status-stack backup 2\n'), cost: standardScrypt },
  // Written until the cost was raised; read for ever.
  { magic: utf8Bytes('status-stack backup 1\n'), cost: { n: 32_768, r: 8, p: 1 } }
] as const
const [current] = formats
const magicBytes = current.magic.length
const saltBytes = 32
const nonceBytes = 12
const tagBytes = 16

type Format = (typeof formats)[number]
/** A text is brought into Unicode's form NFKC first; bytes are taken as they are. */
type Password = string | Uint8Array

function checkPassword(password: Password): void {
  if (typeof password === 'string' && password !== '') return
  check.bytes('password', typeof password === 'string' ? utf8Bytes(password) : password, { min: 1 })
}

const bytesOf = (password: Password): Uint8Array =>
  typeof password === 'string' ? utf8Bytes(password.normalize('NFKC')) : password

/** The bytes that may have been meant: those given, and what they were when they were given as a text. */
function readings(password: Password): readonly Uint8Array[] {
  const bytes = bytesOf(password)
  if (typeof password === 'string') return [bytes]
  const text = new TextDecoder().decode(password)
  const normal = utf8Bytes(text.normalize('NFKC'))
  return equalBytes(utf8Bytes(text), bytes) && !equalBytes(normal, bytes) ? [bytes, normal] : [bytes]
}

/**
 * magic ‖ salt(32) ‖ nonce(12) ‖ AES-256-GCM of the backup under scrypt(password).
 * @throws ClientError `invalid-argument` without a password
 */
export async function exportAccount(core: Core, password: Password): Promise<Uint8Array> {
  checkPassword(password)
  const { ensName, picture, profileClock } = core.profile()
  const messages: Backup['messages'][number][] = []
  for await (const { value: record } of core.store.range<MessageRecord>(core.keys.all('message'))) {
    const notes: NoteRecord[] = []
    for await (const { value } of core.store.range<NoteRecord>(core.keys.notesOf(record.messageId))) notes.push(value)
    const attachment = await core.store.getBytes(core.keys.attachment(record.messageId))
    const ahead = core.deliveries.unwritten(record.messageId)
    const ledger = ahead ?? (await core.store.get<LedgerRecord>(core.keys.ledger(record.messageId)))
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
    chats: core.chatCache.chats(),
    contacts: core.chatCache.contacts(),
    messages
  }
  const salt = core.random.bytes(saltBytes)
  const nonce = core.random.bytes(nonceBytes)
  const key = await scrypt(bytesOf(password), salt, current.cost, 32)
  const sealed = aesGcmSealWithNonce(key, nonce, encodeRecord(backup))
  key.fill(0)
  return concatBytes(current.magic, salt, sealed)
}

/** Messages written in one batch. */
const importStep = 200

const invalid = (what: string): ClientError =>
  new ClientError('backup-invalid', `backup: ${what}`, { origin: 'caller' })

/** Before anything else of it is looked at. */
function checkBackup(bytes: Uint8Array): void {
  check.bytes('backup', bytes)
  if (bytes.length > limits.backupBytes) throw invalid(`more than ${limits.backupBytes} bytes`)
}

function formatOf(bytes: Uint8Array): Format {
  const found = formats.find(({ magic }) => equalBytes(bytes.subarray(0, magicBytes), magic))
  if (found === undefined || bytes.length < magicBytes + saltBytes + nonceBytes + tagBytes)
    throw invalid('unknown format')
  return found
}

async function openBackup(bytes: Uint8Array, password: Password): Promise<Backup> {
  const { cost } = formatOf(bytes)
  const salted = magicBytes + saltBytes
  for (const reading of readings(password)) {
    const key = await scrypt(reading, bytes.slice(magicBytes, salted), cost, 32)
    try {
      return decodeRecord<Backup>(aesGcmOpenWithNonce(key, bytes.subarray(salted)))
    } catch {
      // Another reading, or none.
    } finally {
      key.fill(0)
    }
  }
  throw invalid('wrong password, or damaged')
}

/**
 * Fills a new store from a backup of the same identity. The device gets a new installation id and no sessions: a ratchet that is
 * restored would use its key stream twice. Open the account with `createClient` afterwards.
 * @throws ClientError `invalid-argument`; `backup-invalid`; `wrong-storage-key` and `store-corrupt` when the store is not new
 *
 * @example
 * ```ts
 * await importAccount({ identity, database: new MemoryLevel(), storageKey }, backup, password)
 * const client = await createClient({ identity, database, storageKey })
 * ```
 */
export async function importAccount(
  deps: Pick<ComposeDeps, 'identity' | 'database' | 'storageKey' | 'random' | 'clock'>,
  bytes: Uint8Array,
  password: Password
): Promise<void> {
  checkBackup(bytes)
  checkPassword(password)
  const backup = await openBackup(bytes, password)
  if (!equalBytes(backup.owner, deps.identity.publicKey)) throw invalid('of another identity')
  const random = deps.random ?? { bytes: randomBytes }
  const { store, keys, chatCache, self } = await openStores(
    deps,
    random,
    (deps.clock ?? { nowMs: () => Date.now() }).nowMs()
  )
  if (chatCache.chats().length > 0 || chatCache.contacts().length > 0) throw invalid('the store is in use already')
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
  for (const chat of backup.chats) chatCache.putChat(unit, chat)
  for (const contact of backup.contacts) chatCache.putContact(unit, contact)
  unit.put(keys.self, { ...self, ...backup.profile } satisfies SelfRecord)
  await unit.commit()
}
