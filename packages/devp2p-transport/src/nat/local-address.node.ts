import { createSocket } from 'node:dgram'

/** The address this machine uses towards `host`: nothing is sent. */
export function localAddressTowards(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', reject)
    socket.connect(9, host, () => {
      const { address } = socket.address()
      socket.close()
      resolve(address)
    })
  })
}
