import { timeSlicer, withSignals } from '@status-stack/utils'
import { check } from './checks.ts'
import { type Core, createCore, type Namespace, whisperFault } from './core.ts'
import { failed, RpcError } from './errors.ts'
import { errorAnswer, resultAnswer } from './json/answer.ts'
import { invalidRequest, type JsonRpcRequest, type JsonRpcText, parseJsonRpc } from './json/parse.ts'
import type { RpcLimits } from './limits.ts'
import { type CallContext, decodeArguments, type Method } from './method.ts'
import { networkMethods } from './methods/node.ts'
import { wakuMethods, whisperMethods } from './methods/waku.ts'
import { type ResolvedOptions, type RpcOptions, resolveOptions } from './options.ts'
import type { RpcDeps } from './ports.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'
import { text } from './values/go-json.ts'

/** A client that can be written to: a WebSocket, a socket. */
export interface RpcConnection {
  /** Handles one JSON text; resolves when it was answered. Calls may overlap, answers go out as they are ready. */
  readonly receive: (json: string) => Promise<void>
  /** Ends subscriptions and aborts running calls. Idempotent. */
  readonly close: () => void
}

/** Of one call. */
export interface CallOptions {
  /** Ends the call. @default it ends by itself, or with the API */
  readonly signal?: AbortSignal | undefined
  /** Whose call it is: no client gets all of what they share. Any value, the same for each call of one client. @default one for all calls without */
  readonly client?: unknown
}

/** Of one connection. */
export interface ConnectOptions {
  /** As for a call, where several connections are one client. @default the connection alone */
  readonly client?: unknown
}

/** The API over one node, without a transport; made by `createRpc`. */
export interface Rpc {
  /**
   * Handles one JSON text, a message or a batch, of a client that is only answered, as over HTTP. `undefined`: nothing to
   * answer. Rejects with RpcError `invalid-argument` for what is no text, and for nothing else.
   */
  readonly call: (json: string, options?: CallOptions) => Promise<string | undefined>
  /** A client that is also notified; `send` takes one JSON text and must not throw. */
  readonly connect: (send: (json: string) => void, options?: ConnectOptions) => RpcConnection
  /** Forgets all keys and filters, ends subscriptions and aborts running calls. Idempotent. */
  readonly stop: () => Promise<void>
  /** What transports have to keep to: calls of one connection at a time. */
  readonly limits: { readonly maxCalls: number }
}

interface Session {
  readonly context: CallContext
  /** Absent where notifications cannot go. */
  readonly subscriptions: ReadonlyMap<string, Subscriptions> | undefined
}

/** What answers calls, whoever makes them. */
interface Api {
  readonly methods: ReadonlyMap<string, Method>
  readonly limits: RpcLimits
  readonly logger: RpcDeps['logger']
}

/** What the methods of each node share, by namespace. @throws RpcError `invalid-argument` */
function coresOf(deps: RpcDeps, options: ResolvedOptions): ReadonlyMap<Namespace, Core> {
  const { whisper, waku, nodeKey } = deps
  // Without either, the text says what is missing.
  if (whisper !== undefined || waku === undefined) check.object('deps.whisper', whisper)
  if (waku !== undefined) check.object('deps.waku', waku)
  const node = [
    'info',
    'peers',
    'postEnvelope',
    'setBloomFilter',
    'setMaxMessageSize',
    'setMinPow',
    'setLight',
    'trustPeer'
  ]
  check.ports(deps, {
    whisper: node,
    waku: node,
    nodeKey: ['sign', 'ecdhX'],
    network: ['listening', 'peerCount'],
    clock: ['nowMs'],
    random: ['bytes'],
    logger: ['warn', 'error']
  })
  if (nodeKey !== undefined) check.bytes('nodeKey.publicKey', nodeKey.publicKey, 65)
  const cores = new Map<Namespace, Core>()
  if (whisper !== undefined) cores.set('shh', createCore('shh', whisper, deps, options))
  if (waku !== undefined) cores.set('waku', createCore('waku', waku, deps, options))
  return cores
}

function methodsOf(core: Core): Readonly<Record<string, Method>> {
  return core.namespace === 'shh' ? whisperMethods(core) : wakuMethods(core)
}

/** Peers of the nodes, each once: one link may carry both protocols. */
function peersOf(cores: ReadonlyMap<Namespace, Core>): number {
  const ids = [...cores.values()].flatMap(({ deps }) => deps.whisper.peers().map(({ peerId }) => peerId))
  return new Set(ids).size
}

/** The subscriptions of a namespace; for a namespace that is none, any: they refuse it by name. */
function ofNamespace(subscriptions: ReadonlyMap<string, Subscriptions>, namespace: string): Subscriptions {
  const [first] = subscriptions.values()
  const found = subscriptions.get(namespace) ?? first
  if (found === undefined) throw failed('notifications not supported')
  return found
}

/** An answer, and what is to happen once it is out. */
interface Handled {
  /** JSON. */
  readonly answer: string | undefined
  readonly afterwards?: () => void
}

/**
 * The `shh_*`, `shhext_*` and `net_*` API of go-ethereum and status-go over a Whisper node, and `waku_*` and `wakuext_*` over a Waku node.
 * @example
 * ```ts
 * const rpc = createRpc({ whisper })
 * await rpc.call('{"jsonrpc":"2.0","id":1,"method":"shh_version"}') // '{"jsonrpc":"2.0","id":1,"result":"6.0"}'
 * ```
 * @throws RpcError `invalid-argument`
 */
