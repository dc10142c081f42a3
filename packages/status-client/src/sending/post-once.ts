import { equalBytes } from '@status-stack/crypto'
import { createMutex } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import type { HeldReason } from '../ledger-types.ts'
import type { AudienceRecord, OutboxRecord } from '../storage/records.ts'
import type { MessageId } from '../types.ts'
import type { OutboxEntries } from './outbox-entries.ts'
import type { EntryOutcome } from './outbox-queue.ts'
import type { Poster } from './post.ts'
import { recipientOf } from './recipients.ts'

export interface OncePorts {
  readonly poster: Pick<Poster, 'post'>
  readonly connected: () => boolean
  /** Whether any connected peer confirms packets: without one, no confirmation means nothing. */
  readonly peersConfirm: () => boolean
  readonly isHeld: (messageId: MessageId) => boolean
  /** Nothing more is to be posted. */
  readonly ending: AbortSignal
  readonly pump: () => Promise<void>
}

/** Posts what sync does not carry, until it is confirmed. */
export interface OncePoster {
  readonly post: (record: OutboxRecord) => Promise<EntryOutcome>
  /** Messages that are posted and not confirmed by a peer. */
  readonly unconfirmed: () => number
  /** Does something to entries, with no confirmation being noted meanwhile. */
  readonly changing: <T>(work: () => Promise<T>) => Promise<T>
}

/**
 * What no peer confirmed is reposted up to this many times, then reported as not sent: nobody acknowledges what sync does not carry, so that
 * the confirmation of a peer is all that is known of it. SPEC: flows, "Public chat".
 */
const maxAttempts = 3
const repostMs = 5000
/** How long a posted message waits for its confirmation, ms. */
const confirmationMs = 60_000
/** A longer wait was set under a clock that has been put right since, by more than the seconds by which clocks are corrected all the time. */
const longestWaitMs = 2 * confirmationMs

/** A message that was posted in this run, to audiences of which none or some are confirmed. */
interface Flight {
  readonly unsettled: Set<AudienceRecord>
  /** Confirmed or given up: they must not be written as waiting again. */
  readonly over: Set<AudienceRecord>
}

/** Two records of one audience. A public chat has one name, we have one set of devices, and a message has one contact code. */
function isSame(one: AudienceRecord, other: AudienceRecord): boolean {
  if (one.kind !== 'identity' || other.kind !== 'identity') return one.kind === other.kind
  return equalBytes(one.publicKey, other.publicKey)
}

async function giveUp(core: Core, record: OutboxRecord, to: AudienceRecord, reason: HeldReason): Promise<void> {
  await core.deliveries.note(record.messageId, { recipient: recipientOf(to, core.self), state: 'given-up', reason })
}

/** Follows what was posted until a peer confirms it or its envelope is gone. */
function createFlights(
  core: Core,
  entries: OutboxEntries,
  { peersConfirm, pump }: Pick<OncePorts, 'peersConfirm' | 'pump'>
) {
  // Apart from the pump, which holds its turn for as long as it posts: a confirmation is noted when it comes.
  const { run: changing } = createMutex()
  // BOUNDED: limits.postsUnconfirmed
  const flights = new Map<MessageId, Flight>()

  const settle = (record: OutboxRecord, to: AudienceRecord, confirmed: boolean, flight: Flight): Promise<void> =>
    changing(async () => {
      // Cut short by a stop: after the next start it is posted again.
      if (!confirmed && core.stopping.aborted) return
      const now = await entries.read(record)
      if (now === undefined || now.via.kind !== 'once') return
      const isReached = confirmed || !peersConfirm()
      if (!isReached && now.via.attempts < maxAttempts) return entries.save({ ...now, via: { ...now.via, nextMs: 0 } })
      flight.over.add(to)
      if (!isReached) await giveUp(core, record, to, 'failed')
      const others = now.via.audiences.filter(other => !isSame(other, to))
      if (others.length === 0) return entries.drop(record)
      return entries.save({ ...now, via: { ...now.via, audiences: others } })
    })

  const follow = (record: OutboxRecord, to: AudienceRecord, confirmed: Promise<boolean>, flight: Flight): void => {
    flight.unsettled.add(to)
    flights.set(record.messageId, flight)
    core.untracked.run('confirmation', async () => {
      try {
        await settle(record, to, await confirmed, flight)
      } finally {
        flight.unsettled.delete(to)
        if (flight.unsettled.size === 0 && flights.get(record.messageId) === flight) flights.delete(record.messageId)
        // There is room for one more.
        core.background.run('outbox', pump)
      }
    })
  }

  return {
    changing,
    follow,
    has: (messageId: MessageId): boolean => flights.has(messageId),
    unconfirmed: (): number => flights.size
  }
}

export function createOncePoster(core: Core, entries: OutboxEntries, ports: OncePorts): OncePoster {
  const { poster, peersConfirm } = ports
  const flights = createFlights(core, entries, ports)

  /** Posts to each audience; those that it must be posted to again, and how those are followed that it was posted to. */
  const postToAll = async (record: OutboxRecord, audiences: readonly AudienceRecord[], bytes: Uint8Array) => {
    const retried: AudienceRecord[] = []
    const followed: AudienceRecord[] = []
    const flight: Flight = { unsettled: new Set(), over: new Set() }
    for (const to of audiences) {
      const outcome = await poster.post(to, bytes, { ids: [record.messageId], signal: ports.ending })
      if (outcome.kind === 'nobody' || outcome.kind === 'held') {
        await giveUp(core, record, to, outcome.kind === 'held' ? 'policy' : 'nobody')
      } else if (outcome.kind === 'not-sent') {
        if (outcome.reason === 'too-large') await giveUp(core, record, to, 'too-large')
        else retried.push(to)
      } else if (peersConfirm() || outcome.posted.sentTo.length === 0) {
        followed.push(to)
        flights.follow(record, to, outcome.confirmed, flight)
      }
    }
    return { retried, followed, flight }
  }

  const post: OncePoster['post'] = async record => {
    if (ports.ending.aborted || !ports.connected()) return 'stop'
    if (record.via.kind !== 'once' || ports.isHeld(record.messageId)) return 'waiting'
    const waitMs = record.via.nextMs - core.clock.nowMs()
    // The envelope that is followed was of that time as well.
    const isWaiting = waitMs > 0 || flights.has(record.messageId)
    if (isWaiting && waitMs <= longestWaitMs) return 'waiting'
    const { audiences, attempts } = record.via
    const bytes = await entries.bytesOf(record)
    // Given up since.
    if (bytes === undefined) {
      await entries.drop(record)
      return 'handled'
    }
    const { retried, followed, flight } = await postToAll(record, audiences, bytes)
    const { bytes: _, ...entry } = record
    await flights.changing(async () => {
      const waiting = [...retried, ...followed.filter(to => !flight.over.has(to))]
      if (waiting.length === 0) return entries.drop(record)
      // Cut short by a stop, it is due at the next start.
      if (ports.ending.aborted && followed.length === 0) return
      // Given up while it was posted.
      if ((await entries.read(record)) === undefined) return
      // What was posted waits for its confirmation, which ends with the envelope's life.
      const nextMs = core.clock.nowMs() + (retried.length > 0 ? repostMs : confirmationMs)
      return entries.save({ ...entry, via: { kind: 'once', audiences: waiting, attempts: attempts + 1, nextMs } })
    })
    return 'handled'
  }

  return { post, unconfirmed: flights.unconfirmed, changing: flights.changing }
}
