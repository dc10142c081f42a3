import { createMutex } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { codeOf } from '../errors.ts'
import { limits } from '../limits.ts'
import type { AudienceRecord, OutboxRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { HeldReason, MessageId, PublicKey } from '../types.ts'
import { createOutboxQueue, type EntryOutcome } from './outbox-queue.ts'
import type { Poster } from './post.ts'

export interface OutboxPorts {
  readonly poster: Pick<Poster, 'post'>
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
  /** A message whose way is still being prepared waits for that, whatever pumps meanwhile; the returned function lets it go. */
  readonly hold: (messageId: MessageId) => () => void
  /**
   * Hands over what waits: reliable messages to sync, the rest to the transport when there is a link. Calls that come while one waits
   * for its turn share it. Ends early when the client stops: what is left is taken up at the next start.
   */
  readonly pump: () => Promise<void>
  /** Ends the pass under way and begins no other: what is queued stays for the next start. Confirmations are still noted. */
  readonly end: () => void
  /** `queuedMs`: as the ledger has it. */
  readonly cancel: (unit: Unit, entry: { readonly messageId: MessageId; readonly queuedMs: number }) => Promise<boolean>
}

/** A public message that no peer confirmed is reposted up to this many times, then reported as not sent. SPEC: flows, "Public chat". */
const maxPublicAttempts = 3
const repostMs = 5000
/** How long a posted public message waits for its confirmation, ms. */
const confirmationMs = 60_000

/** A public message that was posted in this run and is not confirmed yet. */
interface Flight {
  /** Confirmed: it must not be written as waiting again. */
  over: boolean
}

export function createOutbox(core: Core, ports: OutboxPorts): Outbox {
  const { run: serial } = createMutex()
  // Apart from the pump, which holds its turn for as long as it posts: a confirmation is noted when it comes.
  const { run: changing } = createMutex()
  // BOUNDED: limits.postsUnconfirmed
  const flights = new Map<MessageId, Flight>()
  // BOUNDED: messages whose `send` has answered a short while ago
  const held = new Set<MessageId>()
  let waitingPump: Promise<void> | undefined
  const ending = new AbortController()
  const end = (): void => ending.abort()
  core.stopping.addEventListener('abort', end)

  const recipientOf = (to: AudienceRecord): PublicKey | undefined => {
    if (to.kind === 'identity') return to.publicKey
    return to.kind === 'own-devices' ? core.self : undefined
  }

  /** The entry has been handed over. Its bytes stay for as long as sync needs them. */
  const drop = async ({ messageId, via, ...entry }: OutboxRecord): Promise<void> => {
    const unit = core.store.unit()
    unit.delete(core.keys.outbox({ messageId, via, ...entry }))
    if (via.kind === 'once' || via.peers.length === 0) core.bodies.drop(unit, messageId)
    await unit.commit()
  }

  const save = async (record: OutboxRecord): Promise<void> => {
    const unit = core.store.unit()
    unit.put(core.keys.outbox(record), record)
    await unit.commit()
  }

  /** The bytes of an entry; those that a release before schema 4 put into it get their own record first. */
  const bytesOf = async ({ bytes, ...record }: OutboxRecord): Promise<Uint8Array | undefined> => {
    const { messageId, via } = record
    if (bytes === undefined) return core.bodies.get(messageId)
    const unit = core.store.unit()
    core.bodies.stage(unit, messageId, bytes, via.kind === 'sync' ? via.peers : [])
    unit.put(core.keys.outbox(record), record satisfies OutboxRecord)
    await unit.commit()
    return bytes
  }

  const handOver = async (record: OutboxRecord): Promise<EntryOutcome> => {
    if (record.via.kind !== 'sync' || held.has(record.messageId)) return 'waiting'
    const body = await bytesOf(record)
    // Given up since.
    for (const peer of body === undefined ? [] : record.via.peers) {
      if (ending.signal.aborted) return 'stop'
      try {
        await ports.enqueue({ peer, body: body ?? new Uint8Array(), tracking: record.messageId })
      } catch (error) {
        const code = codeOf(error)
        // Too much is waiting for them already: stays here and is tried at the next pump.
        if (code === 'too-many-pending') return 'waiting'
        if (code !== 'body-too-large') throw error
        await core.deliveries.note(record.messageId, { recipient: peer, state: 'given-up', reason: 'too-large' })
        await core.bodies.release(record.messageId, peer)
      }
    }
    await drop(record)
    return 'handled'
  }

  const giveUp = async (record: OutboxRecord, to: AudienceRecord, reason: HeldReason) =>
    core.deliveries.note(record.messageId, { recipient: recipientOf(to), state: 'given-up', reason })

  /** Follows a public message until a peer confirms it or its envelope is gone. */
  const follow = (record: OutboxRecord, to: AudienceRecord, confirmed: Promise<boolean>): Flight => {
    const flight: Flight = { over: false }
    flights.set(record.messageId, flight)
    core.untracked.run('public confirmation', async () => {
      try {
        await settle(record, to, await confirmed, flight)
      } finally {
        if (flights.get(record.messageId) === flight) flights.delete(record.messageId)
        // There is room for one more.
        core.background.run('outbox', pump)
      }
    })
    return flight
  }

  const settle = (record: OutboxRecord, to: AudienceRecord, confirmed: boolean, flight: Flight): Promise<void> =>
    changing(async () => {
      // Cut short by a stop: after the next start it is posted again.
      if (!confirmed && core.stopping.aborted) return
      flight.over = confirmed || !ports.peersConfirm()
      const now = await core.store.get<OutboxRecord>(core.keys.outbox(record))
      if (now === undefined || now.via.kind !== 'once') return
      const others = now.via.audiences.filter(other => other.kind !== to.kind)
      if (!flight.over && now.via.attempts < maxPublicAttempts) return save({ ...now, via: { ...now.via, nextMs: 0 } })
      if (!flight.over) await giveUp(record, to, 'failed')
      if (others.length === 0) return drop(record)
      return save({ ...now, via: { ...now.via, audiences: others } })
    })

  /** Posts to each audience; those that it must be posted to again, and how a public post is followed. */
  const postToAll = async (record: OutboxRecord, audiences: readonly AudienceRecord[], bytes: Uint8Array) => {
    const retried: AudienceRecord[] = []
    let unconfirmed: { readonly to: AudienceRecord; readonly flight: Flight } | undefined
    for (const to of audiences) {
      const outcome = await ports.poster.post(to, bytes, { ids: [record.messageId], signal: ending.signal })
      if (outcome.kind === 'nobody' || outcome.kind === 'held') {
        await giveUp(record, to, outcome.kind === 'held' ? 'policy' : 'nobody')
      } else if (outcome.kind === 'not-sent') {
        if (outcome.reason === 'too-large') await giveUp(record, to, 'too-large')
        else retried.push(to)
      } else if (to.kind === 'public-chat' && (ports.peersConfirm() || outcome.posted.sentTo.length === 0)) {
        unconfirmed = { to, flight: follow(record, to, outcome.confirmed) }
      }
    }
    return { retried, unconfirmed }
  }

  const postOnce = async (record: OutboxRecord): Promise<EntryOutcome> => {
    if (ending.signal.aborted || !ports.connected()) return 'stop'
    if (record.via.kind !== 'once' || held.has(record.messageId)) return 'waiting'
    const waitMs = record.via.nextMs - core.clock.nowMs()
    // A longer wait than we ever set was set under a clock that has been put right since: the envelope that is followed was of that time.
    const isWaiting = waitMs > 0 || flights.has(record.messageId)
    if (isWaiting && waitMs <= confirmationMs) return 'waiting'
    const { audiences, attempts } = record.via
    const bytes = await bytesOf(record)
    // Given up since.
    if (bytes === undefined) {
      await drop(record)
      return 'handled'
    }
    const { retried, unconfirmed } = await postToAll(record, audiences, bytes)
    const { bytes: _, ...entry } = record
    await changing(async () => {
      const waiting = unconfirmed === undefined || unconfirmed.flight.over ? retried : [...retried, unconfirmed.to]
      if (waiting.length === 0) return drop(record)
      // Cut short by a stop, it is due at the next start.
      if (ending.signal.aborted && unconfirmed === undefined) return
      // Given up while it was posted.
      if ((await core.store.get(core.keys.outbox(record))) === undefined) return
      // A posted public message waits for its confirmation, which ends with the envelope's life.
      const nextMs = core.clock.nowMs() + (unconfirmed === undefined ? repostMs : confirmationMs)
      return save({ ...entry, via: { kind: 'once', audiences: waiting, attempts: attempts + 1, nextMs } })
    })
    return 'handled'
  }

  const room = (): number => limits.postsUnconfirmed - flights.size
  const syncQueue = createOutboxQueue(core.store, core.keys.outboxOf('sync'), {
    handle: record => (ending.signal.aborted ? Promise.resolve('stop') : handOver(record)),
    room: () => limits.outboxPage
  })
  const onceQueue = createOutboxQueue(core.store, core.keys.outboxOf('once'), {
    handle: postOnce,
    room
  })

  const pump = (): Promise<void> => {
    waitingPump ??= serial(async () => {
      waitingPump = undefined
      if (ending.signal.aborted) return
      await syncQueue()
      if (ports.connected()) await onceQueue()
    })
    return waitingPump
  }

  return {
    stage: (unit, record) => {
      unit.put(core.keys.outbox(record), record)
    },
    hold: messageId => {
      held.add(messageId)
      return () => void held.delete(messageId)
    },
    pump,
    end,
    cancel: (unit, { messageId, queuedMs }) =>
      changing(async () => {
        const kinds = ['sync', 'once'] as const
        for (const kind of kinds) {
          const key = core.keys.outbox({ messageId, queuedMs, via: { kind } })
          if ((await core.store.get<OutboxRecord>(key)) === undefined) continue
          unit.delete(key)
          return true
        }
        return false
      })
  }
}
