import { createBoundedMap, createGatherer } from '@status-stack/utils'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { MessageId, PublicKey } from '../types.ts'
import type { WaitingRecord } from './records.ts'
import type { Keys } from './stores/keys.ts'
import type { Store, Unit } from './stores/store.ts'

/**
 * The bytes of messages on their way: stored once with the message, read by every layer below that needs them again, and deleted
 * once the last recipient needs them no longer.
 */
export interface OutgoingBodies {
  /** Stages the bytes; `peers` are those whose share each is given up by `release`. */
  readonly stage: (unit: Unit, messageId: MessageId, bytes: Uint8Array, peers: readonly PublicKey[]) => void
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

export function createOutgoingBodies(store: Store, keys: Keys): OutgoingBodies {
  // BOUNDED: limits.bodiesKept, limits.bodiesKeptBytes; gone with the message
  const fresh = createBoundedMap<MessageId, Uint8Array>({
    maxEntries: limits.bodiesKept,
    maxBytes: limits.bodiesKeptBytes,
    sizeOf: bytes => bytes.length
  })

  const drop = (unit: Unit, messageId: MessageId): void => {
    unit.delete(keys.body(messageId))
    unit.delete(keys.waiting(messageId))
    unit.after(() => void fresh.delete(messageId))
  }

  const stageRelease = async (unit: Unit, { messageId, peer }: Release): Promise<void> => {
    if (peer === undefined) return drop(unit, messageId)
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
      unit.putBytes(keys.body(messageId), bytes)
      if (peers.length > 0) unit.put(keys.waiting(messageId), { peers } satisfies WaitingRecord)
      unit.after(() => void fresh.set(messageId, bytes))
    },
    get: async messageId => fresh.get(messageId) ?? store.getBytes(keys.body(messageId)),
    release: (messageId, peer) => release({ messageId, peer }),
    drop
  }
}
