import { scanJsonCalls } from '@status-stack/utils'
import type { Rpc } from '@status-stack/whisper-rpc'
import { type Account, isMethod } from './account.ts'
import { AccountError, ArgumentError, CallError, faultOf } from './errors.ts'
import { type EventName, eventNames } from './events.ts'
import { type JsonEvent, versioned } from './facts.ts'
import { limits } from './limits.ts'
import type { CallOptions } from './method.ts'
import { type ConnectionMethodName, connectionMethods } from './methods.ts'
import { readParams } from './params.ts'

/** One connection, or one text of a caller that can only be answered. */
interface Caller {
  /** Absent where nothing but an answer can be sent. */
  readonly notify?: ((method: string, params: unknown) => void) | undefined
  /** What ends each subscription. */
  readonly subscribed: Map<EventName, () => void>
  readonly gone: AbortController
  /** Bytes of the calls that are not answered yet. */
  heldBytes: number
}

/**
 * JSON-RPC 2.0 over an account: the same facts as `--json`, for other programs. Hand it to the servers of
 * `@status-stack/whisper-rpc/server`.
 *
 * @example
 * ```ts
 * const rpc = serveAccount(createAccount(client))
 * const server = await serveIpc(rpc, { path: '/run/user/1000/status' })
 * ```
 */
export function serveAccount(account: Account): Rpc {
  const callers = new Set<Caller>()
  const createCaller = (notify?: Caller['notify']): Caller => ({
    notify,
    subscribed: new Map(),
    gone: new AbortController(),
    heldBytes: 0
  })
  const end = (caller: Caller): void => {
    callers.delete(caller)
    for (const off of caller.subscribed.values()) off()
    caller.subscribed.clear()
    caller.gone.abort()
  }
  return {
    limits: { maxCalls: limits.runningCalls },
    call: json => answer(account, json, createCaller()),
    connect: send => {
      const caller = createCaller((method, params) => send(JSON.stringify({ jsonrpc: '2.0', method, params })))
      callers.add(caller)
      return {
        receive: async json => {
          const answered = await answerWithin(account, json, caller)
          if (answered !== undefined && callers.has(caller)) send(answered)
        },
        close: () => end(caller)
      }
    },
    stop: async () => {
      for (const caller of [...callers]) end(caller)
    }
  }
}

/** Answers while what this connection has under way is within bounds: the texts of calls are held until they are answered. */
async function answerWithin(account: Account, json: string, caller: Caller): Promise<string | undefined> {
  // BOUNDED: unansweredBytes; a single call always fits. A character of a text takes two bytes at most.
  const bytes = 2 * json.length
  if (caller.heldBytes > 0 && caller.heldBytes + bytes > limits.unansweredBytes)
    return answer(account, json, caller, new CallError('request', 'too many bytes of unanswered calls'))
  caller.heldBytes += bytes
  try {
    return await answer(account, json, caller)
  } finally {
    caller.heldBytes -= bytes
  }
}

/** With `refusal` nothing is done, and every call is answered with it. */
async function answer(
  account: Account,
  json: string,
  caller: Caller,
  refusal?: CallError
): Promise<string | undefined> {
  // BOUNDED: callDepth, callValues, batchCalls, before anything is built from the text. In one step: in slices, a short call could
  // overtake a long one that came before it.
  const { exceeds, isBatch, ids } = scanJsonCalls(json, textBounds)
  if (exceeds === 'calls') return errorText(longBatch)
  if (exceeds !== undefined) return isBatch ? `[${errorText(largeBatch)}]` : errorText(largeParams, ids.get(0))
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return errorText(new CallError('parse', 'parse error'))
  }
  if (!Array.isArray(value)) return answerOne(account, value, ids.get(0), caller, refusal)
  if (value.length === 0 || value.length > limits.batchCalls) return errorText(longBatch)
  const answers: string[] = []
  for (const [index, request] of value.entries()) {
    const answered = await answerOne(account, request, ids.get(index), caller, refusal)
    if (answered !== undefined) answers.push(answered)
  }
  return answers.length === 0 ? undefined : `[${answers.join(',')}]`
}

