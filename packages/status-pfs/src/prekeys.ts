import { equalBytes } from '@status-stack/crypto'
import { generateKeyPair } from './keys.ts'
import { limits } from './limits.ts'
import type { OwnPrekey, SelfRecord } from './records/self.ts'
import type { Transaction } from './transaction.ts'

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

function roll(tx: Transaction, self: SelfRecord, version: number): void {
  currentPrekey(self).replacedMs = tx.nowMs
  const pair = generateKeyPair(tx.deps.random)
  self.prekeys.push({ pair, version, createdMs: tx.nowMs, replacedMs: 0 })
}

/** Erases private prekeys whose grace period is over, and the oldest above the bound. */
export function prunePrekeys(tx: Transaction, self: SelfRecord): void {
  const kept = self.prekeys
    .filter(({ replacedMs }) => replacedMs === 0 || tx.nowMs - replacedMs <= tx.options.graceMs)
    // BOUNDED: maxPrekeys
    .slice(-limits.maxPrekeys)
  for (const prekey of self.prekeys) if (!kept.includes(prekey)) prekey.pair.privateKey.fill(0)
  self.prekeys = kept
}

/**
 * Whether the current prekey is due for its daily roll. A clock that ran back a little is no reason; one that ran back
 * further than a lifetime is, or a prekey made in a wrong future would stay until then.
 */
export function rollIsDue(tx: Transaction, self: SelfRecord): boolean {
  return Math.abs(tx.nowMs - currentPrekey(self).createdMs) > tx.options.bundleLifetimeMs
}

/** Makes a new prekey when the current one is older than its lifetime, and erases what is past its grace period. */
export function refreshPrekeys(tx: Transaction, self: SelfRecord): void {
  if (rollIsDue(tx, self)) roll(tx, self, currentPrekey(self).version + 1)
  prunePrekeys(tx, self)
}

const minute = 60_000

/**
 * Makes a prekey that contacts take for newer than any they have seen, although we may have lost count: a restored
 * backup knows an old version, a wiped store none. Counting minutes since 1970 outruns any count of daily rolls.
 */
export function rollToHeal(tx: Transaction, self: SelfRecord): void {
  roll(tx, self, Math.max(currentPrekey(self).version + 1, Math.floor(tx.nowMs / minute)))
  self.healedMs = tx.nowMs
  prunePrekeys(tx, self)
}
