import { ecdhX, generatePrivateKey, publicKeyOf, sha256, signDigest } from '@status-stack/crypto'
import {
  createSealer,
  type IdentityKey,
  memorySessionStore,
  type Sealer,
  type SealerDeps,
  type SealerOptions,
  type SessionStore
} from '../../src/index.ts'

export const hour = 3_600_000
export const day = 24 * hour

export function identityOf(privateKey: Uint8Array): IdentityKey {
  return {
    publicKey: publicKeyOf(privateKey),
    sign: digest => signDigest(digest, privateKey),
    ecdhX: publicKey => ecdhX(privateKey, publicKey)
  }
}

/** Deterministic bytes: a hash chain over the seed. */
export function seededRandom(seed: string) {
  let state = sha256(new TextEncoder().encode(seed))
  let drawn = 0
  return {
    bytes: (length: number) => {
      const out = new Uint8Array(length)
      for (let at = 0; at < length; at += 32) {
        state = sha256(state)
        out.set(state.subarray(0, Math.min(32, length - at)), at)
      }
      drawn++
      return out
    },
    drawn: () => drawn
  }
}

export function fakeClock(startMs = Date.UTC(2026, 0, 5)) {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms
    }
  }
}

export type FakeClock = ReturnType<typeof fakeClock>

/** A person and any number of their devices, all on one clock. */
export function person(name: string, clock: FakeClock) {
  const privateKey = generatePrivateKey(seededRandom(`identity ${name}`))
  const identity = identityOf(privateKey)
  return {
    name,
    privateKey,
    identity,
    publicKey: identity.publicKey,
    /** Everybody who may read it. */
    any: { kind: 'identity', publicKey: identity.publicKey, reach: 'any-device' } as const,
    known: { kind: 'identity', publicKey: identity.publicKey, reach: 'known-devices' } as const,
    contactCode: { kind: 'contact-code', owner: identity.publicKey } as const,
    device: async (
      installationId: string,
      store: SessionStore = memorySessionStore(),
      options: Partial<SealerOptions> = {},
      deps: Partial<SealerDeps> = {}
    ) =>
      createSealer(
        { identity, store, clock, random: seededRandom(`${name} ${installationId} ${clock.nowMs()}`), ...deps },
        { installationId, ...options }
      )
  }
}

export type Person = ReturnType<typeof person>

export const text = (value: string) => new TextEncoder().encode(value)
export const string = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Seals and gives the bytes; fails when nobody would get them. */
export async function sealed(from: Sealer, to: Parameters<Sealer['seal']>[1], message: string): Promise<Uint8Array> {
  const result = await from.seal(text(message), to)
  if (result.kind !== 'sealed') throw new Error('sealed for nobody')
  return result.bytes
}

/** Opens and gives the message; fails on anything else. */
export async function opened(by: Sealer, bytes: Uint8Array, from: Person) {
  const result = await by.open(bytes, { sender: from.publicKey })
  if (result.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(result)}`)
  return result
}

/** Lets `to` learn the devices of `from` through a contact code. */
export async function introduce(from: Sealer, who: Person, to: Sealer): Promise<void> {
  const code = await from.seal(new Uint8Array(0), who.contactCode)
  if (code.kind === 'sealed') await to.open(code.bytes, { sender: who.publicKey })
}

/** Two people with one device each who have answered each other. */
export async function conversation(clock = fakeClock()) {
  const [alice, bob] = [person('alice', clock), person('bob', clock)]
  const stores = { a: spiedStore(), b: spiedStore() }
  const [a, b] = [await alice.device('a1', stores.a), await bob.device('b1', stores.b)]
  await opened(b, await sealed(a, bob.known, 'hello'), alice)
  await opened(a, await sealed(b, alice.known, 'hi'), bob)
  await opened(b, await sealed(a, bob.known, 'how are you'), alice)
  return { clock, alice, bob, a, b, stores }
}

/** A memory store whose bytes can be looked at. */
export function spiedStore() {
  const inner = memorySessionStore()
  const ids = new Map<string, Uint8Array>()
  return {
    ...inner,
    put: async (id: Uint8Array, record: Uint8Array, revision: number) => {
      ids.set(String(id), id)
      return inner.put(id, record, revision)
    },
    /** All records, by id. */
    all: async () => {
      const found: [string, Uint8Array][] = []
      for (const id of ids.values()) {
        const stored = await inner.get(id)
        if (stored !== undefined) found.push([String.fromCharCode(...id), stored.record])
      }
      return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
    },
    /** Sets the store back to what `all` gave once. */
    setBack: async (saved: Map<string, Uint8Array>) => {
      for (const id of ids.values()) {
        const wanted = saved.get(String.fromCharCode(...id))
        const current = await inner.get(id)
        if (wanted !== undefined) await inner.put(id, wanted, current?.revision ?? 0)
        else if (current !== undefined) await inner.delete(id, current.revision)
      }
    }
  }
}
