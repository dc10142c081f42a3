import { bytesToHex, publicKeyOf } from '@status-stack/crypto'
import { steadyClock } from '@status-stack/utils'
import { nodeIdOf } from '../enode.ts'
import { enodeAddresses } from '../enode-addresses.ts'
import { type Counters, createCounters } from '../metrics.ts'
import type { ResolvedHostOptions } from '../options.ts'
import { type Bans, createBans } from '../peers/bans.ts'
import { createPeerTable, type PeerTable } from '../peers/table.ts'
import type { AddressFormat, Carrier, Clock, Random, Scheduler, StreamListener } from '../ports.ts'
import { systemClock, systemRandom, systemScheduler } from '../system.ts'
import { createHostEventHub, type HostEventHub } from './events.ts'
import type { HostDeps } from './types.ts'

/** What the parts of one host share. */
export interface HostContext {
  readonly options: ResolvedHostOptions
  readonly capabilities: HostDeps['capabilities']
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
  readonly ownPeerId: string
  readonly carrier: Carrier
  readonly addresses: AddressFormat
  /** For durations: it goes on when the system's clock is set back. */
  readonly clock: Clock
  /** For times that are told. */
  readonly wallClock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly counters: Counters
  readonly events: HostEventHub
  readonly table: PeerTable
  readonly bans: Bans
  /** Peer ids that pass the limits. */
  readonly trusted: Set<string>
  readonly status: { phase: 'idle' | 'running' | 'stopping'; dials: boolean; listener: StreamListener | undefined }
}

/** @param deps checked already, as `options` */
export function createHostContext(deps: HostDeps, options: ResolvedHostOptions): HostContext {
  const { clock: wallClock = systemClock, scheduler = systemScheduler, random = systemRandom, carrier } = deps
  const clock = steadyClock(wallClock)
  const privateKey = deps.privateKey.slice()
  const publicKey = publicKeyOf(privateKey)
  const ownPeerId = bytesToHex(nodeIdOf(publicKey))
  const counters = createCounters()
  const { maxPeers, maxInboundPeers } = options
  return {
    options,
    capabilities: deps.capabilities,
    privateKey,
    publicKey,
    ownPeerId,
    carrier,
    addresses: carrier.addresses ?? enodeAddresses,
    clock,
    wallClock,
    scheduler,
    random,
    counters,
    events: createHostEventHub(counters, deps.logger),
    table: createPeerTable({ ownPeerId, maxPeers, maxInboundPeers }),
    bans: createBans(clock),
    trusted: new Set(),
    status: { phase: 'idle', dials: false, listener: undefined }
  }
}
