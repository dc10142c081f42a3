import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { Common, Mainnet } from '@ethereumjs/common'
import { type Capabilities, Peer, pk2id } from '@ethereumjs/devp2p'
import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { compress } from 'snappyjs'

/** The independent implementation: one stock peer object with a plain capability on it. */
export interface StockPeer {
  readonly peer: Peer
  readonly received: { code: number; payload: Uint8Array }[]
  readonly connected: Promise<void>
  readonly closed: Promise<number | undefined>
  readonly send: (code: number, payload: Uint8Array) => void
}

const stockCommon: Common = new Common({ chain: Mainnet })

function stockPeer(
  socket: Socket,
  privateKey: Uint8Array,
  remotePublicKey?: Uint8Array,
  name = 'shh',
  length = 128
): StockPeer {
  const received: { code: number; payload: Uint8Array }[] = []
  let rawSend: (code: number, data: Uint8Array) => unknown = () => undefined
  class Plain {
    constructor(_version: number, _peer: Peer, send: (code: number, data: Uint8Array) => unknown) {
      rawSend = send
    }
    _handleMessage(code: number, payload: Uint8Array): void {
      received.push({ code, payload })
    }
  }
  const capability = { name, version: 6, length, constructor: Plain } as unknown as Capabilities
  const peer = new Peer({
    socket,
    remoteId: (remotePublicKey === undefined ? null : pk2id(remotePublicKey)) as Uint8Array,
    privateKey,
    id: pk2id(publicKeyOf(privateKey)),
    timeout: 8000,
    clientId: new TextEncoder().encode('stock/v1'),
    capabilities: [capability],
    common: stockCommon,
    port: null as unknown as number
  } as unknown as ConstructorParameters<typeof Peer>[0])
  socket.on('error', () => undefined)
  peer.events.on('error', () => undefined)
  return {
    peer,
    received,
    connected: new Promise(resolve => peer.events.once('connect', () => resolve())),
    closed: new Promise(resolve => peer.events.once('close', (reason: number | undefined) => resolve(reason))),
    send: (code, payload) => {
      const snappy = (peer.getHelloMessage()?.protocolVersion ?? 0) >= 5
      rawSend(code, snappy ? compress(payload) : payload)
    }
  }
}

export async function stockDial(
  port: number,
  remotePublicKey: Uint8Array,
  privateKey = generatePrivateKey()
): Promise<StockPeer> {
  const socket = createConnection({ host: '127.0.0.1', port })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  return stockPeer(socket, privateKey, remotePublicKey)
}

export interface StockListener {
  readonly port: number
  readonly publicKey: Uint8Array
  readonly accepted: Promise<StockPeer>
  readonly close: () => Promise<void>
}

export async function stockListen(privateKey = generatePrivateKey()): Promise<StockListener> {
  let server: Server | undefined
  const sockets: Socket[] = []
  const accepted = new Promise<StockPeer>(resolve => {
    server = createServer(socket => {
      sockets.push(socket)
      resolve(stockPeer(socket, privateKey))
    })
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', () => resolve()))
  const address = server?.address()
  if (address === null || address === undefined || typeof address === 'string') throw new Error('no address')
  return {
    port: address.port,
    publicKey: publicKeyOf(privateKey),
    accepted,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        server?.close(() => resolve())
      })
  }
}
