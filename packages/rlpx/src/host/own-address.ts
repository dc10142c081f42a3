import { check } from '../errors.ts'
import type { AddressFormat } from '../ports.ts'
import type { Host } from './types.ts'

/** What our own address says, by what is known of where others reach us. */
export interface OwnAddress extends Pick<Host, 'setExternalAddress' | 'setAdvertisedPorts'> {
  /** @param listening where we listen, `undefined` while we do not */
  readonly text: (listening: { readonly address: string; readonly port: number } | undefined) => string
}

export function createOwnAddress(publicKey: Uint8Array, format: AddressFormat['format']): OwnAddress {
  let externalAddress: string | undefined
  let advertised: Parameters<Host['setAdvertisedPorts']>[0] = {}
  return {
    text: listening => {
      const unspecified = listening?.address === '0.0.0.0' || listening?.address === '::'
      const own = listening === undefined || unspecified ? '127.0.0.1' : listening.address
      return format({
        publicKey,
        host: externalAddress ?? own,
        port: advertised.tcpPort ?? listening?.port ?? 0,
        ...(advertised.udpPort === undefined ? {} : { udpPort: advertised.udpPort })
      })
    },
    setExternalAddress: address => {
      if (address !== undefined) check.text('address', address)
      externalAddress = address
    },
    setAdvertisedPorts: ports => {
      check.object('ports', ports)
      for (const [name, port] of Object.entries(ports)) {
        if (port !== undefined) check.integer(name, port, 0, 65_535)
      }
      advertised = { ...ports }
    }
  }
}
