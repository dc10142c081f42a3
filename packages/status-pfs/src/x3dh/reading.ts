import { isInstallationId, isUuid } from '../installation-id.ts'
import { limits } from '../limits.ts'
import { byInstallationId } from '../wire/codec.ts'
import type { Bundle, SignedPrekey } from '../wire/messages.ts'

const uuidLength = 36
const minuteMs = 60_000
/** The first moment whose nanoseconds have 19 digits: 2001-09-09. A clock before it was never set. */
const earliestMs = 1e12

/** A version and the installation id behind it, which the signature covers as one text. */
interface Seam {
  readonly version: string
  readonly nextId: string
}

/** Where a version meets the next installation id. */
function seamsOf(signedPrekeys: readonly SignedPrekey[]): readonly Seam[] {
  const sorted = [...signedPrekeys].sort(byInstallationId)
  return sorted.flatMap(({ version }, at) => {
    const next = sorted[at + 1]
    return next === undefined ? [] : [{ version: String(version), nextId: next.installationId }]
  })
}

/** Whether a version takes digits of a UUID, or an id those of the version before a UUID. Honest bundles never do. */
export function splitsUuid(signedPrekeys: readonly SignedPrekey[]): boolean {
  return seamsOf(signedPrekeys).some(({ version, nextId }) => {
    const text = version + nextId
    const uuid = text.slice(-uuidLength)
    return text.length > uuidLength && nextId !== uuid && isUuid(uuid) && /^\d+$/.test(text.slice(0, -uuidLength))
  })
}

/** The latest time at which a bundle may be dated, in Unix milliseconds. */
function latestBundleMs(nowMs: number): number {
  return Math.max(nowMs, earliestMs) + limits.maxBundleAheadMs
}

/**
 * The highest version that a prekey can have by now. Versions count from 1, one a day at most and one per recovery, which sets
 * them to the minutes since 1970; so none is ahead of the minutes.
 */
export function highestVersion(nowMs: number): number {
  return Math.floor(latestBundleMs(nowMs) / minuteMs)
}

/** Whether timestamp and versions are such as an honest clock gives, a day ahead of ours at most. */
export function isPlausible(bundle: Bundle, nowMs: number): boolean {
  const highest = highestVersion(nowMs)
  return (
    bundle.timestamp <= BigInt(Math.floor(latestBundleMs(nowMs))) * 1_000_000n &&
    bundle.signedPrekeys.every(({ version }) => version <= highest)
  )
}

/** Whether the text of a seam can be divided at another place into a version of that time and an id. */
function readsOtherwise({ version, nextId }: Seam, highest: number): boolean {
  const text = version + nextId
  const digits = /^\d*/.exec(text)?.[0].length ?? 0
  for (let length = 1; length <= digits; length++) {
    const [otherVersion, otherId] = [text.slice(0, length), text.slice(length)]
    if (length === version.length || (otherVersion.startsWith('0') && length > 1)) continue
    if (Number(otherVersion) <= highest && isInstallationId(otherId)) return true
  }
  return false
}

/**
 * Whether the signed bytes of a bundle are those of no other bundle. Bundles whose ids are UUIDs always are, and so
 * are those whose ids begin with no digit behind versions of one digit: `12` and `b` could be `1` and `2b`.
 */
export function readsOneWay(bundle: Bundle, nowMs: number): boolean {
  const highest = highestVersion(nowMs)
  return !seamsOf(bundle.signedPrekeys).some(seam => !isUuid(seam.nextId) && readsOtherwise(seam, highest))
}
