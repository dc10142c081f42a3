import { createEmitter, linesOf, raceAbort } from '@status-stack/utils'
import type { Account, AccountCalls } from './account.ts'
import { AccountError, check, errorOf } from './errors.ts'
import { type EventFacts, type EventName, events } from './events.ts'
import { limits } from './limits.ts'
import type { CallOptions } from './method.ts'
import { type ConnectionMethodName, methods } from './methods.ts'

/** A stream in both directions: a socket, a pair of pipes. */
export interface AccountChannel {
  /** What comes from the server. Its end, or its failure, is the end of the connection. */
  readonly input: AsyncIterable<Uint8Array>
  /** Takes one line for the server, line feed included. Must not throw. */
  readonly send: (line: string) => void
  /** Ends the stream in both directions. */
  readonly close: () => void
}

/** An account behind a connection. */
export interface RemoteAccount extends Account {
  /**
   * Calls a method by its name, also one that this version does not know.
   * @throws AccountError what the account refused, `disconnected`; CallError for a wrong call
   */
  readonly call: (method: string, params?: object, options?: CallOptions) => Promise<unknown>
  /** Aborts when the connection has ended. */
  readonly ended: AbortSignal
  /** Ends the connection; calls that wait fail with `disconnected`. */
  readonly close: () => void
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * The account at the other end of a channel.
 *
 * @example
 * ```ts
 * const socket = createConnection(path)
 * const account = connectAccount({
 *   input: socket,
 *   send: line => void socket.write(line),
 *   close: () => void socket.destroy()
 * })
 * await account.send({ chat: '#status', text: 'hello' })
 * ```
 */
export function connectAccount(channel: AccountChannel): RemoteAccount {
  const { call, ended, close } = openConnection(channel, (name, fact) => listeners.tell(name, fact))
  const listeners = createListeners((method, event) => {
    // Calls are taken in order: what is asked for after this is heard of.
    call(method, { events: [event] }).catch(() => {})
  })
  const calls = Object.keys(methods).map(name => [
    name,
    (params?: object, options?: CallOptions) => call(name, params, options)
  ])
  return { ...(Object.fromEntries(calls) as AccountCalls), on: listeners.on, call, ended, close }
}

/** One connection: numbered calls, answers in any order, and what the server says unasked. */
function openConnection(
  channel: AccountChannel,
  onEvent: (name: EventName, fact: unknown) => void
): Pick<RemoteAccount, 'call' | 'ended' | 'close'> {
  const waiting = new Map<number, Waiting>()
  const ended = new AbortController()
  let last = 0
  const take = (line: string): void => {
    const json: unknown = JSON.parse(line)
    if (typeof json !== 'object' || json === null) return
    const { id, method, params, result, error } = json as Readonly<Record<string, unknown>>
    if (method === 'event') {
      onEvent((params as { readonly event: EventName }).event, params)
      return
    }
    const call = waiting.get(Number(id))
    waiting.delete(Number(id))
    if (error === undefined) call?.resolve(result)
    else call?.reject(errorOf(error))
  }
  const read = async (): Promise<void> => {
    // BOUNDED: answerBytes
    for await (const line of linesOf(channel.input, limits.answerBytes)) {
      if (line.kind !== 'text') return
      take(line.text)
    }
  }
  const end = (): void => {
    channel.close()
    ended.abort()
    for (const { reject } of waiting.values()) reject(new AccountError('disconnected', 'the connection has ended'))
    waiting.clear()
  }
  // What is no JSON in UTF-8 is no account, or another version of one: the connection ends, and who waits is told so.
  read().then(end, end)
  return {
    ended: ended.signal,
    close: end,
    call: async (method, params, { signal } = {}) => {
      signal?.throwIfAborted()
      if (ended.signal.aborted) throw new AccountError('disconnected', 'the connection has ended')
      const id = ++last
      const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
      channel.send(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
      // An aborted signal ends the wait here; the end of the connection ends the call there.
      return signal === undefined ? answered : raceAbort(answered, signal)
    }
  }
}

/** Who hears what: the server is asked for what at least one handler wants. */
function createListeners(ask: (method: ConnectionMethodName, event: EventName) => void): {
  readonly on: Account['on']
  readonly tell: (name: EventName, fact: unknown) => void
} {
  const emitter = createEmitter<EventFacts>(events, check, (_, error) => {
    throw error
  })
  /** Like the account itself: who listens later is told while the clock is wrong. */
  let wrongClock: EventFacts['skew'] | undefined
  return {
    tell: (name, fact) => {
      if (name === 'skew') wrongClock = (fact as EventFacts['skew']).warning ? (fact as EventFacts['skew']) : undefined
      emitter.emit(name, fact as never)
    },
    on: (name, handler) => {
      const isFirst = !emitter.wants(name)
      const off = emitter.on(name, handler)
      if (isFirst) ask('subscribe', name)
      else if (name === 'skew' && wrongClock !== undefined) handler(wrongClock as never)
      return () => {
        if (!emitter.wants(name)) return
        off()
        if (!emitter.wants(name)) ask('unsubscribe', name)
      }
    }
  }
}
