import type { Client } from '@status-stack/status-client'
import { createEmitter } from '@status-stack/utils'
import { check } from './errors.ts'
import { eventSources } from './event-sources.ts'
import { type EventFacts, type EventName, events } from './events.ts'
import { skewFact } from './fact-makers.ts'
import type { MethodContext } from './implementation.ts'
import { chatImplementations } from './implementations/chats.ts'
import { messageImplementations } from './implementations/messages.ts'
import { ownImplementations } from './implementations/own.ts'
import { peopleImplementations } from './implementations/people.ts'
import type { CallOf, CallOptions } from './method.ts'
import { type MethodName, methods } from './methods.ts'
import { readParams } from './params.ts'

/** The methods of an account, with the types of the table. */
export type AccountCalls = { readonly [Name in MethodName]: CallOf<(typeof methods)[Name]> }

/**
 * An account as programs use it, in this process or behind a connection: which one it is makes no difference. Facts are plain JSON.
 */
export interface Account extends AccountCalls {
  /** Hears an event; the answer ends that. What is asked for afterwards is heard of. */
  readonly on: <Name extends EventName>(event: Name, handler: (fact: EventFacts[Name]) => void) => () => void
}

/** The same with what its maker holds. */
export interface LocalAccount extends Account {
  /** Hears nothing more of the client. */
  readonly stop: () => void
}

/** Values of `createAccount`. */
export interface AccountOptions {
  /** What `identity` says of the program. @default '0' */
  readonly version?: string | undefined
  /** How many mailservers the client was given, for `identity`. @default 0 */
  readonly mailservers?: number | undefined
}

type Run = (params: unknown, context: MethodContext) => Promise<unknown>

const implementations = {
  ...ownImplementations,
  ...chatImplementations,
  ...messageImplementations,
  ...peopleImplementations
} as unknown as Readonly<Record<MethodName, Run>>

/** Whether a text is the name of a method. */
export const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name)

/**
 * A running client as an account.
 *
 * @example
 * ```ts
 * const account = createAccount(client, { version: '1.0.0' })
 * account.on('message', ({ text }) => console.log(text))
 * await account.send({ chat: '#status', text: 'hello' })
 * ```
 */
export function createAccount(client: Client, { version = '0', mailservers = 0 }: AccountOptions = {}): LocalAccount {
  // A handler that fails is the client's to report, as if it listened there.
  const emitter = createEmitter<EventFacts>(events, check, (_, error) => {
    throw error
  })
  /** What was said of our clock while it is wrong: later listeners are told too. */
  let wrongClock: EventFacts['skew'] | undefined
  const subscribe = <Name extends EventName>(name: Name): (() => void) =>
    eventSources[name](client, fact => {
      if (emitter.wants(name)) emitter.emit(name, fact())
    })
  const offs = [
    ...(Object.keys(eventSources) as EventName[]).map(subscribe),
    client.on('skew', fact => {
      wrongClock = fact.warning ? skewFact(fact) : undefined
    })
  ]
  const never = new AbortController().signal
  const calls = Object.keys(methods).map(name => [
    name,
    async (params?: unknown, { signal = never }: CallOptions = {}) => {
      const method = name as MethodName
      return implementations[method](readParams(methods[method].params, params), {
        client,
        version,
        mailservers,
        signal
      })
    }
  ])
  return {
    ...(Object.fromEntries(calls) as AccountCalls),
    on: (event, handler) => {
      const off = emitter.on(event, handler)
      if (event === 'skew' && wrongClock !== undefined) handler(wrongClock as never)
      return off
    },
    stop: () => {
      for (const off of offs) off()
    }
  }
}
