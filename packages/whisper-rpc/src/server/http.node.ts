import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Holding, HoldingBudget } from '@status-stack/utils'
import { checkGrace, checkRpc } from '../checks.ts'
import { serverLimits } from '../limits.ts'
import type { Rpc } from '../rpc.ts'
import { createSharedBudget } from './budget.ts'
import { clientOf } from './client.node.ts'
import { assertGuard, headFault, isHostAllowed, isOriginAllowed } from './guard.ts'
import { authorityOf, closed, listen } from './listen.node.ts'
import { type RpcServer, resolveServerOptions, type ServerOptions } from './options.ts'
import { isTokenValid } from './token.ts'
import { createUnreadAnswers } from './unread-answers.node.ts'

const contentTypes = ['application/json', 'application/json-rpc', 'application/jsonrequest']

/** A refusal: HTTP status and text. */
interface Refusal {
  readonly status: number
  readonly text: string
}

/**
 * Serves the API over HTTP: POST of one message or batch. Loopback and port 8545 by default.
 * @throws RpcError `invalid-argument`, `address-in-use`
 *
 * @example
 * ```ts
 * const server = await serveHttp(createRpc({ whisper }))
 * ```
 */
export async function serveHttp(rpc: Rpc, options: ServerOptions = {}): Promise<RpcServer> {
  checkRpc(rpc)
  const resolved = resolveServerOptions(options, 8545)
  assertGuard(resolved.host, options)
  const connectionsCheckingInterval = Math.min(resolved.requestTimeoutMs, 30_000)
  // BOUNDED: heldBodyBytes
  const bodies = createSharedBudget(serverLimits.heldBodyBytes, resolved.maxBodyBytes)
  // BOUNDED: heldCallBytes
  const calls = createSharedBudget(serverLimits.heldCallBytes, resolved.maxBodyBytes + serverLimits.callOverhead)
  const answers = createUnreadAnswers(resolved.requestTimeoutMs, () => options.onDrop?.('slow-reader'))
  // BOUNDED: maxCalls and maxBodyBytes of each connection
  const running = new WeakMap<Socket, Running>()
  const context = { rpc, options, maxBodyBytes: resolved.maxBodyBytes, bodies, calls, running }
  const server = createServer({ connectionsCheckingInterval }, (request, response) => {
    respond(context, { request, response, send: answers.open(response) }).catch(() => response.destroy())
  })
  // A client that ends its direction and reads on gets the answer it is owed.
  Object.assign(server, { httpAllowHalfOpen: true })
  // Each request under way listens to its connection: their number has a bound of its own.
  server.on('connection', socket => socket.setMaxListeners(0))
  server.on('drop', () => options.onDrop?.('too-many'))
  server.maxConnections = resolved.maxConnections
  server.requestTimeout = resolved.requestTimeoutMs
  server.headersTimeout = resolved.requestTimeoutMs
  server.keepAliveTimeout = resolved.idleTimeoutMs
  await listen(server, resolved)
  return {
    url: `http://${authorityOf(server)}`,
    close: async (graceMs = 0) => {
      checkGrace(graceMs)
      const done = closed(server)
      server.closeAllConnections()
      await done
    }
  }
}

/** Requests of one connection under way: a client may send the next ones without waiting for its answers. */
interface Running {
  calls: number
  bytes: number
}

interface HttpContext {
  readonly rpc: Rpc
  readonly options: ServerOptions
  readonly maxBodyBytes: number
  /** Bytes of bodies that arrive, over all connections. */
  readonly bodies: HoldingBudget
  /** Bytes of running calls, over all connections. */
  readonly calls: HoldingBudget
  readonly running: WeakMap<Socket, Running>
}

/** A request, and the way to answer it. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly send: (body?: string) => void
}

/** Aborted when the client is gone; one that ended its direction alone is given `serverLimits.halfClosedMs`. */
function clientGone({ request, response }: Exchange): AbortSignal {
  const gone = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const halfClosed = (): void => {
    timer = setTimeout(() => gone.abort(), serverLimits.halfClosedMs)
    timer.unref()
  }
  // The request lets go of its socket when that breaks.
  const { socket } = request
  socket.once('end', halfClosed)
  response.on('close', () => {
    socket.off('end', halfClosed)
    clearTimeout(timer)
    gone.abort()
  })
  return gone.signal
}

async function respond(context: HttpContext, exchange: Exchange): Promise<void> {
  const { rpc, running } = context
  const { socket } = exchange.request
  const own = running.get(socket) ?? { calls: 0, bytes: 0 }
  running.set(socket, own)
  if (own.calls >= rpc.limits.maxCalls) return refuseConnection(exchange)
  own.calls += 1
  try {
    await answerTo(context, exchange, own)
  } finally {
    own.calls -= 1
  }
}

