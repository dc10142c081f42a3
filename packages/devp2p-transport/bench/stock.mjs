// Peers of stock @ethereumjs/devp2p, as the bench's worker drives them. The sender honours `drain`.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { Common, Mainnet } from '@ethereumjs/common'
import { Peer, pk2id } from '@ethereumjs/devp2p'
import { publicKeyOf } from '@status-stack/crypto'
import { compress } from 'snappyjs'

const common = new Common({ chain: Mainnet })

function peerOf(socket, privateKey, remoteId, onMessage) {
  let send
  class Plain {
    constructor(_version, _peer, given) {
      send = given
    }
    _handleMessage(code, payload) {
      onMessage(code, payload.length)
    }
  }
  const peer = new Peer({
    socket,
    remoteId,
    privateKey,
    id: pk2id(publicKeyOf(privateKey)),
    timeout: 8000,
    clientId: new TextEncoder().encode('stock'),
    capabilities: [{ name: 'shh', version: 6, length: 128, constructor: Plain }],
    common,
    port: null
  })
  socket.on('error', () => undefined)
  peer.events.on('error', () => undefined)
  return {
    peer,
    connected: new Promise(resolve => peer.events.once('connect', resolve)),
    send: (...args) => send(...args)
  }
}

export async function listen(onMessage) {
  const privateKey = new Uint8Array(randomBytes(32))
  const peers = new Set()
  let opened = 0
  const server = createServer(socket => {
    const entry = peerOf(socket, privateKey, null, onMessage)
    void entry.connected.then(() => {
      opened++
      peers.add(entry)
    })
    socket.once('close', () => peers.delete(entry))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    publicKey: publicKeyOf(privateKey),
    opened: () => opened,
    peers: () => peers.size,
    close: () => server.close()
  }
}

export async function dial(port, publicKey) {
  const socket = createConnection({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  const privateKey = new Uint8Array(randomBytes(32))
  const entry = peerOf(socket, privateKey, pk2id(publicKey), () => undefined)
  await entry.connected
  return {
    send: payload => {
      entry.send(1, compress(payload))
      return socket.writableNeedDrain ? once(socket, 'drain') : undefined
    },
    close: async () => {
      socket.destroy()
      if (!socket.closed) await once(socket, 'close')
    }
  }
}
