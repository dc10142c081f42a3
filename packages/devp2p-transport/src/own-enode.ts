import { formatEnode } from './enode.ts'
import { check } from './errors.ts'
import type { Host } from './host-types.ts'

/** What our enode URL says, by what is known of our address and ports. */
export interface OwnEnode extends Pick<Host, 'setExternalAddress' | 'setAdvertisedPorts'> {
  /** @param listening where we listen, `undefined` while we do not */
  readonly url: (listening: { readonly address: string; readonly port: number } | undefined) => string
}

export function createOwnEnode(publicKey: Uint8Array): OwnEnode {
  let externalAddress: string | undefined
  let advertised: Parameters<Host['setAdvertisedPorts']>[0] = {}
  return {
    url: listening => {
      const unspecified = listening?.address === '0.0.0.0' || listening?.address === '::'
      const own = listening === undefined || unspecified ? '127.0.0.1' : listening.address
      return formatEnode({
        publicKey,
        host: externalAddress ?? own,
        tcpPort: advertised.tcpPort ?? listening?.port ?? 0,
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
