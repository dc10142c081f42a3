import { bytesToHex, keccak256, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { MemoryLevel } from 'memory-level'
import {
  type Client,
  type ClientDeps,
  type ClientEvents,
  type ClientOptions,
  createClient,
  type Database,
  type NameResolver,
  type RefusedEvent
} from '../../src/index.ts'
import { type LinkPair, linkPair, type PacketFilter } from '../../src/testing/index.ts'

export const keyOf = (name: string): Uint8Array => keccak256(utf8Bytes(`test key ${name}`))
export const identityOf = (name: string) => createIdentityKey(keyOf(name))
export const peerIdOf = (name: string): string => bytesToHex(keccak256(utf8Bytes(`peer ${name}`)))
export const storageKey = keccak256(utf8Bytes('storage'))

/** A clock that tests move by hand; it also runs, so that waits of the layers end. */
export function movableClock(offsetMs = 0) {
  let moved = offsetMs
  return {
    nowMs: () => Date.now() + moved,
    forward: (ms: number) => {
      moved += ms
    }
  }
}

export interface Person {
  readonly name: string
  readonly client: Client
  readonly database: Database
  readonly events: { readonly [K in keyof ClientEvents]: ClientEvents[K][] }
  readonly texts: () => string[]
  readonly refusals: () => RefusedEvent[]
}

const kinds = [
  'message',
  'change',
  'delivery',
  'refused',
  'peer',
  'chat',
  'contact',
  'profile',
  'device',
  'notice',
  'history',
  'skew',
  'trace'
] as const

export interface PersonOptions extends ClientOptions {
  readonly identity?: string
  readonly database?: Database
  readonly clock?: { readonly nowMs: () => number }
  readonly random?: { readonly bytes: (length: number) => Uint8Array }
  readonly names?: NameResolver
  readonly whisper?: ClientDeps['whisper']
  readonly lock?: ClientDeps['lock']
  readonly scaleImage?: (image: Uint8Array, maxBytes: number) => Promise<Uint8Array>
}

export async function person(name: string, options: PersonOptions = {}): Promise<Person> {
  const { identity, database = new MemoryLevel(), clock, random, names, scaleImage, whisper, lock, ...rest } = options
  const client = await createClient(
    {
      identity: identityOf(identity ?? name),
      database,
      storageKey,
      clock,
      random,
      names,
      scaleImage,
      lock,
      whisper: { powWorkers: 0, ...whisper }
    },
    { syncTickMs: 20, syncRetryMs: 400, contactCodeDelayMs: 86_400_000, lockAccount: false, ...rest }
  )
  const events = Object.fromEntries(kinds.map(kind => [kind, []])) as unknown as Person['events']
  for (const kind of kinds) client.on(kind, fact => (events[kind] as unknown[]).push(fact))
  return {
    name,
    client,
    database,
    events,
    texts: () =>
      events.message
        .filter(message => !message.outgoing && message.content.kind !== 'system')
        .map(message => message.text),
    refusals: () => events.refused
  }
}

/** Links two started clients; the answer cuts the link. */
export function connect(
  a: Person,
  b: Person,
  filters: { readonly toA?: PacketFilter; readonly toB?: PacketFilter } = {}
): LinkPair {
  const pair = linkPair(peerIdOf(a.name), peerIdOf(b.name), filters)
  a.client.attach(pair.a).catch(() => undefined)
  b.client.attach(pair.b).catch(() => undefined)
  return pair
}

/** Waits for a condition that something under way will make true. The bound is a watchdog, not a measurement. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  watchdogMs = 240_000
): Promise<void> {
  const end = Date.now() + watchdogMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Runs people for the length of a test and stops them whatever happens. */
export async function during(people: readonly Person[], run: () => Promise<void>): Promise<void> {
  try {
    for (const { client } of people) await client.start()
    await run()
  } finally {
    for (const { client } of people) await client.stop()
  }
}

export const chatWith = (other: Person) => ({ kind: 'one-to-one', publicKey: other.client.publicKey }) as const
