import { randomBytes, type ScryptCost } from '@status-stack/crypto'
import { check } from './checks.ts'
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

/** @throws AccountsError `keystore-cost` for a cost that `decryptKeystore` would refuse, `invalid-argument` */
export function resolveKeystoreOptions(options: KeystoreOptions): {
  readonly scrypt: ScryptCost
  readonly random: Random
} {
  check.object('options', options)
  const { scrypt: cost = standardScrypt, random = { bytes: randomBytes } } = options
  check.object('options.scrypt', cost)
  check.object('options.random', random)
  check.function('options.random.bytes', random.bytes)
  const { n, r, p } = cost
  for (const [name, value] of Object.entries({ n, r, p })) {
    if (typeof value !== 'number') check.number(`options.scrypt.${name}`, value, 1, limits.scryptWork)
  }
  if (!isScryptCost(cost) || !isAffordable(cost)) {
    throw new AccountsError('keystore-cost', 'scrypt: expected n a power of two, r and p whole, within the limits', {
      origin: 'caller',
      details: { n, r, p }
    })
  }
  return Object.freeze({ scrypt: Object.freeze({ n, r, p }), random })
}

/**
 * Whether the algorithm is defined for a cost. RFC 7914 also wants n below 2^(16 · r); go-ethereum does not, and files with r = 1
 * and n = 262 144 exist.
 */
export function isScryptCost({ n, r, p }: ScryptCost): boolean {
  const whole = [n, r, p].every(value => Number.isSafeInteger(value) && value >= 1)
  return whole && n >= 2 && Number.isInteger(Math.log2(n))
}

/** Whether a cost is one that we are ready to spend: limits.scryptMemoryBytes, scryptWork, scryptFactor. */
export function isAffordable({ n, r, p }: ScryptCost): boolean {
  const memory = 128 * r * (n + p)
  const { scryptFactor, scryptMemoryBytes, scryptWork } = limits
  return r <= scryptFactor && p <= scryptFactor && memory <= scryptMemoryBytes && n * r * p <= scryptWork
}
