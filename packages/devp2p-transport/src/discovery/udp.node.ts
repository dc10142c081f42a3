import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { environmentError } from '@status-stack/rlpx/carrier'
import type { DatagramCarrier } from '../ports.ts'

/** Datagrams over UDP. */
export const udpCarrier: DatagramCarrier = Object.freeze<DatagramCarrier>({
  bind: ({ host, port }) =>
    new Promise((resolve, reject) => {
      const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
      const fail = (error: NodeJS.ErrnoException): void => {
        reject(environmentError('network', `discovery: ${error.code ?? 'cannot bind'}`, { port }, error))
      }
      socket.once('error', fail)
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.removeListener('error', fail)
        // A send that fails (no route, ICMP refused) is a lost datagram, no more.
        socket.on('error', () => undefined)
        const { address, port: bound } = socket.address()
        let closed = false
        resolve({
          address,
          port: bound,
          send: (bytes, to) => {
            if (!closed) socket.send(bytes, to.port, to.address, () => undefined)
          },
          receive: handler => {
            socket.on('message', (bytes, from) => {
              const remote = from.address.replace(/^::ffff:(?=\d+\.)/i, '')
              handler(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), {
                address: remote,
                port: from.port
              })
            })
          },
          close: () =>
            new Promise(done => {
              if (closed) {
                done()
                return
              }
              closed = true
              socket.close(() => {
                done()
              })
            })
        })
      })
    })
})
