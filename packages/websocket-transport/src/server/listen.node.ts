import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Scheduler } from '@status-stack/interface'
import type { ByteStream, StreamListener } from '@status-stack/rlpx'
import { addressKey, systemScheduler } from '@status-stack/rlpx/carrier'
import { listenOn } from '@status-stack/rlpx/node'
import { limits } from '../limits.ts'
import type { ResolvedServerOptions } from './options.ts'
import { createUpgrade, type UpgradeHandler } from './upgrade.node.ts'

/** The oldest of the address that has most of them: one that opens many displaces its own. */
function oldestOfBusiest(pending: Iterable<Socket>): Socket | undefined {
  const byAddress = new Map<string, Socket[]>()
  let busiest: readonly Socket[] = []
  for (const socket of pending) {
    const key = addressKey(socket.remoteAddress ?? '')
    const sockets = byAddress.get(key) ?? []
    sockets.push(socket)
    byAddress.set(key, sockets)
    if (sockets.length > busiest.length) busiest = sockets
  }
  return busiest[0]
}

/** Connections that have not become a WebSocket: few, and not for long. BOUNDED: `limits.pendingUpgrades`. */
function watchPending(
  server: Server,
  scheduler: Scheduler
): { readonly release: (socket: Socket) => void; readonly destroyAll: () => void } {
  const pending = new Map<Socket, () => void>()
  const release = (socket: Socket): void => {
    pending.get(socket)?.()
    pending.delete(socket)
  }
  server.on('connection', (socket: Socket) => {
    if (pending.size >= limits.pendingUpgrades) {
      const oldest = oldestOfBusiest(pending.keys())
      oldest?.destroy()
      if (oldest !== undefined) release(oldest)
    }
    // Not Node's own header timeout, which looks only now and then and not at those who send nothing.
    pending.set(
      socket,
      scheduler.after(limits.upgradeMs, () => socket.destroy())
    )
    socket.once('close', () => release(socket))
  })
  return {
    release,
    destroyAll: () => {
      for (const socket of pending.keys()) socket.destroy()
    }
  }
}

function httpServer(
  upgrade: UpgradeHandler,
  scheduler: Scheduler
): { readonly server: Server; readonly destroyPending: () => void } {
  const server = createServer({ maxHeaderSize: limits.headerBytes, noDelay: true }, (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket', 'content-length': 0 }).end()
  })
  const { release, destroyAll } = watchPending(server, scheduler)
  server.on('upgrade', (request, socket, head) => {
    release(request.socket)
    upgrade(request, socket, head)
  })
  return { server, destroyPending: destroyAll }
}

/** Listens for WebSockets on a port of its own. */
export async function listen(
  at: { readonly host: string; readonly port: number },
  options: ResolvedServerOptions,
  accept: (stream: ByteStream) => void,
  scheduler: Scheduler = systemScheduler
): Promise<StreamListener> {
  const { server, destroyPending } = httpServer(createUpgrade(options, accept, scheduler), scheduler)
  const listener = await listenOn(server, at)
  return {
    ...listener,
    close: () => {
      const closed = listener.close()
      destroyPending()
      return closed
    }
  }
}
