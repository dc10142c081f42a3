import type { Accepted, ReceivedMessage, Refused } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { PublicKey, ShownProtection } from '../types.ts'
import type { Apply } from './apply.ts'
import { type ApplyResult, type RefusedMessage, refusedBy } from './apply-result.ts'

/** A message that has been read. */
export interface ReadBody {
  readonly id: Uint8Array | undefined
  readonly bytes: number
  readonly decoded: Accepted | Refused
  readonly startMs: number
  readonly decodeMs: number
}

/** How the bodies of one delivery came. */
export interface BodyContext {
  readonly delivery: ReceivedMessage
  readonly author: PublicKey
  readonly shown: ShownProtection
  readonly device: string | undefined
  /** They came through sync: what is not accepted there comes again. */
  readonly synced: boolean
}

export interface JudgePorts {
  readonly apply: Apply
  readonly sampleClock: (author: PublicKey, timestampMs: number) => void
}

/** Decides about one message and stages what becomes of it. */
export type Judge = (unit: Unit, body: ReadBody, how: BodyContext) => Promise<ApplyResult>

/**
 * Refusals of bytes that the author of the envelope alone can have made. Those of a signed message do not count against its author:
 * any peer may repeat it where, or when, it is refused.
 */
const nonsense: ReadonlySet<string> = new Set(['wrapper-malformed', 'wrapper-signature', 'wrapper-too-large'])

/** Content with a time that its author signed. */
const timed: readonly string[] = ['text', 'status', 'emoji', 'sticker', 'image', 'audio']

/** Judges messages that were read: what it needs of the store, and what the circumstances say. */
export function createJudge(core: Pick<Core, 'data'>, ports: JudgePorts): Judge {
  /** What an archive holds is asked for by ourselves, so it does not count. */
  const isCounted = ({ delivery, synced }: BodyContext): boolean => synced || delivery.source === 'live'

  /** A live envelope's own time is chosen by its sender; when it came is not. */
  const isOld = ({ clock, old }: Accepted, { delivery }: BodyContext, nowMs: number): boolean =>
    old === true || (delivery.source === 'live' && clock !== 0 && nowMs - clock > core.data.limits.oldAfterMs)

  const refused = (reason: Refused, how: BodyContext): RefusedMessage => {
    const isOver = nonsense.has(reason.reason) && isCounted(how) && !ports.apply.spend(how.author)
    return refusedBy(isOver ? { reason: 'author-rate', final: false } : reason)
  }

  return async (unit, { decoded, startMs }, how) => {
    const { delivery, author, shown, device } = how
    if (decoded.kind === 'refused') return refused(decoded, how)
    const circumstances = {
      shown,
      source: delivery.source,
      device,
      old: isOld(decoded, how, startMs),
      counted: isCounted(how),
      sender: author
    }
    const outcome = await ports.apply.apply(unit, decoded, circumstances)
    const isTimed = shown === 'forward-secret' && delivery.source === 'live' && timed.includes(decoded.content.kind)
    if (outcome.kind === 'applied' && isTimed) ports.sampleClock(author, decoded.timestamp)
    return outcome
  }
}
