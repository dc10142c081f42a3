import type { Client, ClientEvents } from '@status-stack/status-client'
import type { Rpc } from '@status-stack/whisper-rpc'
import { isRecord } from '../account-file.ts'
import { skewView } from '../clock-facts.ts'
import { limits } from '../limits.ts'
import { type JsonEvent, versioned } from '../output.ts'
import { ArgumentError, readArguments } from './arguments.ts'
import { CallError, faultOf, rpcCodes } from './errors.ts'
import { type EventName, eventNames } from './event-names.ts'
import { accountEvents } from './events.ts'
import { accountMethods } from './methods/index.ts'
import { scanRequest } from './request-text.ts'
import { fromWire, type RemoteEvent, remoteCalls, remoteEvents, toWire } from './wire.ts'

/** Methods that belong to the connection, with their parameters. */
export const connectionMethods = Object.freeze({
  subscribe: ['events'],
  unsubscribe: ['events'],
  client: ['call', 'args'],
  clientEvents: ['events']
} as const)

type ConnectionMethod = keyof typeof connectionMethods

interface Caller {
  /** Absent where nothing but an answer can be sent. */
  readonly notify?: ((method: string, params: unknown) => void) | undefined
  readonly subscribed: Set<EventName>
  /** The same facts for the program's own commands, as the client gives them. */
  readonly raw: Set<RemoteEvent>
  readonly gone: AbortController
  /** Bytes of the calls that are not answered yet. */
  heldBytes: number
}

