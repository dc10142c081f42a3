import { check } from './checks.ts'
import { defaultLimits, type SyncLimits } from './limits.ts'

/**
 * How messages leave. `batch`: pushed, and repeated until they are acknowledged. `interactive`: offered, and sent on request. `direct`:
 * sent once as they are, with no payload around them, and settled as `sent`; what others send is still unwrapped and acknowledged.
 */
export type SyncMode = 'batch' | 'interactive' | 'direct'

/** Everything optional; checked once by `createSync`. */
export interface SyncOptions {
  /** See {@link SyncMode}; status-go does `batch`. @default 'batch' */
  readonly mode?: SyncMode | undefined
  /** Time between ticks while started; milliseconds, 10 to 60 000. @default 300 */
  readonly tickMs?: number | undefined
  /** First retry after this time; milliseconds, 100 to 86 400 000. @default 30 000 */
  readonly baseMs?: number | undefined
  /** Longest time between retries, before jitter; milliseconds, at least `baseMs`. @default 3 600 000 */
  readonly ceilingMs?: number | undefined
  /** Share of each wait that is random, both ways; 0 to 0.5. @default 0.1 */
  readonly jitter?: number | undefined
  /** Wait after an attempt that did not leave; milliseconds, 100 to 3 600 000. @default 5 000 */
  readonly unsentMs?: number | undefined
  /** A message older than this is given up; milliseconds, at least `baseMs`. @default 30 days */
  readonly giveUpMs?: number | undefined
  /** A request older than this is given up; milliseconds, at least `baseMs`. @default 6 hours */
  readonly requestGiveUpMs?: number | undefined
  /** Peers that are served at the same time; 1 to 64. @default 8 */
  readonly parallelPeers?: number | undefined
  /** Bounds; see `SyncLimits`. */
  readonly limits?: { readonly [Name in keyof SyncLimits]?: number | undefined } | undefined
}

/** The options after defaults and checks. */
export interface ResolvedOptions {
  readonly mode: SyncMode
  readonly tickMs: number
  readonly baseMs: number
  readonly ceilingMs: number
  readonly jitter: number
  readonly unsentMs: number
  readonly giveUpMs: number
  readonly requestGiveUpMs: number
  readonly parallelPeers: number
  readonly limits: SyncLimits
}

const modes: readonly SyncMode[] = ['batch', 'interactive', 'direct']
const hour = 3_600_000
const days = 24 * hour

function inRange(name: string, value: number, low: number, high: number): number {
  check.number(name, value, low, high)
  return value
}

function resolveLimits(given: SyncOptions['limits']): SyncLimits {
  if (given !== undefined) check.options('limits', given, Object.keys(defaultLimits))
  const limits: Record<keyof SyncLimits, number> = { ...defaultLimits }
  for (const name of Object.keys(defaultLimits) as (keyof SyncLimits)[]) {
    const value = given?.[name]
    if (value !== undefined) limits[name] = inRange(`limits.${name}`, value, 1, 2 ** 31)
  }
  return Object.freeze(limits)
}

/** @throws SyncError `invalid-argument` */
export function resolveOptions(options: SyncOptions): ResolvedOptions {
  check.object('options', options)
  const { mode = 'batch', baseMs = 30_000 } = options
  check.oneOf('mode', mode, modes)
  inRange('baseMs', baseMs, 100, days)
  const { tickMs = 300, jitter = 0.1, unsentMs = 5000, parallelPeers = 8, giveUpMs = 30 * days } = options
  const { ceilingMs = Math.max(hour, baseMs), requestGiveUpMs = Math.max(6 * hour, baseMs) } = options
  const resolved: ResolvedOptions = {
    mode,
    baseMs,
    tickMs: inRange('tickMs', tickMs, 10, 60_000),
    ceilingMs: inRange('ceilingMs', ceilingMs, baseMs, 30 * days),
    jitter: inRange('jitter', jitter, 0, 0.5),
    unsentMs: inRange('unsentMs', unsentMs, 100, hour),
    giveUpMs: inRange('giveUpMs', giveUpMs, baseMs, 3650 * days),
    requestGiveUpMs: inRange('requestGiveUpMs', requestGiveUpMs, baseMs, 30 * days),
    parallelPeers: inRange('parallelPeers', parallelPeers, 1, 64),
    limits: resolveLimits(options.limits)
  }
  check.options('options', options, Object.keys(resolved))
  return Object.freeze(resolved)
}
