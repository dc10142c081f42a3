import { equalBytes } from '@status-stack/crypto'
import { createBoundedMap, createGatherer } from '@status-stack/utils'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { MessageId, PublicKey } from '../types.ts'
import type { WaitingRecord } from './records.ts'
import type { Keys } from './stores/keys.ts'
import type { Store, Unit } from './stores/store.ts'

/**
 * The bytes of messages on their way: stored once with the message, read by every layer below that needs them again, and deleted
 * once the last recipient needs them no longer. Those for one person are one record with that person's key; others have a record beside
 * them that names who still needs them. Decision 260.
 */
export interface OutgoingBodies {
  /** Stages the bytes; `peers` are those whose share each is given up by `release`. */
  readonly stage: (unit: Unit, messageId: MessageId, bytes: Uint8Array, peers: readonly PublicKey[]) => void
  /** The bytes are the caller's to read, not to change. */
  readonly get: (messageId: MessageId) => Promise<Uint8Array | undefined>
  /** A recipient needs them no more; the last one deletes them. Without `peer`: all of them. Idempotent. */
  readonly release: (messageId: MessageId, peer?: PublicKey) => Promise<void>
  /** Stages their deletion. */
  readonly drop: (unit: Unit, messageId: MessageId) => void
}

/** A recipient who needs the bytes of a message no more; nobody does without one. */
interface Release {
  readonly messageId: MessageId
  readonly peer: PublicKey | undefined
}

interface Parcel {
  readonly bytes: Uint8Array
  /** The one person it is for; nobody when the bytes lie in a record of their own. */
  readonly to: PublicKey | undefined
}

/** The length of the key, the key, the bytes. */
function encodeParcel(to: PublicKey, bytes: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(1 + to.length + bytes.length)
  encoded[0] = to.length
  encoded.set(to, 1)
  encoded.set(bytes, 1 + to.length)
  return encoded
}

function decodeParcel(encoded: Uint8Array): Parcel {
  const start = 1 + (encoded[0] ?? 0)
  return { to: encoded.subarray(1, start), bytes: encoded.subarray(start) }
}

export function createOutgoingBodies(store: Store, keys: Keys): OutgoingBodies {
  // BOUNDED: limits.bodiesKept, limits.bodiesKeptBytes. What was stored a moment ago, as it is on the disk; gone with the message.
  const fresh = createBoundedMap<MessageId, Parcel>({
    maxEntries: limits.bodiesKept,
    maxBytes: limits.bodiesKeptBytes,
    sizeOf: ({ bytes }) => bytes.length
  })

  const parcelOf = async (messageId: MessageId): Promise<Parcel | undefined> => {
    const encoded = await store.getBytes(keys.parcel(messageId))
    return encoded === undefined ? undefined : decodeParcel(encoded)
  }

  const drop = (unit: Unit, messageId: MessageId): void => {
    const known = fresh.get(messageId)
    if (known?.to === undefined) {
      unit.delete(keys.body(messageId))
      unit.delete(keys.waiting(messageId))
    }
    // Of one that an earlier run stored, both forms are possible.
    if (known === undefined || known.to !== undefined) unit.delete(keys.parcel(messageId))
    unit.after(() => void fresh.delete(messageId))
  }

  const stageRelease = async (unit: Unit, { messageId, peer }: Release): Promise<void> => {
    if (peer === undefined) return drop(unit, messageId)
    const { to } = fresh.get(messageId) ?? (await parcelOf(messageId)) ?? {}
    if (to !== undefined) {
      if (equalBytes(to, peer)) drop(unit, messageId)
      return
    }
    const { peers = [] } = (await unit.get<WaitingRecord>(keys.waiting(messageId))) ?? {}
    const left = peers.filter(other => publicKeyHex(other) !== publicKeyHex(peer))
    // What waits for no one is the outbox's, or is gone.
    if (left.length === peers.length) return
    if (left.length === 0) drop(unit, messageId)
    else unit.put(keys.waiting(messageId), { peers: left } satisfies WaitingRecord)
  }

  // One payload acknowledges many messages, and recipients of one message may be over at the same time: one batch for them all.
  const release = createGatherer<Release>(
    async released => {
      const unit = store.unit()
      for (const each of released) await stageRelease(unit, each)
      await unit.commit()
    },
    { most: limits.releasedAtOnce }
  )

  return {
    stage: (unit, messageId, bytes, peers) => {
      const [to, ...others] = peers
      const isParcel = to !== undefined && others.length === 0
      if (isParcel) unit.putBytes(keys.parcel(messageId), encodeParcel(to, bytes))
      else unit.putBytes(keys.body(messageId), bytes)
      if (others.length > 0) unit.put(keys.waiting(messageId), { peers } satisfies WaitingRecord)
      unit.after(() => void fresh.set(messageId, { bytes, to: isParcel ? to : undefined }))
    },
    get: async messageId => {
      const known = fresh.get(messageId) ?? (await parcelOf(messageId))
      return known?.bytes ?? store.getBytes(keys.body(messageId))
    },
    release: (messageId, peer) => release({ messageId, peer }),
    drop
  }
}
