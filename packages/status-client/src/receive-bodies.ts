import { bytesToHex } from '@status-stack/crypto'
import type { ReceivedMessage as Delivery } from '@status-stack/interface'
import type { Accepted, GroupEvent, Refused, Seen } from '@status-stack/status-data'
import { timeSlicer } from '@status-stack/utils'
import type { Applied } from './applied.ts'
import type { Apply } from './apply.ts'
import { type Core, isAcquainted, isSelf } from './core.ts'
import type { RefusedEvent } from './events.ts'
import { messageIdOf } from './ids.ts'
import { limits } from './limits.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Unit } from './stores/store.ts'
import type { PublicKey, ShownProtection } from './types.ts'

export interface BodyPorts {
  readonly decode: (bytes: Uint8Array, seen: Seen) => Accepted | Refused
  readonly apply: Apply
  /** The stored events of a group, opened: a group message carries them all again, and they need no second verification. */
  readonly groupEvents: (id: string) => readonly GroupEvent[]
  readonly sampleClock: (author: PublicKey, timestampMs: number) => void
  readonly refuse: (fact: Omit<RefusedEvent, 'author' | 'expected'>, author: PublicKey | undefined) => void
}

/** A message as the layers below hand it over: wrapped, with its id of sync if it came through that. */
export interface Body {
  readonly id?: Uint8Array
  readonly body: Uint8Array
}

/** How the bodies of one delivery came. */
export interface BodyContext {
  readonly delivery: Delivery
  readonly author: PublicKey
  readonly shown: ShownProtection
  readonly device: string | undefined
  /** They came through sync: what is not accepted there comes again. */
  readonly synced: boolean
}

export interface BodyOutcome {
  /** Ids of sync that were handled for good. */
  readonly accepted: readonly Uint8Array[]
  /** Something has to wait: it must not be acknowledged. */
  readonly waiting: boolean
}

/**
 * Refusals of bytes that the author of the envelope alone can have made. Those of a signed message do not count against its author:
 * anybody may repeat it where, or when, it is refused.
 */
const nonsense: ReadonlySet<string> = new Set(['wrapper-malformed', 'wrapper-signature', 'wrapper-too-large'])

/** Content with a time that its author signed. */
const timed: readonly string[] = ['text', 'status', 'emoji', 'sticker', 'image', 'audio']

/**
 * Judges and stores the messages of one delivery, in batches: others get the chats in between, however many messages a payload has.
 */
export function createReceiveBodies(core: Core, ports: BodyPorts) {
  const rate = createRateLimit(core.clock.nowMs)

  /** Whether the author may make us store one more message now. What an archive holds is asked for by ourselves. */
  const isOverRate = ({ author, delivery, synced }: BodyContext): boolean =>
    (synced || delivery.source === 'live') && !isSelf(core, author) && rate.isSpent(author, isAcquainted(core, author))

  const isOld = ({ clock }: Accepted, { delivery }: BodyContext, nowMs: number): boolean => {
    // A live envelope's own time may be chosen by anybody; when it came is not.
    const cameMs = delivery.source === 'live' ? nowMs : delivery.sentSeconds * 1000
    return clock !== 0 && cameMs - clock > limits.oldAfterMs
  }

  const judge = async (unit: Unit, body: Uint8Array, how: BodyContext): Promise<Applied | 'over-rate'> => {
    const { delivery, author, shown, device } = how
    const startMs = core.clock.nowMs()
    const decoded = ports.decode(body, {
      transportAuthor: author,
      sentMs: delivery.sentSeconds * 1000,
      nowMs: startMs,
      arrival: delivery.arrival,
      self: core.self,
      knownEvents: ports.groupEvents
    })
    const apply = async (): Promise<Applied | 'over-rate'> => {
      if (decoded.kind === 'refused') {
        if (nonsense.has(decoded.reason)) {
          if (isOverRate(how)) return 'over-rate'
          rate.count(author)
        }
        return { kind: 'refused', layer: 'data', reason: decoded.reason, final: decoded.final }
      }
      const isNew = !(await core.messages.has(messageIdOf(decoded.messageId), unit))
      if (isNew && isOverRate(how)) return 'over-rate'
      const old = isOld(decoded, how, startMs)
      const outcome = await ports.apply.apply(unit, decoded, { shown, source: delivery.source, device, old })
      if (outcome.kind === 'applied') {
        rate.count(author)
        const tells = shown === 'forward-secret' && delivery.source === 'live' && timed.includes(decoded.content.kind)
        if (tells) ports.sampleClock(author, decoded.timestamp)
      }
      return outcome
    }
    const outcome = await apply()
    core.trace(() => ({
      layer: 'data',
      direction: 'in',
      did: outcome === 'over-rate' ? outcome : outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind,
      messageIds: decoded.kind === 'accepted' ? [`0x${bytesToHex(decoded.messageId)}`] : [],
      bytesIn: body.length,
      bytesOut: 0,
      protection: shown,
      ms: core.clock.nowMs() - startMs
    }))
    return outcome
  }

  /** Judges bodies until one is over its author's rate; the rest would be refused for the same reason. */
  const judgeAll = async (unit: Unit, bodies: readonly Body[], how: BodyContext) => {
    const accepted: Uint8Array[] = []
    let waiting = false
    for (const { id, body } of bodies) {
      const outcome = await judge(unit, body, how)
      if (outcome === 'over-rate') {
        ports.refuse({ layer: 'quota', reason: 'author-rate', final: false }, how.author)
        return { accepted, waiting: true, over: true }
      }
      if (outcome.kind === 'refused') ports.refuse(outcome, how.author)
      if (outcome.kind === 'refused' && !outcome.final) waiting = true
      else if (id !== undefined) accepted.push(id)
      await timeSlicer.yielded()
    }
    return { accepted, waiting, over: false }
  }

  /** `last` stages what belongs into the batch of the last message. */
  return async (
    bodies: readonly Body[],
    how: BodyContext,
    last: (unit: Unit, waiting: boolean) => void
  ): Promise<BodyOutcome> => {
    const accepted: Uint8Array[] = []
    let waiting = false
    for (let start = 0, done = false; !done; start += limits.bodiesPerBatch) {
      const batch = bodies.slice(start, start + limits.bodiesPerBatch)
      // A crash between two batches repeats the whole delivery, as its key is not given up yet; ids tell the copies.
      await core.state.run(async () => {
        const unit = core.store.unit()
        const outcome = await judgeAll(unit, batch, how)
        accepted.push(...outcome.accepted)
        waiting ||= outcome.waiting
        done = outcome.over || start + limits.bodiesPerBatch >= bodies.length
        if (done) last(unit, waiting)
        await unit.commit()
      })
    }
    return { accepted, waiting }
  }
}
