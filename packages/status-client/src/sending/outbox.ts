import { createMutex } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { codeOf } from '../errors.ts'
import { limits } from '../limits.ts'
import type { AudienceRecord, OutboxRecord } from '../storage/records.ts'
import type { OutboxPlace } from '../storage/stores/keys.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { HeldReason, MessageId, PublicKey } from '../types.ts'
import { createOutboxQueue, type EntryOutcome, type OutboxQueue } from './outbox-queue.ts'
import type { Poster } from './post.ts'

export interface OutboxPorts {
  readonly poster: Pick<Poster, 'post'>
  readonly connected: () => boolean
  /** Waits so many milliseconds, or until the client stops. */
  readonly rest: (ms: number) => Promise<void>
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
  /** The same for a message that was just stored: at once, or shortly after the last pass together with others that come until then. */
  readonly pumpSoon: () => Promise<void>
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
  let resting: Promise<void> | undefined
  let lastPassMs = Number.NEGATIVE_INFINITY
  const ending = new AbortController()
  const end = (): void => ending.abort()
  core.stopping.addEventListener('abort', end)

  const recipientOf = (to: AudienceRecord): PublicKey | undefined => {
    if (to.kind === 'identity') return to.publicKey
    return to.kind === 'own-devices' ? core.self : undefined
  }

  const put = (unit: Unit, record: OutboxRecord): void => {
    const key = core.keys.outbox(record)
    unit.put(key, record)
    unit.after(() => queueOf(record.via).wrote(key, record))
  }

  const remove = (unit: Unit, place: OutboxPlace): void => {
    const key = core.keys.outbox(place)
    unit.delete(key)
    unit.after(() => queueOf(place.via).wrote(key, undefined))
  }

  /** The entries have been handed over. Their bytes stay for as long as sync needs them. */
  const drop = async (...entries: readonly OutboxRecord[]): Promise<void> => {
    const unit = core.store.unit()
    for (const entry of entries) {
      const { messageId, via } = entry
      remove(unit, entry)
      if (via.kind === 'once' || via.peers.length === 0) core.bodies.drop(unit, messageId)
    }
    await unit.commit()
  }

  const save = async (record: OutboxRecord): Promise<void> => {
    const unit = core.store.unit()
    put(unit, record)
    await unit.commit()
  }

  /** The bytes of an entry; those that a release before schema 4 put into it get their own record first. */
  const bytesOf = async ({ bytes, ...record }: OutboxRecord): Promise<Uint8Array | undefined> => {
    const { messageId, via } = record
    if (bytes === undefined) return core.bodies.get(messageId)
    const unit = core.store.unit()
    core.bodies.stage(unit, messageId, bytes, via.kind === 'sync' ? via.peers : [])
    put(unit, record)
    await unit.commit()
    return bytes
  }

  /** Hands a message to sync, for each of its people. */
  const enqueue = async ({ messageId }: OutboxRecord, peers: readonly PublicKey[], body: Uint8Array) => {
    for (const peer of peers) {
      if (ending.signal.aborted) return 'stop'
      try {
        await ports.enqueue({ peer, body, tracking: messageId })
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

  /** Some messages at once, in their order: what sync and we ourselves write about them shares a batch. */
  const handOver = async (records: readonly OutboxRecord[]): Promise<readonly EntryOutcome[]> => {
    if (ending.signal.aborted) return ['stop']
    const ready = records.map(({ messageId }) => !held.has(messageId))
    const bodies = await Promise.all(records.map((record, at) => (ready[at] === true ? bytesOf(record) : undefined)))
    const outcomes = await Promise.all(
      records.map(async (record, at): Promise<EntryOutcome> => {
        const body = bodies[at]
        if (record.via.kind !== 'sync' || ready[at] !== true) return 'waiting'
        // Given up since.
        return body === undefined ? 'handled' : enqueue(record, record.via.peers, body)
      })
    )
    await drop(...records.filter((_, at) => outcomes[at] === 'handled'))
    return outcomes
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
      } else if (to.kind === 'public' && (ports.peersConfirm() || outcome.posted.sentTo.length === 0)) {
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

  const syncQueue = createOutboxQueue(core.store, core.keys.outboxOf('sync'), {
    handle: handOver,
    room: () => limits.outboxPage,
    atOnce: limits.outboxPage
  })
  const onceQueue = createOutboxQueue(core.store, core.keys.outboxOf('once'), {
    handle: async ([record]) => (record === undefined ? [] : [await postOnce(record)]),
    room: () => limits.postsUnconfirmed - flights.size,
    atOnce: 1
  })
  const queueOf = ({ kind }: Pick<OutboxRecord['via'], 'kind'>): OutboxQueue =>
    kind === 'sync' ? syncQueue : onceQueue

  const pump = (): Promise<void> => {
    waitingPump ??= serial(async () => {
      waitingPump = undefined
      if (ending.signal.aborted) return
      try {
        await syncQueue.pass()
        if (ports.connected()) await onceQueue.pass()
      } finally {
        lastPassMs = core.clock.nowMs()
      }
    })
    return waitingPump
  }

  const pumpSoon = (): Promise<void> => {
    const restMs = lastPassMs + limits.outboxRestMs - core.clock.nowMs()
    // A clock that was set back since makes nobody wait.
    if (restMs <= 0 || restMs > limits.outboxRestMs) return pump()
    resting ??= ports.rest(restMs).then(() => {
      resting = undefined
      return pump()
    })
    return resting
  }

  return {
    stage: put,
    hold: messageId => {
      held.add(messageId)
      return () => void held.delete(messageId)
    },
    pump,
    pumpSoon,
    end,
    cancel: (unit, { messageId, queuedMs }) =>
      changing(async () => {
        const kinds = ['sync', 'once'] as const
        for (const kind of kinds) {
          const place = { messageId, queuedMs, via: { kind } }
          if ((await core.store.get<OutboxRecord>(core.keys.outbox(place))) === undefined) continue
          remove(unit, place)
          return true
        }
        return false
      })
  }
}