/** `rawId` is the text of the id. */
async function answerOne(
  account: Account,
  request: unknown,
  rawId: string | undefined,
  caller: Caller,
  refusal: CallError | undefined
): Promise<string | undefined> {
  const isObject = typeof request === 'object' && request !== null && !Array.isArray(request)
  const { id, method, params } = (isObject ? request : {}) as Readonly<Record<string, unknown>>
  const silent = id === undefined && typeof method === 'string'
  const named = typeof id === 'string' || typeof id === 'number' || id === null || silent
  const idText = !named ? 'null' : typeof id === 'number' && rawId !== undefined ? rawId : JSON.stringify(id ?? null)
  const answered = (key: 'result' | 'error', fact: unknown): string | undefined =>
    silent ? undefined : `{"jsonrpc":"2.0","id":${idText},"${key}":${JSON.stringify(fact ?? null)}}`
  try {
    if (typeof method !== 'string' || !named) throw new CallError('request', 'invalid request')
    if (refusal !== undefined) throw refusal
    return answered('result', await perform(account, method, params, caller))
  } catch (error) {
    return answered('error', faultOf(error))
  }
}

async function perform(account: Account, name: string, params: unknown, caller: Caller): Promise<unknown> {
  if (Object.hasOwn(connectionMethods, name)) return subscribe(account, name as ConnectionMethodName, params, caller)
  if (!isMethod(name)) throw new CallError('method', `there is no method ${name.slice(0, 64)}`)
  const method = account[name] as (params: unknown, options: CallOptions) => Promise<unknown>
  return versionedResult(await method(params, { signal: caller.gone.signal }))
}

/** The two methods of the connection. */
function subscribe(account: Account, name: ConnectionMethodName, params: unknown, caller: Caller): unknown {
  const { notify, subscribed } = caller
  if (notify === undefined) throw new AccountError('no-notifications', 'this connection cannot receive notifications')
  const wanted = readParams(connectionMethods[name].params, params).events
  for (const event of wanted.map(knownEvent)) {
    if (name === 'unsubscribe') {
      subscribed.get(event)?.()
      subscribed.delete(event)
    } else if (!subscribed.has(event))
      subscribed.set(
        event,
        account.on(event, fact => notify('event', versioned(fact)))
      )
  }
  return { events: [...subscribed.keys()] }
}

function knownEvent(text: string): EventName {
  const event = eventNames.find(name => name === text)
  if (event === undefined) throw new ArgumentError(`events: expected some of ${eventNames.join(', ')}`)
  return event
}

/** Results that are facts carry the format, as they do with `--json`. */
function versionedResult(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(versionedResult)
  return typeof result === 'object' && result !== null && 'event' in result ? versioned(result as JsonEvent) : result
}

const textBounds = { maxDepth: limits.callDepth, maxValues: limits.callValues, maxCalls: limits.batchCalls }
const longBatch = new CallError('request', `expected 1 to ${limits.batchCalls} calls`)
const largeBatch = new CallError(
  'request',
  `expected at most ${limits.callValues} values, nested at most ${limits.callDepth} deep`
)
const largeParams = new CallError(
  'params',
  `params: expected at most ${limits.callValues} values, nested at most ${limits.callDepth} deep`
)

/** `rawId` is the id as it was written in a text that was not parsed. */
function errorText(error: CallError, rawId = 'null'): string {
  return `{"jsonrpc":"2.0","id":${isId(rawId) ? rawId : 'null'},"error":${JSON.stringify(faultOf(error))}}`
}

function isId(text: string): boolean {
  try {
    return ['string', 'number'].includes(typeof JSON.parse(text))
  } catch {
    return false
  }
}
