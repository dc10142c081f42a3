import { networkInterfaces } from 'node:os'
import { environmentError } from '../errors.ts'
import { addressBytes, addressText, isLan } from '../peers/address.ts'
import { findIgd1, gatewayType } from './igd1.node.ts'
import { localAddressTowards } from './local-address.node.ts'
import type { FindMappers, Mapping, PortMapper } from './nat.ts'
import type { NatSpec } from './spec.ts'
import { searchDevices } from './ssdp.node.ts'

/** What we use of `@achingbrain/nat-port-mapper`. */
interface Library {
  readonly upnpNat: (options: object) => {
    readonly findGateways: (options: { signal: AbortSignal }) => AsyncIterable<LibraryGateway>
  }
  readonly pmpNat: (gateway: string, options: object) => LibraryGateway
}

interface LibraryGateway {
  readonly host: string
  readonly family: 'IPv4' | 'IPv6'
  readonly map: (port: number, host: string, options: object) => Promise<{ readonly externalPort: number }>
  readonly externalIp: (options: { signal: AbortSignal }) => Promise<string>
  readonly stop: (options?: object) => Promise<void>
  /** Of a UPnP gateway: the device behind it, which can be given any command. */
  readonly getGateway?: (options: { signal: AbortSignal }) => Promise<{
    readonly run: (
      service: string,
      action: string,
      args: readonly (readonly [string, string | number])[],
      options: object
    ) => Promise<unknown>
  }>
}

const wanIpConnection = 'urn:schemas-upnp-org:service:WANIPConnection:2'

async function loadLibrary(): Promise<Library> {
  try {
    return (await import('@achingbrain/nat-port-mapper')) as unknown as Library
  } catch (cause) {
    throw environmentError('unavailable', 'NAT: @achingbrain/nat-port-mapper is not installed', {}, cause)
  }
}

function upnpMapper(gateway: LibraryGateway): PortMapper {
  return {
    kind: 'upnp',
    externalAddress: ({ signal }) => gateway.externalIp({ signal }),
    map: async ({ protocol, internalPort, externalPort, lifetimeSeconds, description }, { signal }) => {
      const host = await localAddressTowards(gateway.host)
      // We renew by our own timer; the library's would keep the process alive.
      const options = { protocol, externalPort, description, ttl: lifetimeSeconds * 1000, autoRefresh: false, signal }
      return (await gateway.map(internalPort, host, options)).externalPort
    },
    unmap: async ({ protocol, externalPort }, { signal }) => {
      // DEVIATION: the library's own `unmap` sends no protocol, which gateways refuse (seen with miniupnpd 2.3.1).
      const device = await gateway.getGateway?.({ signal })
      const args = [
        ['NewRemoteHost', ''],
        ['NewExternalPort', externalPort],
        ['NewProtocol', protocol.toUpperCase()]
      ] as const
      await device?.run(wanIpConnection, 'DeletePortMapping', args, { signal })
    },
    close: () => quietly(gateway)
  }
}

/** Only the socket is closed: mappings are deleted one by one before. */
async function quietly(gateway: LibraryGateway): Promise<void> {
  const known = gateway as { mappings?: Map<unknown, unknown>; refreshIntervals?: Map<unknown, unknown> }
  known.mappings?.clear()
  known.refreshIntervals?.clear()
  await gateway.stop().catch(() => undefined)
}

function pmpMapper(gateway: LibraryGateway): PortMapper {
  const request = async (mapping: Mapping, lifetimeSeconds: number, signal: AbortSignal): Promise<number> => {
    // DEVIATION: the library documents `ttl` in milliseconds and writes it as seconds.
    const options = {
      protocol: mapping.protocol,
      externalPort: mapping.externalPort,
      ttl: lifetimeSeconds,
      autoRefresh: false,
      signal
    }
    return (await gateway.map(mapping.internalPort, '', options)).externalPort
  }
  return {
    kind: 'pmp',
    externalAddress: ({ signal }) => gateway.externalIp({ signal }),
    map: (mapping, { signal }) => request(mapping, mapping.lifetimeSeconds, signal),
    unmap: async (mapping, { signal }) => {
      await request(mapping, 0, signal)
    },
    close: () => quietly(gateway)
  }
}

async function findUpnp(library: Library, signal: AbortSignal): Promise<PortMapper> {
  for await (const gateway of library.upnpNat({ autoRefresh: false }).findGateways({ signal })) {
    if (gateway.family !== 'IPv4') continue
    const mapper = upnpMapper(gateway)
    await mapper.externalAddress({ signal })
    return mapper
  }
  throw environmentError('unavailable', 'NAT: no UPnP gateway answered')
}

async function findPmp(library: Library, host: string, signal: AbortSignal): Promise<PortMapper> {
  const mapper = pmpMapper(library.pmpNat(host, { autoRefresh: false }))
  try {
    await mapper.externalAddress({ signal })
    return mapper
  } catch (error) {
    await mapper.close()
    throw error
  }
}

/** SPEC: for each private IPv4 address of this machine the gateway is guessed as x.y.z.1. */
export function guessedGateways(addresses: readonly string[]): readonly string[] {
  const guesses = addresses.flatMap(address => {
    const bytes = addressBytes(address)
    if (bytes?.length !== 4 || !isLan(address) || bytes[0] === 169) return []
    return [addressText(bytes.with(3, 1))]
  })
  return [...new Set(guesses)]
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap(entries =>
    (entries ?? []).filter(({ internal }) => !internal).map(({ address }) => address)
  )
}

/** IPv4 addresses that multicast can be sent from. */
function searchingAddresses(): readonly string[] {
  return ownAddresses().filter(address => addressBytes(address)?.length === 4 && !address.startsWith('169.254.'))
}

/** UPnP and NAT-PMP gateways, by what the NAT string asks for. */
export const findMappers: FindMappers = async (spec: NatSpec, { signal }) => {
  // The search for version 1 needs no library: without it, the others fail and that one may still succeed.
  const library = loadLibrary()
  library.catch(() => undefined)
  const attempts: Promise<PortMapper>[] = []
  if (spec.kind === 'any' || spec.kind === 'upnp') {
    attempts.push(library.then(loaded => findUpnp(loaded, signal)))
    attempts.push(findIgd1(searchDevices(gatewayType, searchingAddresses(), { signal }), { signal }))
  }
  if (spec.kind === 'any' || spec.kind === 'pmp') {
    const given = spec.kind === 'pmp' ? spec.gateway : undefined
    for (const host of given === undefined ? guessedGateways(ownAddresses()) : [given]) {
      attempts.push(library.then(loaded => findPmp(loaded, host, signal)))
    }
  }
  return attempts
}
