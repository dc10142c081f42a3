import { check, checkPow } from './checks.ts'
import { limits } from './limits.ts'

/** Values a node can be given. All optional; durations are milliseconds unless the name says seconds. */
export interface WhisperOptions {
  /** Lowest PoW we take and announce, EIP-627 units. geth's own default is 0.2. @default 0.000002 */
  readonly minPow?: number | undefined
  /** Largest packet and envelope, bytes, at most 10 MiB. @default 1 MiB */
  readonly maxMessageSize?: number | undefined
  /** `full`: every envelope, so that no peer learns our topics. `interests`: only what our filters admit. @default 'full' */
  readonly bloom?: 'full' | 'interests' | undefined
  /** Announce a light node: relay nothing of others. @default false */
  readonly light?: boolean | undefined
  /** Refuse a link when both ends are light. @default true */
  readonly restrictLightLinks?: boolean | undefined
  /** Answer Messages packets with packets 12 and 11. @default true */
  readonly confirmations?: boolean | undefined
  /** Disconnect peers that send bad envelopes, except for clock skew, like geth. @default false */
  readonly strict?: boolean | undefined
  /** `immediate`, or one batch per interval in milliseconds like geth's 300. @default 'immediate' */
  readonly forwarding?: 'immediate' | number | undefined
  /** Each envelope waits a random time up to this before it goes to a peer: hides who wrote it. @default 0 */
  readonly randomDelayMs?: number | undefined
  /** How long a peer may take to send Status; half of it to answer on its link when a second one comes. @default 5000 */
  readonly handshakeTimeoutMs?: number | undefined
  /** How far clocks may be apart. @default 10 s */
  readonly syncAllowanceSeconds?: number | undefined
  /** How long an old PoW or bloom requirement is still honoured after a change. @default 10000 */
  readonly toleranceMs?: number | undefined
  /** Lifetime of a message that names none. @default 50 s */
  readonly defaultTtlSeconds?: number | undefined
  /** Work of a message that names none: target and seconds. @default 0.002 and 5 s */
  readonly defaultPow?: { readonly target: number; readonly timeSeconds: number } | undefined
  /** Most memory of live envelopes, bytes, with what each costs beside its own; the lowest PoW is evicted first. @default 64 MiB */
  readonly poolMaxBytes?: number | undefined
  /** Most links at once. @default 256 */
  readonly maxPeers?: number | undefined
  /** Packets a second from one address, 0 = no limit; an IPv6 /64 counts as one; loopback and private addresses are exempt. @default 0 */
  readonly rateLimitPerAddress?: number | undefined
  /** Packets a second from one peer, 0 = no limit. @default 0 */
  readonly rateLimitPerPeer?: number | undefined
  /**
   * Work that the packets of one peer may ask for, milliseconds a second, 0 = no limit. Counted by what go-ethereum needs for such packets:
   * with the default, one core of it, no peer that it would keep up with is slowed down. @default 1000
   */
  readonly rateLimitWorkPerPeer?: number | undefined
  /** Envelopes a second of one topic from one peer, 0 = no limit; more are refused. @default 0 */
  readonly rateLimitPerTopic?: number | undefined
  /** Disconnect a peer after so many packets over its limit, 0 = never. @default 0 */
  readonly rateLimitTolerance?: number | undefined
  /** Peer ids and addresses without limits, besides static and trusted links. @default none */
  readonly rateLimitExempt?: readonly string[] | undefined
  /** Most filters and subscriptions. @default 20000 */
  readonly maxFilters?: number | undefined
  /** Most messages waiting in one filter or subscription. @default 1024 */
  readonly maxQueuedMessages?: number | undefined
  /** `post` waits so long at most until the connected peers have taken the envelope. @default 2000 */
  readonly sendWaitMs?: number | undefined
  /** Symmetric key of mailserver requests, as a password. @default 'status-offline-inbox' */
  readonly mailserverPassword?: string | undefined
  /** How long a mailserver may take for a page. @default 10000 */
  readonly requestTimeoutMs?: number | undefined
  /** Most bytes a mailserver may push for one page. @default 32 MiB */
  readonly historyMaxBytes?: number | undefined
  /**
   * Live messages of an open history range wait for its pages, so long for the next one, and never longer than 30 s in all. 0: they
   * do not wait, for a server could withhold them so. @default 0
   */
  readonly historyHoldMs?: number | undefined
  /** PoW search threads, 0 = in the calling thread. @default one less than the processors, at least 1 */
  readonly powWorkers?: number | undefined
}

