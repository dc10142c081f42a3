import type { Client } from '@status-stack/status-client'
import type { Rpc } from '@status-stack/whisper-rpc'
import { type JsonEvent, versioned } from '../output.ts'
import { ArgumentError, readArguments } from './arguments.ts'
import { CallError, faultOf, rpcCodes } from './errors.ts'
import { type EventName, eventNames } from './event-names.ts'
import { accountEvents } from './events.ts'
import { accountMethods } from './methods/index.ts'
import { fromWire, type RemoteEvent, remoteCalls, remoteEvents, toWire } from './wire.ts'

/** BOUNDED: calls of one batch, and calls of one connection that run at a time. */
export const daemonLimits = Object.freeze({ maxBatch: 100, maxCalls: 32 })

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
}

/** JSON-RPC 2.0 over a running client: the same facts as `--json`, for other programs. Served by whisper-rpc's servers. */
export function createAccountRpc(client: Client): Rpc {
  const callers = new Set<Caller>()
  const tell = (name: EventName, event: () => JsonEvent): void => {
    for (const { notify, subscribed } of [...callers]) if (subscribed.has(name)) notify?.('event', versioned(event()))
  }
  const offs = [
    ...eventNames.map(name => accountEvents[name](client, event => tell(name, event))),
    ...remoteEvents.map(name =>
      client.on(name, fact => {
        for (const { notify, raw } of [...callers])
          if (raw.has(name)) notify?.('clientEvent', { name, fact: toWire(fact) })
      })
    )
  ]

  async function answer(json: string, caller: Caller): Promise<string | undefined> {
    let value: unknown
    try {
      value = JSON.parse(json)
    } catch {
      return errorText(new CallError(rpcCodes.parse, 'parse error'))
    }
    if (!Array.isArray(value)) {
      const single = await one(value, caller)
      return single === undefined ? undefined : JSON.stringify(single)
    }
    if (value.length === 0 || value.length > daemonLimits.maxBatch)
      return errorText(new CallError(rpcCodes.request, `expected 1 to ${daemonLimits.maxBatch} calls`))
    const answers: object[] = []
    for (const request of value) {
      const answered = await one(request, caller)
      if (answered !== undefined) answers.push(answered)
    }
    return answers.length === 0 ? undefined : JSON.stringify(answers)
  }

  async function one(request: unknown, caller: Caller): Promise<object | undefined> {
    const { id, method, params } =
      typeof request === 'object' && request !== null ? (request as Readonly<Record<string, unknown>>) : {}
    const silent = id === undefined && typeof method === 'string'
    const named = typeof id === 'string' || typeof id === 'number' || id === null || silent
    try {
      if (typeof method !== 'string' || !named) throw new CallError(rpcCodes.request, 'invalid request')
      const result = await perform(method, params, caller)
      return silent ? undefined : { jsonrpc: '2.0', id, result: result ?? null }
    } catch (error) {
      return silent ? undefined : { jsonrpc: '2.0', id: named ? (id ?? null) : null, error: faultOf(error) }
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
      return {}
    }
    for (const event of known(wanted, eventNames)) {
      if (name === 'subscribe') caller.subscribed.add(event)
      else caller.subscribed.delete(event)
    }
    return { events: [...caller.subscribed] }
  }

  const createCaller = (notify?: Caller['notify']): Caller => ({
    notify,
    subscribed: new Set(),
    raw: new Set(),
    gone: new AbortController()
  })

  return {
    limits: { maxCalls: daemonLimits.maxCalls },
    call: json => answer(json, createCaller()),
    connect: send => {
      const caller = createCaller((method, params) => send(JSON.stringify({ jsonrpc: '2.0', method, params })))
      callers.add(caller)
      return {
        receive: async json => {
          const answered = await answer(json, caller)
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

const errorText = (error: CallError): string => JSON.stringify({ jsonrpc: '2.0', id: null, error: faultOf(error) })