/** JSON-RPC 2.0 over a running client: the same facts as `--json`, for other programs. Served by whisper-rpc's servers. */
export function createAccountRpc(client: Client): Rpc {
  const callers = new Set<Caller>()
  const tell = (name: EventName, event: () => JsonEvent): void => {
    for (const { notify, subscribed } of [...callers]) if (subscribed.has(name)) notify?.('event', versioned(event()))
  }
  /** What was said of our clock while it is wrong: later subscribers are told too. */
  let wrongClock: ClientEvents['skew'] | undefined
  const offs = [
    ...eventNames.map(name => accountEvents[name](client, event => tell(name, event))),
    ...remoteEvents.map(name =>
      client.on(name as keyof ClientEvents, fact => {
        for (const { notify, raw } of [...callers])
          if (raw.has(name)) notify?.('clientEvent', { name, fact: toWire(fact) })
      })
    ),
    client.on('skew', fact => {
      wrongClock = fact.warning ? fact : undefined
    })
  ]

  /** With `refusal` nothing is done, and every call is answered with it. */
  async function answer(json: string, caller: Caller, refusal?: CallError): Promise<string | undefined> {
    // BOUNDED: callDepth, callValues, batchCalls: looked at before anything is built of it.
    const { tooMuch, batch, ids } = scanRequest(json)
    if (tooMuch === 'calls') return errorText(longBatch)
    if (tooMuch === 'values') return batch ? `[${errorText(largeBatch)}]` : errorText(largeParams, ids.get(0))
    let value: unknown
    try {
      value = JSON.parse(json)
    } catch {
      return errorText(new CallError(rpcCodes.parse, 'parse error'))
    }
    if (!Array.isArray(value)) return one(value, ids.get(0), caller, refusal)
    if (value.length === 0 || value.length > limits.batchCalls) return errorText(longBatch)
    const answers: string[] = []
    for (const [index, request] of value.entries()) {
      const answered = await one(request, ids.get(index), caller, refusal)
      if (answered !== undefined) answers.push(answered)
    }
    return answers.length === 0 ? undefined : `[${answers.join(',')}]`
  }

  /** The same while what this connection has under way is within bounds: the texts of calls are held until they are answered. */
  async function answerWithin(json: string, caller: Caller): Promise<string | undefined> {
    // BOUNDED: unansweredBytes; a single call always fits. A character of a text takes two bytes at most.
    const bytes = 2 * json.length
    if (caller.heldBytes > 0 && caller.heldBytes + bytes > limits.unansweredBytes)
      return answer(json, caller, new CallError(rpcCodes.request, 'too many bytes of calls wait for an answer'))
    caller.heldBytes += bytes
    try {
      return await answer(json, caller)
    } finally {
      caller.heldBytes -= bytes
    }
  }

  /** `rawId` is the text of the id. */
  async function one(
    request: unknown,
    rawId: string | undefined,
    caller: Caller,
    refusal: CallError | undefined
  ): Promise<string | undefined> {
    const { id, method, params } = isRecord(request) ? request : ({} as Readonly<Record<string, unknown>>)
    const silent = id === undefined && typeof method === 'string'
    const named = typeof id === 'string' || typeof id === 'number' || id === null || silent
    const idText = !named ? 'null' : typeof id === 'number' && rawId !== undefined ? rawId : JSON.stringify(id ?? null)
    const answered = (key: 'result' | 'error', fact: unknown): string | undefined =>
      silent ? undefined : `{"jsonrpc":"2.0","id":${idText},"${key}":${JSON.stringify(fact ?? null)}}`
    try {
      if (typeof method !== 'string' || !named) throw new CallError(rpcCodes.request, 'invalid request')
      if (refusal !== undefined) throw refusal
      return answered('result', await perform(method, params, caller))
    } catch (error) {
      return answered('error', faultOf(error))
    }
  }

  async function perform(name: string, params: unknown, caller: Caller): Promise<unknown> {
    if (Object.hasOwn(connectionMethods, name)) return ofConnection(name as ConnectionMethod, params, caller)
    const method = Object.hasOwn(accountMethods, name) ? accountMethods[name] : undefined
    if (method === undefined) throw new CallError(rpcCodes.method, `there is no method ${name.slice(0, 64)}`)
    return versionedResult(await method.run(client, readArguments(params, method.params), caller.gone.signal))
  }

  async function ofConnection(name: ConnectionMethod, params: unknown, caller: Caller): Promise<unknown> {
    const args = readArguments(params, connectionMethods[name])
    if (name === 'client') {
      const call = remoteCalls.find(candidate => candidate === args.text('call'))
      if (call === undefined) throw new ArgumentError('call: the daemon does not do this for others')
      const values = args.list('args').map(value => (value === null ? undefined : fromWire(value, caller.gone.signal)))
      const work = client[call] as (...all: readonly unknown[]) => unknown
      return toWire(await work(...values))
    }
    if (caller.notify === undefined) throw new CallError(rpcCodes.failed, 'this connection cannot be notified')
    const wanted = args.texts('events')
    if (name === 'clientEvents') {
      for (const event of known(wanted, remoteEvents)) caller.raw.add(event)
      if (wrongClock !== undefined && wanted.includes('skew'))
        caller.notify('clientEvent', { name: 'skew', fact: toWire(wrongClock) })
      return {}
    }
    for (const event of known(wanted, eventNames)) {
      if (name === 'subscribe') caller.subscribed.add(event)
      else caller.subscribed.delete(event)
    }
    if (wrongClock !== undefined && name === 'subscribe' && wanted.includes('skew'))
      caller.notify('event', versioned(skewView(wrongClock).event))
    return { events: [...caller.subscribed] }
  }

  const createCaller = (notify?: Caller['notify']): Caller => ({
    notify,
    subscribed: new Set(),
    raw: new Set(),
    gone: new AbortController(),
    heldBytes: 0
  })

  return {
    limits: { maxCalls: limits.runningCalls },
    call: json => answer(json, createCaller()),
    connect: send => {
      const caller = createCaller((method, params) => send(JSON.stringify({ jsonrpc: '2.0', method, params })))
      callers.add(caller)
      return {
        receive: async json => {
          const answered = await answerWithin(json, caller)
          if (answered !== undefined && callers.has(caller)) send(answered)
        },
        close: () => {
          callers.delete(caller)
          caller.gone.abort()
        }
      }
    },
    stop: async () => {
      for (const caller of callers) caller.gone.abort()
      callers.clear()
      for (const off of offs) off()
    }
  }
}

function known<T extends string>(wanted: readonly string[], names: readonly T[]): readonly T[] {
  return wanted.map(text => {
    const event = names.find(name => name === text)
    if (event === undefined) throw new ArgumentError(`events: expected some of ${names.join(', ')}`)
    return event
  })
}

/** Results that are facts carry the format, as they do with `--json`. */
function versionedResult(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(versionedResult)
  return typeof result === 'object' && result !== null && 'event' in result ? versioned(result as JsonEvent) : result
}

const longBatch = new CallError(rpcCodes.request, `expected 1 to ${limits.batchCalls} calls`)
const largeBatch = new CallError(
  rpcCodes.request,
  `expected at most ${limits.callValues} values, nested at most ${limits.callDepth} deep`
)
const largeParams = new CallError(
  rpcCodes.params,
  `params: expected at most ${limits.callValues} values, nested at most ${limits.callDepth} deep`
)

/** `rawId` is the text of the id in what was not parsed. */
function errorText(error: CallError, rawId = 'null'): string {
  return `{"jsonrpc":"2.0","id":${isJson(rawId) ? rawId : 'null'},"error":${JSON.stringify(faultOf(error))}}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
