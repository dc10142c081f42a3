import { timeSlicer } from '@status-stack/utils'
import { check } from './checks.ts'
import { type Core, createCore, whisperFault } from './core.ts'
import { failed, RpcError } from './errors.ts'
import { errorAnswer, resultAnswer } from './json/answer.ts'
import { invalidRequest, type JsonRpcRequest, type JsonRpcText, parseJsonRpc } from './json/parse.ts'
import { type CallContext, decodeArguments, type Method } from './method.ts'
import { keyMethods } from './methods/keys.ts'
import { mailMethods } from './methods/mail.ts'
import { messageMethods } from './methods/messages.ts'
import { nodeMethods } from './methods/node.ts'
import { type RpcOptions, resolveOptions } from './options.ts'
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

/** The API over one node, without a transport; made by `createRpc`. */
export interface Rpc {
  /**
   * Handles one JSON text, a message or a batch, of a client that is only answered, as over HTTP. `undefined`: nothing to
   * answer. Rejects with RpcError `invalid-argument` for what is no text, and for nothing else.
   */
  readonly call: (json: string, options?: { readonly signal?: AbortSignal }) => Promise<string | undefined>
  /** A client that is also notified; `send` takes one JSON text and must not throw. */
  readonly connect: (send: (json: string) => void) => RpcConnection
  /** Forgets all keys and filters, ends subscriptions and aborts running calls. Idempotent. */
  readonly stop: () => Promise<void>
  readonly limits: { readonly maxCalls: number }
}

interface Session {
  readonly context: CallContext
  /** Absent where notifications cannot go. */
  readonly subscriptions: Subscriptions | undefined
}

/** An answer, and what is to happen once it is out. */
interface Handled {
  /** JSON. */
  readonly answer: string | undefined
  readonly afterwards?: () => void
}

/**
 * The `shh_*`, `shhext_*` and `net_*` API of go-ethereum and status-go over a Whisper node.
 * @example
 * ```ts
 * const rpc = createRpc({ whisper })
 * await rpc.call('{"jsonrpc":"2.0","id":1,"method":"shh_version"}') // '{"jsonrpc":"2.0","id":1,"result":"6.0"}'
 * ```
 * @throws RpcError `invalid-option`, `invalid-argument`
 */
export function createRpc(deps: RpcDeps, options: RpcOptions = {}): Rpc {
  check.object('deps', deps)
  check.object('deps.whisper', deps.whisper)
  const core = createCore(deps, resolveOptions(options))
  const methods = new Map<string, Method>(
    Object.entries({ ...nodeMethods(core), ...keyMethods(core), ...messageMethods(core), ...mailMethods(core) })
  )
  const stopped = new AbortController()
  const connections = new Set<RpcConnection>()
  const running = new Set<Promise<unknown>>()

  async function answer(
    json: string,
    session: Session
  ): Promise<{ readonly json?: string; readonly afterwards: () => void }> {
    const work = answerTo(core, methods, json, session)
    running.add(work)
    try {
      return await work
    } finally {
      running.delete(work)
    }
  }

  return {
    limits: core.options.limits,
    call: async (json, { signal } = {}) => {
      check.text('json', json)
      const both = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal])
      const { json: answered } = await answer(json, { context: { signal: both }, subscriptions: undefined })
      return answered
    },
    connect: send => {
      check.function('send', send)
      const gone = new AbortController()
      const context = { signal: AbortSignal.any([gone.signal, stopped.signal]) }
      const subscriptions = createSubscriptions(core, send)
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
          subscriptions.close()
          gone.abort(failed('connection closed'))
        }
      }
      connections.add(connection)
      return connection
    },
    stop: async () => {
      stopped.abort(new RpcError('stopped', 'the API was stopped', { origin: 'environment' }))
      for (const connection of [...connections]) connection.close()
      await Promise.allSettled([...running])
      for (const id of core.filters) deps.whisper.filters.remove(id)
      core.filters.clear()
      core.keys.clear()
    }
  }
}

/** Answers one text. Calls of a batch run one after the other, so that a later one finds what an earlier one made. */
async function answerTo(
  core: Core,
  methods: ReadonlyMap<string, Method>,
  json: string,
  session: Session
): Promise<{ readonly json?: string; readonly afterwards: () => void }> {
  const { limits } = core.options
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
    const { answer, afterwards } = await handle(core, methods, request, session)
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

async function handle(
  core: Core,
  methods: ReadonlyMap<string, Method>,
  request: JsonRpcRequest,
  session: Session
): Promise<Handled> {
  const { id, hasId, name } = request
  const silent = !hasId && name !== ''
  if (!silent && (id === undefined || name === '')) return { answer: errorAnswer(id, invalidRequest()) }
  try {
    session.context.signal.throwIfAborted()
    const { result, afterwards } = await run(methods, request, session)
    return {
      answer: silent || id === undefined ? undefined : resultAnswer(id, result),
      ...(afterwards ? { afterwards } : {})
    }
  } catch (error) {
    const fault = whisperFault(error)
    if (!RpcError.is(fault)) core.deps.logger?.error('a call failed unexpectedly', { method: name.slice(0, 64) })
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
    const { id, begin } = await subscriptions.subscribe(params, namespace)
    return { result: id, afterwards: begin }
  }
  if (namespace !== undefined) {
    const [id] = decodeArguments(params, [text])
    if (subscriptions === undefined) throw failed('notifications not supported')
    return { result: subscriptions.unsubscribe(String(id)) }
  }
  const found = methods.get(name)
  if (found === undefined) {
    const message = `the method ${name.slice(0, 200)} does not exist/is not available`
    throw new RpcError('method-not-found', message, { origin: 'peer' })
  }
  return { result: await found.run(decodeArguments(params, found.params), context) }
}
