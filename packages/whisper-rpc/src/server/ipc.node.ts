import { chmod, mkdtemp, rename, rm, rmdir, stat } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { RpcError } from '../errors.ts'
import type { Rpc } from '../rpc.ts'
import { createCalls } from './calls.ts'
import { createJsonStream } from './json-stream.ts'
import { closed, listen } from './listen.node.ts'
import { type RpcServer, resolveServerOptions, type ServerOptions } from './options.ts'

/** A server on a Unix socket. */
export interface IpcOptions extends Pick<ServerOptions, 'maxBodyBytes' | 'maxConnections' | 'maxBufferedBytes'> {
  /** Path of the socket; it is readable and writable by its owner alone. */
  readonly path: string
}

/**
 * Serves the API on a Unix socket, with subscriptions: JSON texts one after the other, nothing between them. A socket left
 * behind by a process that is gone is replaced.
 * @throws RpcError `invalid-option`, `address-in-use`
 */
export async function serveIpc(rpc: Rpc, options: IpcOptions): Promise<RpcServer> {
  const { maxBodyBytes, maxConnections, maxBufferedBytes } = resolveServerOptions(options, 0)
  await removeStale(options.path)
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveSocket(rpc, socket, maxBodyBytes, maxBufferedBytes)
  })
  server.maxConnections = maxConnections
  // Made where nobody else can reach it, and moved once its permissions are right.
  const folder = await mkdtemp(join(dirname(options.path), '.ipc-'))
  const hidden = join(folder, basename(options.path))
  try {
    await listen(server, { path: hidden })
    await chmod(hidden, 0o600)
    await rename(hidden, options.path)
  } catch (error) {
    await closed(server)
    await rm(hidden, { force: true })
    throw error
  } finally {
    await rmdir(folder)
  }
  return {
    url: options.path,
    close: async () => {
      const done = closed(server)
      for (const socket of sockets) socket.destroy()
      await done
      await rm(options.path, { force: true })
    }
  }
}

/** Makes room for a socket where one is that nobody listens on. @throws RpcError `address-in-use` */
async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return
  const taken = new RpcError('address-in-use', `${path}: something is there already`, { origin: 'environment' })
  if (!found.isSocket()) throw taken
  const answers = await new Promise<boolean>(resolve => {
    const probe = connect(path, () => resolve(true))
    probe.on('error', () => resolve(false))
    probe.on('connect', () => probe.destroy())
  })
  if (answers) throw taken
  await rm(path, { force: true })
}

function serveSocket(rpc: Rpc, socket: Socket, maxBodyBytes: number, maxBufferedBytes: number): void {
  const connection = rpc.connect(json => {
    if (socket.destroyed) return
    if (socket.writableLength > maxBufferedBytes) socket.destroy()
    else socket.write(`${json}\n`)
  })
  const receive = createCalls(connection, rpc.limits.maxCalls, {
    pause: () => void socket.pause(),
    resume: () => void socket.resume()
  })
  const stream = createJsonStream(maxBodyBytes)
  socket.on('data', (chunk: Uint8Array) => {
    const texts = stream.push(chunk)
    for (const text of texts ?? []) receive(text)
    if (texts !== undefined) return
    // What follows cannot be told apart from the broken text any more.
    const error = { code: -32700, message: 'parse error' }
    socket.end(`${JSON.stringify({ jsonrpc: '2.0', id: null, error })}\n`, () => socket.destroy())
    socket.removeAllListeners('data')
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => connection.close())
}
