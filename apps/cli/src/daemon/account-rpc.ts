import type { Client } from '@status-stack/status-client'
import type { Rpc } from '@status-stack/whisper-rpc'
import { describeError } from '../errors.ts'
import { historyView } from '../mail/view.ts'
import type { JsonEvent } from '../output.ts'
import { chatView, deliveryView, deviceView, messageView, refusedView } from '../view.ts'
import { ArgumentError, readArguments } from './arguments.ts'
import { accountMethods } from './methods.ts'

/** BOUNDED: calls of one batch, and calls of one connection that run at a time. */
export const daemonLimits = Object.freeze({ maxBatch: 100, maxCalls: 32 })

const events = ['message', 'delivery', 'refused', 'chat', 'device', 'peer', 'history'] as const
type EventName = (typeof events)[number]

const codes = Object.freeze({ parse: -32700, request: -32600, method: -32601, params: -32602, failed: -32000 })

class CallError extends Error {
  readonly number: number
  constructor(number: number, message: string) {
    super(message)
    this.number = number
  }
}

type Notify = ((event: JsonEvent) => void) | undefined

interface Caller {
  readonly notify: Notify
  readonly subscribed: Set<EventName>
}

/** JSON-RPC 2.0 over a running client: the same facts as `--json`, for other programs. Served by whisper-rpc's servers. */
export function createAccountRpc(client: Client): Rpc {
  const callers = new Set<Caller>()
  const tell = (name: EventName, event: () => JsonEvent): void => {
    for (const { notify, subscribed } of callers) if (subscribed.has(name)) notify?.(event())
  }
  const offs = [
    client.on('message', fact => tell('message', () => messageView(fact).event)),
    client.on('delivery', fact => tell('delivery', () => deliveryView(fact).event)),
    client.on('refused', fact => tell('refused', () => refusedView(fact).event)),
    client.on('chat', fact => tell('chat', () => chatView(fact).event)),
    client.on('device', fact => tell('device', () => deviceView(fact.device, fact.change).event)),
    client.on('peer', fact => tell('peer', () => ({ event: 'peer', state: fact.state, peerId: fact.peer.peerId }))),
    client.on('history', fact => tell('history', () => historyView(fact).event))
  ]

  async function answer(json: string, caller: Caller): Promise<string | undefined> {
    let value: unknown
    try {
      value = JSON.parse(json)
    } catch {
      return JSON.stringify(errorAnswer(null, new CallError(codes.parse, 'parse error')))
    }
    if (!Array.isArray(value)) {
      const single = await one(value, caller)
      return single === undefined ? undefined : JSON.stringify(single)
    }
    if (value.length === 0 || value.length > daemonLimits.maxBatch) {
      return JSON.stringify(
        errorAnswer(null, new CallError(codes.request, `expected 1 to ${daemonLimits.maxBatch} calls`))
      )
    }
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
    try {
      if (typeof method !== 'string' || (typeof id === 'object' && id !== null))
        throw new CallError(codes.request, 'invalid request')
      const result = await perform(method, params, caller)
      return silent ? undefined : { jsonrpc: '2.0', id, result }
    } catch (error) {
      return silent ? undefined : errorAnswer(id, error)
    }
  }

  async function perform(name: string, params: unknown, caller: Caller): Promise<unknown> {
    if (name === 'subscribe' || name === 'unsubscribe') return subscribe(name, params, caller)
    const method = Object.hasOwn(accountMethods, name) ? accountMethods[name] : undefined
    if (method === undefined) throw new CallError(codes.method, `there is no method ${name.slice(0, 64)}`)
    return method.run(client, readArguments(params, method.params))
  }

  function subscribe(name: string, params: unknown, caller: Caller): object {
    if (caller.notify === undefined) throw new CallError(codes.failed, 'this connection cannot be notified')
    const wanted = readArguments(params, ['events']).texts('events')
    const known = wanted.map(text => events.find(event => event === text))
    if (known.includes(undefined)) throw new ArgumentError(`events: expected some of ${events.join(', ')}`)
    for (const event of known) {
      if (event === undefined) continue
      if (name === 'subscribe') caller.subscribed.add(event)
      else caller.subscribed.delete(event)
    }
    return { events: [...caller.subscribed] }
  }

  return {
    limits: { maxCalls: daemonLimits.maxCalls },
    call: json => answer(json, { notify: undefined, subscribed: new Set() }),
    connect: send => {
      const caller: Caller = {
        notify: event => send(JSON.stringify({ jsonrpc: '2.0', method: 'event', params: event })),
        subscribed: new Set()
      }
      callers.add(caller)
      return {
        receive: async json => {
          const answered = await answer(json, caller)
          if (answered !== undefined && callers.has(caller)) send(answered)
        },
        close: () => void callers.delete(caller)
      }
    },
    stop: async () => {
      callers.clear()
      for (const off of offs) off()
    }
  }
}

function errorAnswer(id: unknown, error: unknown): object {
  const { code, message } = describeError(error)
  const number =
    error instanceof CallError ? error.number : error instanceof ArgumentError ? codes.params : codes.failed
  return {
    jsonrpc: '2.0',
    id: id ?? null,
    error: { code: number, message, ...(number === codes.failed ? { data: { code } } : {}) }
  }
}
