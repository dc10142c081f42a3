import type { Logger, Scheduler } from '../ports.ts'
import type { NatSpec } from './spec.ts'

/** One port, as it is mapped. */
export interface Mapping {
  readonly protocol: 'tcp' | 'udp'
  readonly internalPort: number
  readonly externalPort: number
}

/** A gateway that maps ports. */
export interface PortMapper {
  readonly kind: 'upnp' | 'pmp'
  readonly externalAddress: (options: { readonly signal: AbortSignal }) => Promise<string>
  /** Returns the external port that was given. */
  readonly map: (
    mapping: Mapping & { readonly lifetimeSeconds: number; readonly description: string },
    options: { readonly signal: AbortSignal }
  ) => Promise<number>
  readonly unmap: (mapping: Mapping, options: { readonly signal: AbortSignal }) => Promise<void>
  readonly close: () => Promise<void>
}

/** Looks for gateways: each promise is one way of asking, the first that succeeds is used, all are asked at once. */
export type FindMappers = (
  spec: NatSpec,
  options: { readonly signal: AbortSignal }
) => Promise<readonly Promise<PortMapper>[]>

/** Collaborators of port mapping. */
export interface NatDeps {
  readonly scheduler?: Scheduler | undefined
  /** @deprecated the earlier name of `scheduler` */
  readonly timers?: Scheduler | undefined
  /** @default UPnP and NAT-PMP on the local network */
  readonly findMappers?: FindMappers | undefined
  readonly logger?: Logger | undefined
}

/** Values of port mapping. */
export interface NatOptions {
  /** A string as {@link parseNat} reads it. @default 'any' */
  readonly nat?: string | undefined
  /** What we listen at: a loopback address is never mapped. */
  readonly listenAddress: string
  readonly tcpPort: number
  readonly udpPort?: number | undefined
  /** @default 1 200 */
  readonly lifetimeSeconds?: number | undefined
  /** @default 900 000 */
  readonly refreshMs?: number | undefined
  /** Limit of the search and of each exchange with the gateway. @default 5 000 */
  readonly timeoutMs?: number | undefined
  /** Called when the external address becomes known or changes; `undefined` when it is lost. */
  readonly onAddress?: ((address: string | undefined) => void) | undefined
}

/** Port mapping while it runs. Failures are logged, never thrown: a node works without. */
export interface Nat {
  /** Resolves after the first attempt. */
  readonly start: () => Promise<void>
  /** Deletes the mappings. */
  readonly stop: () => Promise<void>
  readonly externalAddress: () => string | undefined
  readonly mappings: () => readonly Mapping[]
}
