import type { Logger, Scheduler } from '../ports.ts'
import type { NatSpec } from './spec.ts'

/** One port, as it is mapped. */
export interface Mapping {
  /** Which of the two ports of that number. */
  readonly protocol: 'tcp' | 'udp'
  /** Where we listen. */
  readonly internalPort: number
  /** What others dial; the gateway may give another one than was asked for. */
  readonly externalPort: number
}

/** A gateway that maps ports. */
export interface PortMapper {
  /** The protocol that it speaks. */
  readonly kind: 'upnp' | 'pmp'
  /** IP address of the gateway's other side; rejects when it has none or does not answer. */
  readonly externalAddress: (options: { readonly signal: AbortSignal }) => Promise<string>
  /** Returns the external port that was given. */
  readonly map: (
    mapping: Mapping & { readonly lifetimeSeconds: number; readonly description: string },
    options: { readonly signal: AbortSignal }
  ) => Promise<number>
  /** Deletes a mapping; rejects when the gateway does not answer. */
  readonly unmap: (mapping: Mapping, options: { readonly signal: AbortSignal }) => Promise<void>
  /** Frees what the mapper holds here; mappings stay. */
  readonly close: () => Promise<void>
}

/** Looks for gateways: each promise is one way of asking, the first that succeeds is used, all are asked at once. */
export type FindMappers = (
  spec: NatSpec,
  options: { readonly signal: AbortSignal }
) => Promise<readonly Promise<PortMapper>[]>

/** Collaborators of port mapping. */
export interface NatDeps {
  /** Renews mappings and ends what takes too long. @default setTimeout, never keeping the process alive */
  readonly scheduler?: Scheduler | undefined
  /** Looks for gateways. @default UPnP and NAT-PMP on the local network */
  readonly findMappers?: FindMappers | undefined
  /** Told when a mapping fails. @default silent */
  readonly logger?: Logger | undefined
}

/** Values of port mapping. */
export interface NatOptions {
  /** A string as {@link parseNat} reads it. @default 'any' */
  readonly nat?: string | undefined
  /** What we listen at: a loopback address is never mapped. */
  readonly listenAddress: string
  /** The port that is mapped for RLPx. */
  readonly tcpPort: number
  /** The port that is mapped for discovery. @default none */
  readonly udpPort?: number | undefined
  /** For how long a gateway is asked to map a port; it is asked anew before that. @default 1 200 */
  readonly lifetimeSeconds?: number | undefined
  /** Between two renewals, milliseconds. @default 900 000 */
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
  /** As the gateway or the NAT string says; `undefined` while it is not known. */
  readonly externalAddress: () => string | undefined
  /** Those that stand now. */
  readonly mappings: () => readonly Mapping[]
}