/** The options of every protocol of the family. */
export interface EnvelopeNodeOptions extends WhisperOptions {
  /** Payload bytes a second from one address, 0 = no limit; an IPv6 /64 counts as one; loopback and private addresses are exempt. @default 0 */
  readonly byteLimitPerAddress?: number | undefined
  /** Payload bytes a second from one peer, 0 = no limit. @default 0 */
  readonly byteLimitPerPeer?: number | undefined
}

type Plain<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** The options with every default filled in and checked. */
export type ResolvedOptions = Omit<Plain<EnvelopeNodeOptions>, 'powWorkers'> & {
  readonly powWorkers: number | undefined
}

const mib = 1024 * 1024

const defaults: ResolvedOptions = {
  minPow: 0.000002,
  maxMessageSize: mib,
  bloom: 'full',
  light: false,
  restrictLightLinks: true,
  confirmations: true,
  strict: false,
  forwarding: 'immediate',
  randomDelayMs: 0,
  handshakeTimeoutMs: 5000,
  syncAllowanceSeconds: 10,
  toleranceMs: 10_000,
  defaultTtlSeconds: 50,
  defaultPow: { target: 0.002, timeSeconds: 5 },
  poolMaxBytes: 64 * mib,
  maxPeers: 256,
  rateLimitPerAddress: 0,
  rateLimitPerPeer: 0,
  rateLimitWorkPerPeer: 1000,
  rateLimitPerTopic: 0,
  byteLimitPerAddress: 0,
  byteLimitPerPeer: 0,
  rateLimitTolerance: 0,
  rateLimitExempt: [],
  maxFilters: 20_000,
  maxQueuedMessages: 1024,
  sendWaitMs: 2000,
  mailserverPassword: 'status-offline-inbox',
  requestTimeoutMs: 10_000,
  historyMaxBytes: 32 * mib,
  historyHoldMs: 0,
  powWorkers: undefined
}

type NumberOption = {
  [K in keyof ResolvedOptions]: ResolvedOptions[K] extends number ? K : never
}[keyof ResolvedOptions]

const ranges: readonly (readonly [NumberOption, number, number])[] = [
  ['minPow', 0, Number.MAX_VALUE],
  ['maxMessageSize', 1024, limits.maxMessageSize],
  ['randomDelayMs', 0, 60_000],
  ['handshakeTimeoutMs', 1, 600_000],
  ['syncAllowanceSeconds', 0, 3600],
  ['toleranceMs', 0, 600_000],
  ['defaultTtlSeconds', 1, 0xffff_ffff],
  ['poolMaxBytes', 1024, 2 ** 40],
  ['maxPeers', 1, 65_536],
  ['rateLimitPerAddress', 0, 1e9],
  ['rateLimitPerPeer', 0, 1e9],
  ['rateLimitWorkPerPeer', 0, 1e9],
  ['rateLimitPerTopic', 0, 1e9],
  ['byteLimitPerAddress', 0, 1e12],
  ['byteLimitPerPeer', 0, 1e12],
  ['rateLimitTolerance', 0, 1e9],
  ['maxFilters', 1, 1e7],
  ['maxQueuedMessages', 1, 1e7],
  ['sendWaitMs', 0, 600_000],
  ['requestTimeoutMs', 1, 3_600_000],
  ['historyMaxBytes', 1024, 2 ** 40],
  ['historyHoldMs', 0, 3_600_000]
]

const flags = ['light', 'restrictLightLinks', 'confirmations', 'strict'] as const

/**
 * Checks options and fills in what was not given. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * resolveOptions({ minPow: 0.01 }).maxMessageSize // 1048576
 * ```
 */
export function resolveOptions(options: EnvelopeNodeOptions = {}): ResolvedOptions {
  check.options('options', options, Object.keys(defaults))
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved = { ...defaults, ...(given as Partial<ResolvedOptions>) }
  for (const [name, low, high] of ranges) check.number(name, resolved[name], low, high)
  for (const name of flags) check.boolean(name, resolved[name])
  const { bloom, forwarding, powWorkers, defaultPow, rateLimitExempt, mailserverPassword } = resolved
  check.oneOf('bloom', bloom, ['full', 'interests'])
  if (forwarding !== 'immediate') check.number('forwarding', forwarding, 1, 60_000)
  if (powWorkers !== undefined) check.integer('powWorkers', powWorkers, 0, 64)
  checkPow('defaultPow', defaultPow)
  check.array('rateLimitExempt', rateLimitExempt)
  for (const id of rateLimitExempt) check.text('rateLimitExempt', id)
  check.text('mailserverPassword', mailserverPassword)
  return Object.freeze(resolved)
}
