import { check } from './checks.ts'
import { invalidOption } from './errors.ts'
import { defaultLimits, type RpcLimits } from './limits.ts'

/** Everything optional; checked once by `createRpc`. */
export interface RpcOptions {
  /**
   * Whose habits to follow: `geth` gives key pairs random ids; `status-go` derives them from the public key, takes public
   * keys for ids, and has `shh_uninstallFilter`. @default 'geth'
   */
  readonly flavour?: 'geth' | 'status-go' | undefined
  /**
   * How `waku_*` writes and reads byte strings. status-go 0.56.10 has base64 for payload, padding, public keys, signers and hashes, because
   * its converters were not generated; the specification has hex. Topics and keys are hex in both. @default 'hex'
   */
  readonly wakuBytes?: 'hex' | 'base64' | undefined
  /** Answer of `net_version`. @default '1' */
  readonly networkId?: string | undefined
  /** Bounds; see `RpcLimits`. */
  readonly limits?: { readonly [Name in keyof RpcLimits]?: number | undefined } | undefined
}

/** The options after defaults and checks. */
export interface ResolvedOptions {
  readonly flavour: 'geth' | 'status-go'
  readonly wakuBytes: 'hex' | 'base64'
  readonly networkId: string
  readonly limits: RpcLimits
}

/** @throws RpcError `invalid-option` */
export function resolveOptions(options: RpcOptions): ResolvedOptions {
  check.object('options', options)
  const { flavour = 'geth', wakuBytes = 'hex', networkId = '1' } = options
  if (flavour !== 'geth' && flavour !== 'status-go') {
    throw invalidOption(
      `flavour: expected 'geth' or 'status-go', got ${typeof flavour === 'string' ? flavour : typeof flavour}`
    )
  }
  if (wakuBytes !== 'hex' && wakuBytes !== 'base64') throw invalidOption("wakuBytes: expected 'hex' or 'base64'")
  if (typeof networkId !== 'string' || !/^[0-9]{1,20}$/.test(networkId))
    throw invalidOption('networkId: expected 1 to 20 decimal digits')
  const limits: Record<keyof RpcLimits, number> = { ...defaultLimits }
  if (options.limits !== undefined) check.object('limits', options.limits)
  for (const [name, value] of Object.entries(options.limits ?? {})) {
    if (value === undefined) continue
    if (!(Object.hasOwn(defaultLimits, name) && Number.isInteger(value) && value >= 1)) {
      throw invalidOption(`limits.${name}: expected a known limit and an integer above 0, got ${String(value)}`)
    }
    limits[name as keyof RpcLimits] = value
  }
  return Object.freeze({ flavour, wakuBytes, networkId, limits: Object.freeze(limits) })
}
