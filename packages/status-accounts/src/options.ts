import { randomBytes, type ScryptCost } from '@status-stack/crypto'
import { AccountsError } from './errors.ts'
import { limits } from './limits.ts'
import type { Random } from './ports.ts'

/** Values of `encryptKeystore`, all optional. */
export interface KeystoreOptions {
  /**
   * Cost of turning the password into a key. The default takes about a second and 256 MiB; status-go's own is
   * `{ n: 4096, r: 8, p: 6 }`.
   * @default { n: 262144, r: 8, p: 1 }
   */
  readonly scrypt?: ScryptCost | undefined
  /** Source of salts, IVs and the file's id. @default the platform's generator */
  readonly random?: Random | undefined
}

/** The cost of go-ethereum's standard keystore. */
export const standardScrypt: ScryptCost = Object.freeze({ n: 262_144, r: 8, p: 1 })
/** The cost status-go 0.56.10 writes. */
export const statusGoScrypt: ScryptCost = Object.freeze({ n: 4096, r: 8, p: 6 })

/** @throws AccountsError `keystore-cost` for a cost that `decryptKeystore` would refuse. */
export function resolveKeystoreOptions(options: KeystoreOptions): {
  readonly scrypt: ScryptCost
  readonly random: Random
} {
  const cost = options.scrypt ?? standardScrypt
  const fits = 128 * cost.n * cost.r <= limits.scryptMemoryBytes && cost.n * cost.r * cost.p <= limits.scryptWork
  if (!isScryptCost(cost) || !fits) {
    throw new AccountsError('keystore-cost', 'scrypt: expected n a power of two, r and p whole, within the limits', {
      origin: 'caller',
      details: { n: cost.n, r: cost.r, p: cost.p }
    })
  }
  return Object.freeze({ scrypt: Object.freeze({ ...cost }), random: options.random ?? { bytes: randomBytes } })
}

/** What RFC 7914 allows (n below 2^(16 · r)) and every platform computes (p below n). */
export function isScryptCost({ n, r, p }: ScryptCost): boolean {
  const whole = [n, r, p].every(value => Number.isSafeInteger(value) && value >= 1)
  return whole && n >= 2 && Number.isInteger(Math.log2(n)) && Math.log2(n) < 16 * r && p + 1 < n
}