export function createRpc(deps: RpcDeps, options: RpcOptions = {}): Rpc {
  check.object('deps', deps)
  const resolved = resolveOptions(options)
  const cores = coresOf(deps, resolved)
  const network = deps.network ?? { listening: () => true, peerCount: () => peersOf(cores) }
  const methods = new Map<string, Method>(
    Object.entries({
      ...networkMethods(resolved, network, [...cores.keys()]),
      ...Object.assign({}, ...[...cores.values()].map(methodsOf))
    })
  )
  const api: Api = { methods, limits: resolved.limits, logger: deps.logger }
  const stopped = new AbortController()
  const connections = new Set<RpcConnection>()
  const running = new Set<Promise<unknown>>()
  const anyone = {}

  async function answer(
    json: string,
    session: Session
  ): Promise<{ readonly json?: string; readonly afterwards: () => void }> {
    const work = answerTo(api, json, session)
    running.add(work)
    try {
      return await work
    } finally {
      running.delete(work)
    }
  }

  return {
    limits: resolved.limits,
    call: async (json, options = {}) => {
      check.text('json', json)
      check.options('options', options, ['signal', 'client'])
      const { signal, client = anyone } = options
      check.signal('signal', signal)
      const answered = await withSignals([signal, stopped.signal], both =>
        answer(json, { context: { signal: both, client }, subscriptions: undefined })
      )
      return answered.json
    },
    connect: (send, options = {}) => {
      check.function('send', send)
      check.options('options', options, ['client'])
      const gone = new AbortController()
      const { client = gone } = options
      // `stop` closes every connection, so that none has to leave a note in the signal of the whole API.
      const context = { signal: gone.signal, client }
      const subscriptions = new Map(
        [...cores].map(([name, core]) => [name as string, createSubscriptions(core, send, client)])
      )
      const connection: RpcConnection = {
        receive: async json => {
          check.text('json', json)
          const { json: answered, afterwards } = await answer(json, { context, subscriptions })
          if (gone.signal.aborted) return
          if (answered !== undefined) send(answered)
          afterwards()
        },
        close: () => {
          connections.delete(connection)
          for (const own of subscriptions.values()) own.close()
          gone.abort(stopped.signal.aborted ? stopped.signal.reason : failed('connection closed'))
        }
      }
      connections.add(connection)
      return connection
    },
    stop: async () => {
      stopped.abort(new RpcError('stopped', 'the API was stopped', { origin: 'environment' }))
      for (const connection of [...connections]) connection.close()
      await Promise.allSettled([...running])
      for (const { filters, keys } of cores.values()) {
        for (const remove of filters.values()) remove()
        filters.clear()
        keys.clear()
      }
    }
  }
}

/** Answers one text. Calls of a batch run one after the other, so that a later one finds what an earlier one made. */
async function answerTo(
  api: Api,
  json: string,
  session: Session
): Promise<{ readonly json?: string; readonly afterwards: () => void }> {
  const { limits } = api
  const { maxBatch } = limits
  let parsed: JsonRpcText
  try {
    parsed = await parseJsonRpc(json, limits)
    if (parsed.requests.length > maxBatch) throw invalidRequest(`batch too large, at most ${maxBatch} calls`)
  } catch (error) {
    return { json: errorAnswer(undefined, error), afterwards: () => {} }
  }
  const answers: string[] = []
  const after: (() => void)[] = []
  for (const request of parsed.requests) {
    const { answer, afterwards } = await handle(api, request, session)
    if (answer !== undefined) answers.push(answer)
    if (afterwards !== undefined) after.push(afterwards)
    const pause = timeSlicer.yielded()
    if (pause !== undefined) await pause
  }
  const afterwards = (): void => {
    for (const step of after) step()
  }
  const [first] = answers
  if (first === undefined) return { afterwards }
  return { json: parsed.batch ? `[${answers.join()}]` : first, afterwards }
}

async function handle(api: Api, request: JsonRpcRequest, session: Session): Promise<Handled> {
  const { id, hasId, name } = request
  const silent = !hasId && name !== ''
  if (!silent && (id === undefined || name === '')) return { answer: errorAnswer(id, invalidRequest()) }
  try {
    session.context.signal.throwIfAborted()
    const { result, afterwards } = await run(api.methods, request, session)
    return {
      answer: silent || id === undefined ? undefined : resultAnswer(id, result),
      ...(afterwards ? { afterwards } : {})
    }
  } catch (error) {
    const fault = whisperFault(error)
    if (!RpcError.is(fault)) api.logger?.error('a call failed unexpectedly', { method: name.slice(0, 64) })
    return { answer: silent ? undefined : errorAnswer(id, fault) }
  }
}

async function run(
  methods: ReadonlyMap<string, Method>,
  { name, params }: JsonRpcRequest,
  { context, subscriptions }: Session
): Promise<{ readonly result: unknown; readonly afterwards?: () => void }> {
  const [, namespace, verb] = /^([a-zA-Z0-9]*)_(subscribe|unsubscribe)$/.exec(name) ?? []
  if (namespace !== undefined && verb === 'subscribe') {
    if (subscriptions === undefined) throw failed('notifications not supported')
    const { id, begin } = await ofNamespace(subscriptions, namespace).subscribe(params, namespace)
    return { result: id, afterwards: begin }
  }
  if (namespace !== undefined) {
    const [id] = decodeArguments(params, [text])
    if (subscriptions === undefined) throw failed('notifications not supported')
    return { result: ofNamespace(subscriptions, namespace).unsubscribe(String(id)) }
  }
  const found = methods.get(name)
  if (found === undefined) {
    const message = `the method ${name.slice(0, 200)} does not exist/is not available`
    throw new RpcError('method-not-found', message, { origin: 'peer' })
  }
  return { result: await found.run(decodeArguments(params, found.params), context) }
}
