import type { SyncLayer } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import { codeOf } from '../errors.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { MessageId, PublicKey } from '../types.ts'
import type { OutboxEntries } from './outbox-entries.ts'
import type { EntryOutcome } from './outbox-queue.ts'

export interface HandOverPorts {
  readonly enqueue: SyncLayer['enqueue']
  readonly isHeld: (messageId: MessageId) => boolean
  /** Nothing more is to be handed over. */
  readonly ending: AbortSignal
}

/** Hands some messages of the outbox to sync at once, in their order: what sync and we ourselves write about them shares a batch. */
export function createSyncHandOver(
  core: Pick<Core, 'deliveries' | 'bodies'>,
  entries: Pick<OutboxEntries, 'bytesOf' | 'drop'>,
  { enqueue: enqueueOne, isHeld, ending }: HandOverPorts
): (records: readonly OutboxRecord[]) => Promise<readonly EntryOutcome[]> {
  /** Hands a message to sync, for each of its people. */
  const enqueue = async ({ messageId }: OutboxRecord, peers: readonly PublicKey[], body: Uint8Array) => {
    for (const peer of peers) {
      if (ending.aborted) return 'stop'
      try {
        await enqueueOne({ peer, body, tracking: messageId })
      } catch (error) {
        const code = codeOf(error)
        // Too much is waiting for them already: stays here and is tried at the next pump.
        if (code === 'too-many-pending') return 'waiting'
        if (code !== 'body-too-large') throw error
        await core.deliveries.note(messageId, { recipient: peer, state: 'given-up', reason: 'too-large' })
        await core.bodies.release(messageId, peer)
      }
    }
    return 'handled'
  }

  return async records => {
    if (ending.aborted) return ['stop']
    const ready = records.map(({ messageId }) => !isHeld(messageId))
    const bodies = await Promise.all(
      records.map((record, at) => (ready[at] === true ? entries.bytesOf(record) : undefined))
    )
    const outcomes = await Promise.all(
      records.map(async (record, at): Promise<EntryOutcome> => {
        const body = bodies[at]
        if (record.via.kind !== 'sync' || ready[at] !== true) return 'waiting'
        // Given up since.
        return body === undefined ? 'handled' : enqueue(record, record.via.peers, body)
      })
    )
    await entries.drop(...records.filter((_, at) => outcomes[at] === 'handled'))
    return outcomes
  }
}
