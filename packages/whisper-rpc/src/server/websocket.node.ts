import { createServer, type IncomingMessage } from 'node:http'
import { createHoldingBudget, type HoldingBudget, refuseUpgrade } from '@status-stack/utils'
import { type WebSocket, WebSocketServer } from 'ws'
import { checkGrace, checkRpc } from '../checks.ts'
import { serverLimits } from '../limits.ts'
import type { Rpc } from '../rpc.ts'
import { createSharedBudget } from './budget.ts'
import { type Calls, createCalls } from './calls.ts'
import { clientOf } from './client.node.ts'
import { assertGuard, headFault, isHostAllowed, isOriginAllowed } from './guard.ts'
import { authorityOf, closed, listen } from './listen.node.ts'
import {
  type DropReason,
  type ResolvedServerOptions,
  type RpcServer,
  resolveServerOptions,
  type ServerOptions
} from './options.ts'
import { isTokenValid } from './token.ts'

/**
 * Serves the API over WebSocket, with subscriptions. Loopback and port 8546 by default.
 * @throws RpcError `invalid-argument`, `address-in-use`
 *
 * @example
 * ```ts
 * const server = await serveWebSocket(createRpc({ whisper }), { port: 8546 })
 * ```
 */
export async function serveWebSocket(rpc: Rpc, options: ServerOptions = {}): Promise<RpcServer> {
  checkRpc(rpc)
  const resolved = resolveServerOptions(options, 8546)
  assertGuard(resolved.host, options)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: resolved.maxBodyBytes,
    perMessageDeflate: false,
    clientTracking: true
  })
  const peers = new Map<WebSocket, Calls>()
  // BOUNDED: heldAnswerBytes
  const unread = createHoldingBudget(serverLimits.heldAnswerBytes)
  // BOUNDED: heldCallBytes. A connection is paused at `maxBodyBytes`, with one more text at most.
  const running = createSharedBudget(serverLimits.heldCallBytes, 2 * resolved.maxBodyBytes)
  let closing = false
  const connectionsCheckingInterval = Math.min(resolved.requestTimeoutMs, 30_000)
  const server = createServer({ connectionsCheckingInterval }, (_request, response) => {
    response.statusCode = 426
    response.setHeader('connection', 'close')
    response.end('a WebSocket is expected here\n')
  })
  server.maxConnections = resolved.maxConnections
  server.requestTimeout = resolved.requestTimeoutMs
  server.headersTimeout = resolved.requestTimeoutMs
  server.on('drop', () => options.onDrop?.('too-many'))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (closing) return refuseUpgrade(socket, '503 Service Unavailable')
    admit(request, options)
      .then(refusal => {
        if (refusal !== undefined) return refuseUpgrade(socket, refusal)
        sockets.handleUpgrade(request, socket, head, open => {
          peers.set(
            open,
            serveSocket(rpc, open, { ...resolved, unread, running, client: clientOf(request.socket) }, options.onDrop)
          )
          open.on('close', () => peers.delete(open))
        })
      })
      .catch(() => socket.destroy())
  })
  await listen(server, resolved)
  return {
    url: `ws://${authorityOf(server)}`,
    close: async (graceMs = 0) => {
      checkGrace(graceMs)
      closing = true
      const done = closed(server)
      const grace = waitAtMost(graceMs)
      await Promise.race([Promise.all([...peers.values()].map(calls => calls.stop())), grace.over])
      grace.end()
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await done
    }
  }
}

/** As at go-ethereum. */
const defaultOrigins: readonly string[] = ['http://localhost']

/** The status line to refuse an upgrade with; `undefined` when it is allowed. */
async function admit(request: IncomingMessage, options: ServerOptions): Promise<string | undefined> {
  const { headers } = request
  if (headFault(request) !== undefined) return '400 Bad Request'
  if (!isHostAllowed(headers.host, options.allowedHosts)) return '403 Forbidden'
  if (!isOriginAllowed(headers.origin, options.allowedOrigins ?? defaultOrigins)) return '403 Forbidden'
  if (!(await isTokenValid(headers.authorization, options))) return '401 Unauthorized'
  return undefined
}

/** Ends a wait that has no end of its own. */
function waitAtMost(ms: number): { readonly over: Promise<void>; readonly end: () => void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  return { over, end: () => clearTimeout(timer) }
}

interface SocketBounds extends Pick<ResolvedServerOptions, 'idleTimeoutMs' | 'maxBodyBytes' | 'maxBufferedBytes'> {
  /** What all clients of the server have not read. */
  readonly unread: HoldingBudget
  /** What the running calls of all clients of the server hold. */
  readonly running: HoldingBudget
  readonly client: unknown
}

function serveSocket(
  rpc: Rpc,
  socket: WebSocket,
  { idleTimeoutMs, maxBodyBytes, maxBufferedBytes, unread, running, client }: SocketBounds,
  onDrop: ((reason: DropReason) => void) | undefined
): Calls {
  const drop = (reason: DropReason): void => {
    onDrop?.(reason)
    socket.terminate()
  }
  const held = unread.open(() => drop('slow-reader'))
  const send = (json: string): void => {
    if (socket.readyState !== socket.OPEN) return
    // A reader that is this far behind would make the node keep everything for it.
    if (socket.bufferedAmount > maxBufferedBytes) drop('slow-reader')
    else {
      socket.send(json, () => held.set(socket.bufferedAmount))
      held.set(socket.bufferedAmount)
    }
  }
  const connection = rpc.connect(send, { client })
  const calls = createCalls(
    connection,
    { maxCalls: rpc.limits.maxCalls, maxBytes: maxBodyBytes, budget: running, giveUp: () => drop('large-calls') },
    socket
  )
  let alive = true
  const timer = setInterval(() => {
    // While its calls keep us from reading, silence says nothing.
    if (!alive && !socket.isPaused) socket.terminate()
    alive = socket.isPaused
    socket.ping()
  }, idleTimeoutMs)
  timer.unref()
  socket.on('pong', () => {
    alive = true
  })
  socket.on('message', data => {
    alive = true
    calls.receive(data.toString())
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(timer)
    held.set(0)
    connection.close()
  })
  return calls
}
