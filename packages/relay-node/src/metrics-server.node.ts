import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkListen } from './arguments.ts'
import { check, systemError } from './errors.ts'
import { notReady, type RelayFacts } from './facts.ts'
import { type HostRules, refusalOf } from './http-guard.node.ts'
import { limits } from './limits.ts'
import { metricsText } from './metrics.node.ts'

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

const plain = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`
})

function answer(path: string, facts: () => RelayFacts): Answer {
  switch (path) {
    case '/metrics':
      return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: metricsText(facts()) }
    case '/healthz':
      return plain(200, 'ok')
    case '/readyz': {
      const why = notReady(facts())
      return why === undefined ? plain(200, 'ready') : plain(503, why)
    }
    default:
      return plain(404, 'not found: there are /metrics, /healthz and /readyz')
  }
}

function admitted(request: IncomingMessage, rules: HostRules, facts: () => RelayFacts): Answer {
  const refusal = refusalOf(request, rules)
  if (refusal !== undefined) return plain(refusal.status, refusal.reason)
  return answer((request.url ?? '').split('?', 1)[0] ?? '', facts)
}

/**
 * Serves a relay's counters and health over HTTP: GET and HEAD of three paths, nothing else. It tells numbers, no keys and
 * no addresses of peers, to every program that can connect and names it rightly: loopback or a trusted network.
 * @param names host names by which it may be asked, beside addresses
 * @throws RelayError `metrics` when the address cannot be used, `invalid-argument`
 *
 * @example
 * ```ts
 * const { url, close } = await serveMetrics({ host: '127.0.0.1', port: 9090 }, relay.facts)
 * ```
 */
export async function serveMetrics(
  at: { readonly host: string; readonly port: number },
  facts: () => RelayFacts,
  names: readonly string[] = []
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  checkListen('at', at)
  check.function('facts', facts)
  check.array('names', names)
  for (const name of names) check.text('names', name)
  const rules: HostRules = { listenHost: at.host, names }
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, headers } = request
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
    const found =
      method !== 'GET' && method !== 'HEAD'
        ? plain(405, 'GET or HEAD')
        : hasBody
          ? plain(413, 'no body is read')
          : admitted(request, rules, facts)
    if (found.status === 405) response.setHeader('Allow', 'GET, HEAD')
    // What follows a body that is not read must not be taken for the next request.
    if (hasBody) response.setHeader('Connection', 'close')
    response.writeHead(found.status, {
      'Content-Type': found.type,
      'Content-Length': new TextEncoder().encode(found.body).length,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff'
    })
    response.end(method === 'HEAD' ? undefined : found.body, () => {
      if (hasBody) request.destroy()
    })
  }
  const server = createServer(
    {
      maxHeaderSize: limits.metricsHeaderBytes,
      headersTimeout: limits.metricsRequestMs,
      requestTimeout: limits.metricsRequestMs,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: limits.metricsKeepAliveMs,
      // Answered by our own rule, which is the same for HTTP/1.0.
      requireHostHeader: false
    },
    respond
  )
  // BOUNDED: metricsConnections; more are closed at once.
  server.maxConnections = limits.metricsConnections
  server.maxRequestsPerSocket = limits.metricsRequestsPerConnection
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        systemError('metrics', `metrics cannot be served on ${at.host}:${at.port} (${error.code})`, { cause: error })
      )
    })
    server.listen(at.port, at.host, resolve)
  })
  // The listening socket may fail later, for want of files say: that ends one connection, not the process.
  server.on('error', () => undefined)
  const { address, port, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