async function answerTo(context: HttpContext, exchange: Exchange, own: Running): Promise<void> {
  const { rpc, options, maxBodyBytes } = context
  const { request, response } = exchange
  const signal = clientGone(exchange)
  const refusal = refusalOf(request, options, maxBodyBytes)
  const { origin } = request.headers
  if (refusal?.status !== 400 && refusal?.status !== 403 && origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-methods', 'POST')
    response.setHeader('access-control-allow-headers', 'content-type, authorization')
    response.setHeader('vary', 'origin')
  }
  if (refusal !== undefined) return refuse(exchange, refusal)
  if (request.method === 'OPTIONS') return finish(exchange, 204)
  if (!(await isTokenValid(request.headers.authorization, options))) {
    return refuse(exchange, { status: 401, text: 'missing or invalid token' })
  }
  // Health checks ask with an empty GET.
  if (request.method === 'GET') return finish(exchange, 200)
  const body = await bodyOf(request, context)
  if (typeof body !== 'string') return refuse(exchange, body)
  if (own.calls > 1 && own.bytes + body.length > maxBodyBytes) return refuseConnection(exchange)
  own.bytes += body.length
  const { holding, whenGivenUp } = partOf(context.calls)
  holding.set(body.length + serverLimits.callOverhead)
  try {
    const answer = await Promise.race([rpc.call(body, { signal, client: clientOf(request.socket) }), whenGivenUp])
    if (answer === givenUp) return refuse(exchange, tooLargeTogether)
    response.setHeader('content-type', 'application/json')
    finish(exchange, 200, answer)
  } finally {
    own.bytes -= body.length
    holding.set(0)
  }
}

/** What a request is refused for before its body is read. */
function refusalOf(
  request: IncomingMessage,
  { allowedHosts, allowedOrigins = [] }: ServerOptions,
  maxBodyBytes: number
): Refusal | undefined {
  const { method, headers, url } = request
  const fault = headFault(request)
  if (fault !== undefined) return { status: 400, text: fault }
  if (!isHostAllowed(headers.host, allowedHosts, true)) return { status: 403, text: 'invalid host specified' }
  if (!isOriginAllowed(headers.origin, allowedOrigins)) return { status: 403, text: 'origin not allowed' }
  if (method === 'OPTIONS') return undefined
  const length = Number(headers['content-length'] ?? 0)
  const empty = length === 0 && headers['transfer-encoding'] === undefined && url?.includes('?') !== true
  if (method === 'GET' && empty) return undefined
  if (method !== 'POST' && method !== 'GET') return { status: 405, text: 'method not allowed' }
  if (length > maxBodyBytes) return { status: 413, text: tooLarge(maxBodyBytes) }
  const [type] = (headers['content-type'] ?? '').split(';')
  if (method === 'GET' || !contentTypes.includes(type?.trim().toLowerCase() ?? '')) {
    return { status: 415, text: 'invalid content type, only application/json is supported' }
  }
  return undefined
}

function tooLarge(maxBodyBytes: number): string {
  return `content length too large, at most ${maxBodyBytes} bytes`
}

const givenUp = Symbol('given up')
const tooLargeTogether: Refusal = { status: 503, text: 'too many large requests at a time' }

/** What one request holds of a budget, and what tells that it was given up for others. */
function partOf(budget: HoldingBudget): { readonly holding: Holding; readonly whenGivenUp: Promise<typeof givenUp> } {
  let giveUp = (): void => undefined
  const whenGivenUp = new Promise<typeof givenUp>(resolve => {
    giveUp = () => resolve(givenUp)
  })
  return { holding: budget.open(() => giveUp()), whenGivenUp }
}

/** The whole body as text, or why it is not taken. */
async function bodyOf(request: IncomingMessage, { maxBodyBytes, bodies }: HttpContext): Promise<string | Refusal> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  let length = 0
  const { holding, whenGivenUp } = partOf(bodies)
  const chunks = (request as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), whenGivenUp])
      if (next === givenUp) return tooLargeTogether
      if (next.done === true) return parts.join('') + decoder.decode()
      const { value: chunk } = next
      if (length + chunk.length > maxBodyBytes) return { status: 413, text: tooLarge(maxBodyBytes) }
      length += chunk.length
      parts.push(decoder.decode(chunk, { stream: true }))
      holding.set(length)
    }
  } finally {
    holding.set(0)
    // Not awaited: of one that was given up, a chunk may never come.
    chunks.return?.().catch(() => undefined)
  }
}

/** More at a time than one connection may ask for: it ends with what was asked before. */
function refuseConnection(exchange: Exchange): void {
  exchange.response.setHeader('connection', 'close')
  refuse(exchange, { status: 503, text: 'too many requests at a time on one connection' })
}

function refuse(exchange: Exchange, { status, text }: Refusal): void {
  const { request, response } = exchange
  // What is left of the body is not read: the connection ends with the answer.
  if (!request.complete) response.setHeader('connection', 'close')
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  finish(exchange, status, `${text}\n`)
}

function finish({ response, send }: Exchange, status: number, body?: string): void {
  response.statusCode = status
  send(body)
}
