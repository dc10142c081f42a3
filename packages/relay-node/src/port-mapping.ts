import { type Host, isLoopback } from '@status-stack/devp2p-transport'
import { createNat, type Mapping, type Nat, parseNat } from '@status-stack/devp2p-transport/nat'
import type { Emitter } from '@status-stack/utils'
import type { RelayEvents } from './events.ts'

/** The ports that a node has on this machine. */
interface LocalPorts {
  readonly tcpPort: number
  /** Without discovery there is none. */
  readonly udpPort: number | undefined
}

/** What others should dial: kept up to date in the enode URL of the host. */
export interface Reachability {
  /** Others agree on our address: it counts as long as no gateway has told another. */
  readonly seenAs: (address: string) => void
  /** The TCP port at which others reach us. */
  readonly tcpPort: () => number
  /** From now on changes are told. Opens the ports where that is wanted. */
  readonly start: (ports: LocalPorts) => void
  readonly facts: () => { readonly address: string | undefined; readonly mappings: readonly Mapping[] } | undefined
  readonly stop: () => Promise<void>
}

const nothing = (): void => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** @param nat as `parseNat` takes it */
export function createReachability(
  host: Host,
  nat: string,
  listenAddress: string,
  { emit }: Pick<Emitter<RelayEvents>, 'emit'>
): Reachability {
  let ports: LocalPorts = { tcpPort: 0, udpPort: undefined }
  let gateway: Nat | undefined
  let started = false
  const mapped = (protocol: Mapping['protocol']): number | undefined =>
    gateway?.mappings().find(mapping => mapping.protocol === protocol)?.externalPort
  const advertise = (address: string | undefined): void => {
    host.setExternalAddress(address)
    host.setAdvertisedPorts({ tcpPort: mapped('tcp'), udpPort: mapped('udp') ?? ports.udpPort })
    if (started) emit('addresschanged', { address, enode: host.enode() })
  }
  return {
    seenAs: address => {
      if (gateway?.externalAddress() === undefined) advertise(address)
    },
    tcpPort: () => mapped('tcp') ?? ports.tcpPort,
    start: given => {
      ports = given
      advertise(undefined)
      const { kind } = parseNat(nat)
      if (kind !== 'none') {
        if (kind !== 'extip' && isLoopback(listenAddress)) emit('portmappingunused', {})
        gateway = createNat(
          { logger: { ...silent, warn: message => emit('portmappingfailed', { message }) } },
          { nat, listenAddress, ...ports, onAddress: advertise }
        )
        // A gateway may take seconds to answer, or not be there.
        void gateway.start()
      }
      started = true
    },
    facts: () => gateway && { address: gateway.externalAddress(), mappings: gateway.mappings() },
    stop: async () => gateway?.stop()
  }
}
