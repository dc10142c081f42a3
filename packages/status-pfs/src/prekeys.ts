import { equalBytes } from '@status-stack/crypto'
import { generateKeyPair } from './keys.ts'
import { limits } from './limits.ts'
import type { OwnPrekey, SelfRecord } from './records/self.ts'
import type { Transaction } from './transaction.ts'
import { highestVersion } from './x3dh/reading.ts'

/** The prekey that goes into our bundle. */
export function currentPrekey(self: SelfRecord): OwnPrekey {
  const current = self.prekeys.at(-1)
  if (current === undefined) throw new TypeError('self record: no prekey')
  return current
}

/** One of our prekeys, current or in its grace period. */
export function findPrekey(self: SelfRecord, publicKey: Uint8Array): OwnPrekey | undefined {
  return self.prekeys.find(prekey => equalBytes(prekey.pair.publicKey, publicKey))
}

/** Whether a prekey is `closed` or was made before it. One that is gone closes nothing: the older ones went before it. */
export function isClosed(self: SelfRecord, prekey: OwnPrekey, closed: Uint8Array | undefined): boolean {
  if (closed === undefined) return false
  const until = self.prekeys.findIndex(({ pair }) => equalBytes(pair.publicKey, closed))
  return self.prekeys.indexOf(prekey) <= until
}

const minuteMs = 60_000

const minutesSince1970 = (nowMs: number): number => Math.max(1, Math.floor(nowMs / minuteMs))

/**
 * The version of the next prekey, above the current one and at least `atLeast`. One that was made under a clock far ahead has
 * a version that no reader believes: counting then starts again at the minutes of today, for contacts go by the date.
 */
function nextVersion(tx: Transaction, self: SelfRecord, atLeast = 1): number {
  const version = Math.max(currentPrekey(self).version + 1, atLeast)
  return version <= highestVersion(tx.nowMs) ? version : minutesSince1970(tx.nowMs)
}

/** The version that the current prekey will have once it is refreshed. */
export function refreshedVersion(tx: Transaction, self: SelfRecord): number {
  return rotationIsDue(tx, self) ? nextVersion(tx, self) : currentPrekey(self).version
}

function rotate(tx: Transaction, self: SelfRecord, version: number): void {
  currentPrekey(self).replacedMs = tx.nowMs
  const pair = generateKeyPair(tx.deps.random)
  self.prekeys.push({ pair, version, createdMs: tx.nowMs, replacedMs: 0 })
}

/** Erases private prekeys whose grace period is over, with all older ones, and the oldest above the bound. */
export function prunePrekeys(tx: Transaction, self: SelfRecord): void {
  const isOver = ({ replacedMs }: OwnPrekey): boolean =>
    replacedMs !== 0 && tx.expiryMs - replacedMs > tx.options.graceMs
  const kept = self.prekeys
    .slice(self.prekeys.findLastIndex(isOver) + 1)
    // BOUNDED: maxPrekeys
    .slice(-limits.maxPrekeys)
  for (const prekey of self.prekeys) if (!kept.includes(prekey)) prekey.pair.privateKey.fill(0)
  self.prekeys = kept
}

/**
 * Whether the current prekey is due for its daily rotation. A clock that ran back a little is no reason; one that ran back
 * further than a lifetime is, or a prekey made in a wrong future would stay until then, and so is a version from there.
 */
export function rotationIsDue(tx: Transaction, self: SelfRecord): boolean {
  const { createdMs, version } = currentPrekey(self)
  return Math.abs(tx.nowMs - createdMs) > tx.options.bundleLifetimeMs || version > highestVersion(tx.nowMs)
}

/** Makes a new prekey when the current one is older than its lifetime, and erases what is past its grace period. */
export function refreshPrekeys(tx: Transaction, self: SelfRecord): void {
  if (rotationIsDue(tx, self)) rotate(tx, self, nextVersion(tx, self))
  prunePrekeys(tx, self)
}

/** Whether less than one cooldown has passed; a clock that ran backwards ends it. */
export function isCoolingDown(tx: Transaction, sinceMs: number): boolean {
  return sinceMs !== 0 && tx.nowMs >= sinceMs && tx.nowMs - sinceMs < tx.options.cooldownMs
}

/** Makes a new prekey out of turn, as often as recovery may: others cannot make us use up our prekeys. */
export function rotateUnlessCoolingDown(tx: Transaction, self: SelfRecord): void {
  if (!isCoolingDown(tx, self.recoveredMs)) rotateForRecovery(tx, self)
}

/**
 * Makes a prekey that contacts take for newer than any they have seen, although we may have lost count: a restored
 * backup knows an old version, an emptied store none. Counting minutes since 1970 outruns any count of daily rotations.
 */
export function rotateForRecovery(tx: Transaction, self: SelfRecord): void {
  rotate(tx, self, nextVersion(tx, self, minutesSince1970(tx.nowMs)))
  self.recoveredMs = tx.nowMs
  prunePrekeys(tx, self)
}
