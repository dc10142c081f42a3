import { createMutex } from '@status-stack/utils'
import type { Core } from './core.ts'
import { codeOf } from './errors.ts'
import type { Outbound } from './outbound.ts'
import type { AudienceRecord, OutboxRecord } from './records.ts'
import type { Unit } from './stores/store.ts'
import type { MessageId, PublicKey } from './types.ts'

export interface OutboxPorts {
  readonly outbound: Pick<Outbound, 'post'>
  readonly connected: () => boolean
  /** Whether any connected peer confirms packets: without one, no confirmation means nothing. */
  readonly peersConfirm: () => boolean
  readonly enqueue: (item: {
    readonly peer: Uint8Array
    readonly body: Uint8Array
    readonly tracking: string
  }) => Promise<void>
}

/** Between the client's store and the layers below: what a crash or a missing link interrupted is taken up again. */
export interface Outbox {
  readonly stage: (unit: Unit, record: OutboxRecord) => void
  /** Hands over what waits: reliable messages to sync, the rest to the transport when there is a link. */
  readonly pump: () => Promise<void>
  readonly cancel: (unit: Unit, messageId: MessageId) => Promise<boolean>
}

/** A public message that no peer confirmed is reposted up to this many times, then reported as not sent. SPEC: flows, "Public chat". */
const maxPublicAttempts = 3
const repostMs = 5000
/** How long a posted public message waits for its confirmation, ms. */
const confirmationMs = 60_000

export function createOutbox(core: Core, ports: OutboxPorts): Outbox {
  const { run: serial } = createMutex()
  const recipientOf = (to: AudienceRecord): PublicKey | undefined => {
    if (to.kind === 'identity') return to.publicKey
    return to.kind === 'own-devices' ? core.self : undefined
  }

  const drop = async (messageId: MessageId): Promise<void> => {
    const unit = core.store.unit()
    unit.delete(core.keys.outbox(messageId))
    await unit.commit()
  }

  const handOver = async (record: OutboxRecord, peers: readonly PublicKey[]): Promise<void> => {
    for (const peer of peers) {
      try {
        await ports.enqueue({ peer, body: record.bytes, tracking: record.messageId })
      } catch (error) {
        const code = codeOf(error)
        // Too much is waiting for them already: stays here and is tried at the next pump.
        if (code === 'too-many-pending') return
        if (code !== 'body-too-large') throw error
        await core.ledger.note(record.messageId, { recipient: peer, state: 'given-up', reason: 'too-large' })
      }
    }
    await drop(record.messageId)
  }

  const giveUp = async (
    record: OutboxRecord,
    to: AudienceRecord,
    reason: 'nobody' | 'too-large' | 'policy' | 'failed'
  ) => core.ledger.note(record.messageId, { recipient: recipientOf(to), state: 'given-up', reason })

  const postOnce = async (record: OutboxRecord): Promise<void> => {
    if (record.via.kind !== 'once') return
    const waitMs = record.via.nextMs - core.clock.nowMs()
    // A longer wait than we ever set was set under a clock that has been put right since.
    if (waitMs > 0 && waitMs <= confirmationMs) return
    const waiting: AudienceRecord[] = []
    for (const to of record.via.audiences) {
      const outcome = await ports.outbound.post(to, record.bytes, { ids: [record.messageId] })
      if (outcome.kind === 'nobody' || outcome.kind === 'held') {
        await giveUp(record, to, outcome.kind === 'held' ? 'policy' : 'nobody')
      } else if (outcome.kind === 'not-sent') {
        if (outcome.reason === 'too-large') await giveUp(record, to, 'too-large')
        else waiting.push(to)
      } else if (to.kind === 'public-chat') {
        waiting.push(to)
        const { confirmed } = outcome
        core.watching.run('public confirmation', async () => settle(record, to, await confirmed))
      }
    }
    if (waiting.length === 0) {
      await drop(record.messageId)
      return
    }
    const unconfirmed = waiting.some(to => to.kind === 'public-chat')
    const unit = core.store.unit()
    unit.put(core.keys.outbox(record.messageId), {
      ...record,
      via: {
        kind: 'once',
        audiences: waiting,
        attempts: record.via.attempts + 1,
        // A posted public message waits for its confirmation, which ends with the envelope's life.
        nextMs: core.clock.nowMs() + (unconfirmed ? confirmationMs : repostMs)
      }
    } satisfies OutboxRecord)
    await unit.commit()
  }

  const settle = async (record: OutboxRecord, to: AudienceRecord, confirmed: boolean): Promise<void> => {
    await serial(async () => {
      const now = await core.store.get<OutboxRecord>(core.keys.outbox(record.messageId))
      if (now === undefined || now.via.kind !== 'once') return
      // Cut short by a stop: after the next start it is posted again.
      if (!confirmed && core.stopping.ended()) return
      if (confirmed || !ports.peersConfirm()) return drop(record.messageId)
      if (now.via.attempts >= maxPublicAttempts) {
        await giveUp(record, to, 'failed')
        return drop(record.messageId)
      }
      const unit = core.store.unit()
      unit.put(core.keys.outbox(record.messageId), { ...now, via: { ...now.via, nextMs: 0 } })
      await unit.commit()
    })
  }

  return {
    stage: (unit, record) => {
      unit.put(core.keys.outbox(record.messageId), record)
    },
    pump: () =>
      serial(async () => {
        const records: OutboxRecord[] = []
        for await (const { value } of core.store.range<OutboxRecord>(core.keys.all('outbox'))) records.push(value)
        records.sort((a, b) => a.queuedMs - b.queuedMs)
        for (const record of records) {
          if (record.via.kind === 'sync') await handOver(record, record.via.peers)
          else if (ports.connected()) await postOnce(record)
        }
      }),
    cancel: async (unit, messageId) => {
      const key = core.keys.outbox(messageId)
      const waiting = (await core.store.get<OutboxRecord>(key)) !== undefined
      if (waiting) unit.delete(key)
      return waiting
    }
  }
}
