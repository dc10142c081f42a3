import { chmod, mkdtemp, rename, rm, rmdir, stat } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createHoldingBudget } from '@status-stack/utils'
import { check, checkGrace, checkRpc } from '../checks.ts'
import { invalidOption, RpcError } from '../errors.ts'
import { serverLimits } from '../limits.ts'
import type { Rpc } from '../rpc.ts'
import { createSharedBudget } from './budget.ts'
import { closed, listen } from './listen.node.ts'
import { type RpcServer, resolveServerOptions, type ServerOptions } from './options.ts'
import { type PeerStream, servePeerStream } from './peer-stream.node.ts'

/** Bytes of a socket's path, its end included. SPEC: `sun_path` of unix(7); macOS has four fewer. */
const longestPath = platform() === 'darwin' ? 103 : 107

/** A server on a Unix socket. */
export interface IpcOptions
  extends Pick<ServerOptions, 'maxBodyBytes' | 'maxConnections' | 'maxBufferedBytes' | 'onDrop'> {
  /** Path of the socket; it is readable and writable by its owner alone. */
  readonly path: string
}

const names = ['path', 'maxBodyBytes', 'maxConnections', 'maxBufferedBytes', 'onDrop'] satisfies (keyof IpcOptions)[]

/**
 * Serves the API on a Unix socket, with subscriptions: JSON texts one after the other, nothing between them. A socket left
 * behind by a process that is gone is replaced.
 * @throws RpcError `invalid-argument`, `address-in-use`
 *
 * @example
 * ```ts
 * const server = await serveIpc(createRpc({ whisper }), { path: './geth.ipc' })
 * ```
 */
export async function serveIpc(rpc: Rpc, options: IpcOptions): Promise<RpcServer> {
  checkRpc(rpc)
  const { maxBodyBytes, maxConnections, maxBufferedBytes } = resolveServerOptions(options, 0, names)
  check.text('path', options.path)
  assertFits(options.path)
  await removeStale(options.path)
  const peers = new Map<Socket, PeerStream>()
  // BOUNDED: heldAnswerBytes
  const unread = createHoldingBudget(serverLimits.heldAnswerBytes)
  // BOUNDED: heldCallBytes. A connection is paused at `maxBodyBytes`, with one more text at most.
  const running = createSharedBudget(serverLimits.heldCallBytes, 2 * maxBodyBytes)
  // A client may end its direction and still read: what it asked is answered.
  const server = createServer({ allowHalfOpen: true }, socket => {
    const destroy = (): void => void socket.destroy()
    const { onDrop } = options
    const bounds = { maxBodyBytes, maxBufferedBytes, unread, running }
    const peer = servePeerStream(rpc, socket, socket, { ...bounds, onDrop, destroy })
    peers.set(socket, peer)
    socket.on('close', () => peers.delete(socket))
  })
  server.maxConnections = maxConnections
  server.on('drop', () => options.onDrop?.('too-many'))
  // Made where no other user can reach it, and moved once its permissions are right.
  const folder = await mkdtemp(join(dirname(options.path), '.'))
  const hidden = join(folder, 's')
  let own: number
  try {
    await listen(server, { path: hidden })
    await chmod(hidden, 0o600)
    own = (await stat(hidden)).ino
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
    close: async (graceMs = 0) => {
      checkGrace(graceMs)
      const done = closed(server)
      await Promise.all([...peers.values()].map(peer => peer.finish(graceMs)))
      for (const socket of peers.keys()) socket.destroy()
      await done
      // Another server may have put its own there.
      const found = await stat(options.path).catch(() => undefined)
      if (found?.ino === own) await rm(options.path, { force: true })
    }
  }
}

const bytesIn = (text: string): number => new TextEncoder().encode(text).length

/** Where it is made has the longest path: `.XXXXXX/s` beside it. @throws RpcError `invalid-argument` */
function assertFits(path: string): void {
  const name = basename(path)
  const most = longestPath - Math.max(0, '.XXXXXX/s'.length - bytesIn(name))
  const got = bytesIn(path)
  if (got > most)
    throw invalidOption('path', `the path of a Unix socket has at most ${most} bytes here, got ${got}: ${path}`)
}

/** Removes a socket on which no process listens. @throws RpcError `address-in-use` */
async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return
  const taken = new RpcError('address-in-use', `${path}: something is there already`, { origin: 'environment' })
  if (!found.isSocket()) throw taken
  const answers = await new Promise<boolean>(resolve => {
    const probe = connect(path, () => resolve(true))
    // Any other failure may come of a process that listens: the queue of one that is busy is full.
    probe.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'))
    probe.on('connect', () => probe.destroy())
  })
  if (answers) throw taken
  await rm(path, { force: true })
}
