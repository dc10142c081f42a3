import { connect, type Socket } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'

/** A TCP connection that says what a test wants, and what came back. */
export interface RawClient {
  readonly socket: Socket
  readonly text: () => string
  readonly closed: Promise<void>
}

/** @param localAddress where it seems to come from @default 127.0.0.1 */
export function rawClient(port: number, localAddress?: string): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const from = localAddress === undefined ? {} : { localAddress }
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, ...from })
    let text = ''
    const closed = new Promise<void>(done => {
      socket.once('close', () => done())
      socket.once('end', () => socket.end())
    })
    socket.on('data', (bytes: Uint8Array) => {
      text += new TextDecoder('latin1').decode(bytes)
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.on('error', () => undefined)
      resolve({ socket, text: () => text, closed })
    })
  })
}

/** A request to open a WebSocket, whole unless it is cut. */
export function upgradeRequest(headers: Readonly<Record<string, string>> = {}, path = '/'): string {
  const all = {
    host: '127.0.0.1',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** A WebSocket of the library, not of ours, and how it ended. */
export interface StrangeClient {
  readonly socket: WebSocket
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

export async function strangeClient(
  url: string,
  options: ClientOptions = {},
  protocols: readonly string[] = []
): Promise<StrangeClient> {
  const socket = new WebSocket(url, [...protocols], options)
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  return { socket, closed }
}

/** The status with which a request to open a WebSocket is refused; 101 when it is not. */
export function statusOf(url: string, options: ClientOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options)
    socket.on('error', reject)
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
      request.destroy()
    })
  })
}
