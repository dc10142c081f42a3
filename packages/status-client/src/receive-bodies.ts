import { bytesToHex } from '@status-stack/crypto'
import type { ReceivedMessage as Delivery } from '@status-stack/interface'
import {
  type Accepted,
  limits as dataLimits,
  type GroupEvent,
  type Refused,
  type Seen
} from '@status-stack/status-data'
import { timeSlicer } from '@status-stack/utils'
import { type Applied, type RefusedMessage, refusedBy } from './applied.ts'
import type { Apply } from './apply.ts'
import type { Core } from './core.ts'
import type { RefusedEvent } from './events.ts'
import { limits } from './limits.ts'
import type { Unit } from './stores/store.ts'
import type { PublicKey, ShownProtection } from './types.ts'

export interface BodyPorts {
  readonly decode: (bytes: Uint8Array, seen: Seen) => Promise<Accepted | Refused>
  readonly apply: Apply
  /** The events of a group that are open already: a group message carries them all again, and they need no second verification. */
  readonly groupEvents: (id: string) => readonly GroupEvent[]
  readonly sampleClock: (author: PublicKey, timestampMs: number) => void
  readonly refuse: (fact: Omit<RefusedEvent, 'author'>, author: PublicKey | undefined) => void
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
  /** What an archive holds is asked for by ourselves, so it does not count. */
  const isCounted = ({ delivery, synced }: BodyContext): boolean => synced || delivery.source === 'live'

  /** A live envelope's own time is chosen by its sender; when it came is not. */
  const isOld = ({ clock, old }: Accepted, { delivery }: BodyContext, nowMs: number): boolean =>
    old === true || (delivery.source === 'live' && clock !== 0 && nowMs - clock > dataLimits.oldAfterMs)

  const refused = (reason: Refused, how: BodyContext): RefusedMessage => {
    const isOver = nonsense.has(reason.reason) && isCounted(how) && !ports.apply.spend(how.author)
    return refusedBy(isOver ? { reason: 'author-rate', final: false } : reason)
  }

  const judge = async (unit: Unit, body: Uint8Array, how: BodyContext): Promise<Applied> => {
    const { delivery, author, shown, device } = how
    const startMs = core.clock.nowMs()
    const decoded = await ports.decode(body, {
      transportAuthor: author,
      sentMs: delivery.sentSeconds * 1000,
      nowMs: startMs,
      arrival: delivery.arrival,
      self: core.self,
      knownEvents: ports.groupEvents
    })
    const apply = async (): Promise<Applied> => {
      if (decoded.kind === 'refused') return refused(decoded, how)
      const circumstances = {
        shown,
        source: delivery.source,
        device,
        old: isOld(decoded, how, startMs),
        counted: isCounted(how)
      }
      const outcome = await ports.apply.apply(unit, decoded, circumstances)
      const isTimed = shown === 'forward-secret' && delivery.source === 'live' && timed.includes(decoded.content.kind)
      if (outcome.kind === 'applied' && isTimed) ports.sampleClock(author, decoded.timestamp)
      return outcome
    }
    const outcome = await apply()
    core.trace(() => ({
      layer: 'data',
      direction: 'in',
      did: outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind,
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
      if (outcome.kind === 'refused') {
        const { layer, reason, final, expected } = outcome
        ports.refuse({ layer, reason, final, expected }, how.author)
        if (reason === 'author-rate') return { accepted, waiting: true, over: true }
      }
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
