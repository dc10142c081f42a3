import { type CompleteEnode, formatEnode, parseCompleteEnode } from './enode.ts'
import type { AddressFormat, NodeAddress } from './ports.ts'

/** Where a carrier finds the node of an enode URL. */
function addressOfEnode({ publicKey, host, tcpPort }: CompleteEnode): NodeAddress {
  return { publicKey, host, port: tcpPort }
}

/** Nodes written as enode URLs: what carriers have that name no format of their own. */
export const enodeAddresses: AddressFormat = Object.freeze<AddressFormat>({
  parse: text => addressOfEnode(parseCompleteEnode(text)),
  format: ({ publicKey, host, port, udpPort }) =>
    formatEnode({ publicKey, host, tcpPort: port, ...(udpPort === undefined ? {} : { udpPort }) })
})
