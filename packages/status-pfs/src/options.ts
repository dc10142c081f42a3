import { check } from './checks.ts'
import { PfsError } from './errors.ts'
import { isInstallationId } from './installation-id.ts'
import { limits } from './limits.ts'

const hour = 3_600_000
const day = 24 * hour

/** Values of a sealer; all but `installationId` have defaults. */
export interface SealerOptions {
  /**
   * Name of this device; unique for ever: a re-installed device takes a new one. 1…128 bytes without
   * control characters, not `none`; status-go uses UUIDs.
   */
  readonly installationId: string
  /** Milliseconds before a new prekey is made. @default 86 400 000 (24 h); at least 60 000 */
  readonly bundleLifetimeMs?: number | undefined
  /** Milliseconds a replaced private prekey and an idle session still open late messages. @default 30 days */
  readonly graceMs?: number | undefined
  /** Milliseconds between two advertisements to one peer, and between two prekeys made for recovery. @default 7 200 000 (2 h) */
  readonly cooldownMs?: number | undefined
  /** Milliseconds the key of an opened message waits for `confirm`. @default 172 800 000 (48 h) */
  readonly unconfirmedKeyMs?: number | undefined
  /** Milliseconds the key of a message that did not arrive is kept. @default 30 days */
  readonly skippedKeyMs?: number | undefined
  /** Identities remembered; above it the oldest is forgotten that we never sealed anything for, or that `isKnown` did not know then. @default 2000 */
  readonly maxPeers?: number | undefined
}

export type ResolvedOptions = { readonly [K in keyof SealerOptions]-?: NonNullable<SealerOptions[K]> }

function inRange(name: string, value: number | undefined, byDefault: number, least: number): number {
  const resolved = value === undefined ? byDefault : value
  check.integer(name, resolved, least, Number.MAX_SAFE_INTEGER)
  return resolved
}

/** Validates once. @throws PfsError `invalid-argument` */
export function resolveOptions(options: SealerOptions): ResolvedOptions {
  check.object('options', options)
  if (!isInstallationId(options.installationId)) {
    throw new PfsError(
      'invalid-argument',
      `installationId: expected 1 to ${limits.maxInstallationIdBytes} bytes without control characters, and not "none"`,
      { origin: 'caller', details: { argument: 'installationId' } }
    )
  }
  const resolved: ResolvedOptions = {
    installationId: options.installationId,
    bundleLifetimeMs: inRange('bundleLifetimeMs', options.bundleLifetimeMs, day, 60_000),
    graceMs: inRange('graceMs', options.graceMs, 30 * day, 0),
    cooldownMs: inRange('cooldownMs', options.cooldownMs, 2 * hour, 60_000),
    unconfirmedKeyMs: inRange('unconfirmedKeyMs', options.unconfirmedKeyMs, 2 * day, 0),
    skippedKeyMs: inRange('skippedKeyMs', options.skippedKeyMs, 30 * day, 0),
    maxPeers: inRange('maxPeers', options.maxPeers, 2000, 1)
  }
  check.options('options', options, Object.keys(resolved))
  return Object.freeze(resolved)
}
