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

/** @throws RpcError `invalid-argument` */
export function resolveOptions(options: RpcOptions): ResolvedOptions {
  check.options('options', options, ['flavour', 'wakuBytes', 'networkId', 'limits'])
  const { flavour = 'geth', wakuBytes = 'hex', networkId = '1' } = options
  check.oneOf('flavour', flavour, ['geth', 'status-go'])
  check.oneOf('wakuBytes', wakuBytes, ['hex', 'base64'])
  if (typeof networkId !== 'string' || !/^[0-9]{1,20}$/.test(networkId))
    throw invalidOption('networkId', 'expected 1 to 20 decimal digits')
  const limits: Record<keyof RpcLimits, number> = { ...defaultLimits }
  if (options.limits !== undefined) check.options('limits', options.limits, Object.keys(defaultLimits))
  for (const [name, value] of Object.entries(options.limits ?? {})) {
    if (value === undefined) continue
    check.integer(`limits.${name}`, value, 1, Number.MAX_SAFE_INTEGER)
    limits[name as keyof RpcLimits] = value
  }
  return Object.freeze({ flavour, wakuBytes, networkId, limits: Object.freeze(limits) })
}
