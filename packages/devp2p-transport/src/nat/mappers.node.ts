import { networkInterfaces } from 'node:os'
import { addressBytes, addressText, isLan } from '@status-stack/rlpx/carrier'
import { gatewayTypes } from './description.ts'
import { findIgd } from './igd.node.ts'
import { pmpMapper } from './pmp.node.ts'
import type { NatSpec } from './spec.ts'
import { searchDevices } from './ssdp.node.ts'
import type { FindMappers, PortMapper } from './types.ts'

async function findPmp(host: string, signal: AbortSignal): Promise<PortMapper> {
  const mapper = pmpMapper(host)
  await mapper.externalAddress({ signal })
  return mapper
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
  const attempts: Promise<PortMapper>[] = []
  if (spec.kind === 'any' || spec.kind === 'upnp') {
    const own = searchingAddresses()
    for (const type of gatewayTypes) attempts.push(findIgd(searchDevices(type, own, { signal }), { signal }))
  }
  if (spec.kind === 'any' || spec.kind === 'pmp') {
    const given = spec.kind === 'pmp' ? spec.gateway : undefined
    for (const host of given === undefined ? guessedGateways(ownAddresses()) : [given]) {
      attempts.push(findPmp(host, signal))
    }
  }
  return attempts
}
