import { check } from './checks.ts'
import { invalidOption } from './errors.ts'

/** Values a mailserver can be given. All optional; durations carry their unit. */
export interface MailserverOptions {
  /** Symmetric key of requests, as a password; `false`: requests need the asymmetric key. @default 'status-offline-inbox' */
  readonly password?: string | false | undefined
  /** Lowest PoW of a request's envelope, EIP-627 units. @default 0.000002 */
  readonly minPow?: number | undefined
  /** Seconds between two requests of one peer, 0 = no limit. Paging counts, as at status-go. @default 0 */
  readonly rateLimitSeconds?: number | undefined
  /** Refuse requests signed by another key than the peer's node key; status-go does not check. @default false */
  readonly bindSigner?: boolean | undefined
  /** Requests without envelope: no work, no key, no signature. @default 'serve' */
  readonly plainRequests?: 'serve' | 'refuse' | undefined
  /** Requests answered at a time; further ones are told that the server is busy. @default 64 */
  readonly maxRequests?: number | undefined
  /**
   * Requests of one address answered at a time, of an IPv6 network of 64 bits; further ones are told that the server is busy. Loopback
   * and private addresses are exempt. @default 8
   */
  readonly maxRequestsPerAddress?: number | undefined
  /** Requests of one peer answered at a time; its link is not read while more wait. @default 1 */
  readonly maxRequestsPerPeer?: number | undefined
  /**
   * How long a peer may take to accept one packet of an answer, milliseconds; then its link is closed. When all places are taken and
   * another request comes, the reader that is furthest behind is given up for it after a second. @default 60000
   */
  readonly handoverTimeoutMs?: number | undefined
  /** Days that envelopes are kept, 0 = for ever. @default 0 */
  readonly retentionDays?: number | undefined
  /** Time from one deletion pass to the next, and to the first, milliseconds. @default 3600000 */
  readonly retentionIntervalMs?: number | undefined
  /** Envelopes deleted in one step of a pass. @default 1000 */
  readonly retentionStep?: number | undefined
  /** Rest after each step, milliseconds. @default 20 */
  readonly retentionPauseMs?: number | undefined
  /** How long a source may be silent during a sync, milliseconds. @default 60000 */
  readonly syncTimeoutMs?: number | undefined
}

type Plain<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** The options with every default filled in and checked. */
export type ResolvedOptions = Plain<MailserverOptions>

const defaults: ResolvedOptions = {
  password: 'status-offline-inbox',
  minPow: 0.000002,
  rateLimitSeconds: 0,
  bindSigner: false,
  plainRequests: 'serve',
  maxRequests: 64,
  maxRequestsPerAddress: 8,
  maxRequestsPerPeer: 1,
  handoverTimeoutMs: 60_000,
  retentionDays: 0,
  retentionIntervalMs: 3_600_000,
  retentionStep: 1000,
  retentionPauseMs: 20,
  syncTimeoutMs: 60_000
}

type NumberOption = {
  [K in keyof ResolvedOptions]: ResolvedOptions[K] extends number ? K : never
}[keyof ResolvedOptions]

const ranges: readonly (readonly [NumberOption, number, number])[] = [
  ['minPow', 0, Number.MAX_VALUE],
  ['rateLimitSeconds', 0, 86_400],
  ['maxRequests', 1, 4096],
  ['maxRequestsPerAddress', 1, 4096],
  ['maxRequestsPerPeer', 1, 64],
  ['handoverTimeoutMs', 1, 3_600_000],
  ['retentionDays', 0, 36_500],
  ['retentionIntervalMs', 1, 86_400_000],
  ['retentionStep', 1, 100_000],
  ['retentionPauseMs', 0, 60_000],
  ['syncTimeoutMs', 1, 3_600_000]
]

/** @throws MailserverError `invalid-argument` */
export function resolveOptions(options: MailserverOptions, hasIdentity: boolean): ResolvedOptions {
  check.options('options', options, Object.keys(defaults))
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved = { ...defaults, ...(given as Partial<ResolvedOptions>) }
  for (const [name, low, high] of ranges) check.number(name, resolved[name], low, high)
  const { password, plainRequests, bindSigner } = resolved
  check.oneOf('plainRequests', plainRequests, ['serve', 'refuse'])
  check.boolean('bindSigner', bindSigner)
  if (password !== false && (typeof password !== 'string' || password === '')) {
    throw invalidOption('password', 'expected a text that is not empty, or false')
  }
  if (password === false && !hasIdentity) throw invalidOption('password', 'without one, requests need deps.identity')
  return Object.freeze(resolved)
}
