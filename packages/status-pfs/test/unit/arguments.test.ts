import { describe, expect, test } from 'vitest'
import {
  createNullSealer,
  createSealer,
  describeRecord,
  isInstallationId,
  memorySessionStore
} from '../../src/index.ts'
import { assertBundle, createBundle, decodeBundle, decodeProtocolMessage, decodeRatchet } from '../../src/primitives.ts'
import { conversation, fakeClock, opened, person, sealed, seededRandom, string } from '../support/sealers.ts'
import { parsed } from '../support/wire.ts'

const refusal = expect.objectContaining({ name: 'PfsError', origin: 'caller' })
const notBytes: readonly unknown[] = [undefined, null, 'text', 5, [1, 2], new Uint16Array(2), {}]

async function refusesEach(values: readonly unknown[], call: (value: never) => unknown): Promise<void> {
  for (const value of values) {
    // Calls that throw at once and calls that reject are both refusals.
    await expect(async () => call(value as never), String(value)).rejects.toEqual(refusal)
  }
}

describe('what is not bytes, a length or an audience is refused as the fault of the caller', () => {
  test('by a sealer', async () => {
    const { alice, bob, a } = await conversation()
    const from = { sender: bob.publicKey }
    await refusesEach(notBytes, value => a.seal(value, bob.known))
    await refusesEach(notBytes, value => a.open(value, from))
    await refusesEach(notBytes, value => a.open(new Uint8Array(1), { sender: value }))
    await refusesEach([undefined, null, 'x'], value => a.open(new Uint8Array(1), value))
    await refusesEach([...notBytes, new Uint8Array(65), new Uint8Array(33)], value => a.devices(value))
    await refusesEach([undefined, null, 'x', {}], value => a.confirm(value))
    await refusesEach([undefined, null, 1, 'a9'], value => a.enable(value, true))
    await refusesEach([undefined, 1], value => a.enable('a2', value))
    for (const call of [a.sealedSize, a.maxPlaintext]) {
      await refusesEach([undefined, -1, 0.5, Number.NaN, '5'], value => call(value, bob.known))
    }
    const audiences: readonly unknown[] = [
      undefined,
      null,
      'bob',
      {},
      { kind: 'identity' },
      { kind: 'identity', publicKey: alice.publicKey },
      { kind: 'identity', publicKey: 'x', reach: 'any-device' },
      { kind: 'own-devices' },
      { kind: 'public' },
      { kind: 'contact-code' },
      { kind: 'elsewhere' }
    ]
    await refusesEach(audiences, value => a.seal(new Uint8Array(1), value))
    await refusesEach(audiences, value => a.sealedSize(1, value))
  })

  test('by createSealer, createNullSealer and describeRecord', async () => {
    const clock = fakeClock()
    const { identity } = person('alice', clock)
    const good = { identity, store: memorySessionStore(), clock, random: seededRandom('x') }
    const deps: readonly unknown[] = [
      undefined,
      {},
      { ...good, identity: undefined },
      { ...good, identity: { ...identity, publicKey: new Uint8Array(65) } },
      { ...good, identity: { ...identity, publicKey: identity.publicKey.slice(1) } },
      { ...good, identity: { ...identity, ecdhX: undefined } },
      { ...good, store: {} },
      { ...good, clock: undefined },
      { ...good, random: {} }
    ]
    await refusesEach(deps, value => createSealer(value, { installationId: 'a1' }))
    await refusesEach([undefined, null, {}], value => createSealer(good, value))
    await refusesEach([undefined, null], value => createNullSealer(value))
    await refusesEach(notBytes, value => describeRecord(value))
  })

  test('by the primitives', async () => {
    const { identity } = person('alice', fakeClock())
    await refusesEach(notBytes, value => decodeProtocolMessage(value))
    await refusesEach(notBytes, value => decodeBundle(value))
    await refusesEach(notBytes, value => decodeRatchet(value))
    await refusesEach([undefined, null, 'x'], value => assertBundle(value))
    await refusesEach([undefined, 'x'], value => createBundle(identity, value, 0n))
    await refusesEach([undefined], value => createBundle(value, [], 0n))
  })
})

describe('installation ids', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '10', '9', ' ', 'ü'.repeat(64)]
  for (const id of odd) {
    test(`"${id.slice(0, 20)}" works like any other`, async () => {
      const clock = fakeClock()
      const [alice, bob] = [person('alice', clock), person('bob', clock)]
      const [a, b] = [await alice.device(id), await bob.device(id)]
      await opened(b, await sealed(a, bob.known, 'hello'), alice)
      const answer = await sealed(b, alice.known, 'hi')
      expect(parsed(answer).bundles[0]?.signedPrekeys.map(({ installationId }) => installationId)).toEqual([id])
      expect(parsed(answer).entries.map(({ installationId }) => installationId)).toEqual([id])
      const received = await opened(a, answer, bob)
      expect([string(received.bytes), received.protection, received.device]).toEqual(['hi', 'forward-secret', id])
      expect((await a.devices(bob.publicKey)).map(({ installationId }) => installationId)).toEqual([id])
    })
  }

  test('control characters, lone surrogates and other types are refused', async () => {
    const clock = fakeClock()
    for (const id of ['a\u0002', '\u0003', 'a\u0000', '\u007f', 'a\n', '\ud800', 'a\udc00b', 'none', '']) {
      expect(isInstallationId(id), JSON.stringify(id)).toBe(false)
      await expect(person('alice', clock).device(id)).rejects.toMatchObject({ code: 'invalid-argument' })
    }
    for (const id of [undefined, null, 5, {}]) expect(isInstallationId(id as never)).toBe(false)
    expect(isInstallationId('\ud83d\ude00')).toBe(true)
  })
})
