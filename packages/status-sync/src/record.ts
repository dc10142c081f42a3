import { protobuf } from '@status-stack/protobuf'
import { copyBytes } from './bytes.ts'
import { SyncError } from './errors.ts'
import * as stored from './gen/wire.js'
import { bigintOf, longOf, tryDecode } from './protobuf.ts'
import type { RecordKind, SyncRecord } from './state.ts'

const version = 1
const kinds: readonly RecordKind[] = ['offer', 'request', 'message']

/** What is remembered of a peer beside its records. */
export interface PeerMemory {
  readonly peer: Uint8Array
  /** Slot of the duplicate memory that is written next. */
  readonly nextSlot: number
  /** Slots that hold an id. */
  readonly usedSlots: number
  readonly heardMs: number
}

/** Store value of a record. */
export function encodeRecord(record: SyncRecord): Uint8Array {
  return copyBytes(
    stored.Record.encode({
      ...record,
      version,
      kind: kinds.indexOf(record.kind),
      timestamp: longOf(record.timestamp)
    }).finish()
  )
}

/** @throws SyncError `malformed-record` */
export function decodeRecord(bytes: Uint8Array): SyncRecord {
  const raw = tryDecode(() => stored.Record.decode(protobuf.Reader.create(bytes)))
  const kind = kinds[raw?.kind ?? -1]
  if (raw === undefined || raw.version !== version || kind === undefined) throw malformed('record', bytes)
  const { tracking, size, createdMs, count, restarts, attempts, lastAttemptMs, dueMs, held } = raw
  return {
    peer: sized('record', raw.peer, 65),
    id: sized('record', raw.id, 32),
    kind,
    tracking,
    timestamp: bigintOf(raw.timestamp),
    size,
    createdMs,
    count,
    restarts,
    attempts,
    lastAttemptMs,
    dueMs,
    held
  }
}

/** Store value of what is remembered of a peer. */
export function encodePeer(peer: PeerMemory): Uint8Array {
  return copyBytes(stored.Peer.encode({ ...peer, version }).finish())
}

/** @throws SyncError `malformed-record` */
export function decodePeer(bytes: Uint8Array): PeerMemory {
  const raw = tryDecode(() => stored.Peer.decode(protobuf.Reader.create(bytes)))
  if (raw === undefined || raw.version !== version) throw malformed('peer', bytes)
  const { nextSlot, usedSlots, heardMs } = raw
  return {
    peer: sized('peer', raw.peer, 65),
    nextSlot,
    usedSlots,
    heardMs
  }
}

function sized(name: string, bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw malformed(name, bytes)
  return copyBytes(bytes)
}

function malformed(name: string, bytes: Uint8Array): SyncError {
  return new SyncError('malformed-record', `${name}: expected a stored ${name} of version ${version}`, {
    origin: 'environment',
    details: { bytes: bytes.length }
  })
}
