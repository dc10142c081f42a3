import { describe, expect, test } from 'vitest'
import { createNullSealer, strongerProtection } from '../../src/index.ts'
import { conversation, fakeClock, introduce, opened, person, sealed, string, text } from '../support/sealers.ts'
import { entriesOf, message, parsed } from '../support/wire.ts'

describe('S-18', () => {
  test('S-18 without a known device one static-key entry `none` is sealed', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const [a, b] = [await alice.device('a1'), await bob.device('b1')]
    const bytes = await sealed(a, bob.known, 'hello')
    const [entry] = parsed(bytes).entries
    expect([entry?.installationId, entry?.payload.length, entry?.ratchet]).toEqual(['none', 5 + 28, undefined])
    const received = await opened(b, bytes, alice)
    expect([string(received.bytes), received.protection, received.receipt]).toEqual(['hello', 'static-key', undefined])
  })

  test('S-18 any-device seals for all devices although sessions exist, and never with the agreed secret', async () => {
    const { bob, a } = await conversation()
    const result = await a.seal(text('to all'), bob.any)
    expect(result).toMatchObject({ kind: 'sealed', protection: 'static-key' })
    expect(result.kind === 'sealed' && result.rendezvous).toBeUndefined()
    expect(result.effects.map(({ kind }) => kind)).toEqual(['rendezvous'])
  })
})

describe('S-22', () => {
  test('S-22 the secret is used once every targeted device was heard from, and no longer when a new one appears', async () => {
    const { clock, alice, bob, a } = await conversation()
    const rendezvous = async () => {
      const result = await a.seal(text('x'), bob.known)
      return result.kind === 'sealed' ? result.rendezvous : undefined
    }
    const secret = alice.identity.ecdhX(bob.publicKey)
    expect(await rendezvous()).toEqual(secret)
    clock.advance(1000)
    const b2 = await bob.device('b2')
    await introduce(b2, bob, a)
    expect(await rendezvous()).toBeUndefined()
    await introduce(a, alice, b2)
    await opened(a, await sealed(b2, alice.known, 'I am new'), bob)
    expect(await rendezvous()).toEqual(secret)
  })

  test('S-22 the effect to listen comes with the very first seal and again from standing', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const [a, b] = [await alice.device('a1'), await bob.device('b1')]
    const first = await a.seal(text('first'), bob.known)
    const atAlice = { kind: 'rendezvous', peer: bob.publicKey, secret: bob.identity.ecdhX(alice.publicKey) }
    expect(first).toMatchObject({ effects: [atAlice] })
    expect(await a.initialEffects()).toEqual([atAlice])
    const { effects } = await opened(b, first.kind === 'sealed' ? first.bytes : new Uint8Array(0), alice)
    expect(effects).toContainEqual({ ...atAlice, peer: alice.publicKey })
    expect(await b.initialEffects()).toEqual([{ ...atAlice, peer: alice.publicKey }])
  })

  test('S-22 a bundle of protocol version 0, or of somebody else, does not count as heard', async () => {
    const { alice, bob, a, b } = await conversation()
    const fromB2 = await bob.device('b2')
    await introduce(a, alice, fromB2)
    const bytes = await sealed(fromB2, alice.known, 'x')
    const bare = message('b2', { ...parsed(bytes), bundles: parsed(await sealed(b, alice.known, 'y')).bundles })
    expect((await a.open(bare, { sender: bob.publicKey })).effects.map(({ kind }) => kind)).not.toContain('rendezvous')
    expect((await a.devices(bob.publicKey)).find(({ installationId }) => installationId === 'b2')?.heardFrom).toBe(
      false
    )
  })
})

describe('S-23', () => {
  test('S-23 what is no ProtocolMessage passes up unchanged and is none', async () => {
    const { alice, b } = await conversation()
    const payloads = [
      text('plain text'),
      new Uint8Array(0),
      Uint8Array.of(0xff, 0xff),
      message('a1', {}),
      text('\n\x02hi')
    ]
    for (const bytes of payloads) {
      const result = await b.open(bytes, { sender: alice.publicKey })
      expect(result).toEqual({ kind: 'message', bytes, protection: 'none', strongest: 'forward-secret', effects: [] })
    }
  })

  test('S-23 public chats are sealed as they are', async () => {
    const { a } = await conversation()
    const result = await a.seal(text('to everybody'), { kind: 'public', name: 'status' })
    expect(result).toEqual({ kind: 'sealed', bytes: text('to everybody'), protection: 'none', effects: [] })
    expect(await a.sealedSize(12, { kind: 'public', name: 'status' })).toBe(12)
  })

  test('strongest is per device, and per sender when the payload names none', async () => {
    const { alice, bob, a, b } = await conversation()
    expect((await opened(b, await sealed(a, bob.any, 'downgraded'), alice)).strongest).toBe('forward-secret')
    const phone = await alice.device('new-phone')
    const first = await opened(b, await sealed(phone, bob.known, 'from my new phone'), alice)
    expect([first.protection, first.strongest, first.device]).toEqual(['static-key', 'static-key', 'new-phone'])
    expect((await opened(b, text('bare'), alice)).strongest).toBe('forward-secret')
    expect((await opened(b, text('bare'), person('stranger', fakeClock()))).strongest).toBe('none')
    expect(strongerProtection('none', 'static-key')).toBe('static-key')
    expect(strongerProtection('forward-secret', 'static-key')).toBe('forward-secret')
  })
})

describe('S-24', () => {
  test('S-24 a contact code teaches devices and is nothing else', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const [a, b] = [await alice.device('a1'), await bob.device('b1')]
    const code = await sealed(a, alice.contactCode, '')
    expect(entriesOf(code)).toEqual([])
    expect(await b.open(code, { sender: alice.publicKey })).toEqual({
      kind: 'nothing',
      effects: [{ kind: 'devices-changed', identity: alice.publicKey }]
    })
    expect(await b.open(code, { sender: alice.publicKey })).toEqual({ kind: 'nothing', effects: [] })
    expect(parsed(await sealed(b, alice.known, 'x')).entries[0]?.x3dh).toBeDefined()
  })

  test('S-24 only the owner publishes a contact code', async () => {
    const { bob, a } = await conversation()
    await expect(a.seal(new Uint8Array(0), bob.contactCode)).rejects.toMatchObject({ code: 'invalid-audience' })
    await expect(a.sealedSize(0, bob.contactCode)).rejects.toMatchObject({ code: 'invalid-audience' })
  })

  test('an advertisement is a static-key message without content: it opens to nothing', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const [a, b] = [await alice.device('a1'), await bob.device('b1')]
    const result = await b.open(await sealed(a, bob.any, ''), { sender: alice.publicKey })
    expect(result.kind).toBe('nothing')
    expect(result.effects.map(({ kind }) => kind)).toEqual(['devices-changed', 'rendezvous'])
  })
})

describe('S-25', () => {
  test('S-25 with PFS off bytes go out as they are and a full sealer reports none', async () => {
    const { alice, bob, a, b } = await conversation()
    const off = createNullSealer(a)
    const result = await off.seal(text('unprotected'), bob.known)
    expect(result).toEqual({ kind: 'sealed', bytes: text('unprotected'), protection: 'none', effects: [] })
    expect(await off.sealedSize(11, bob.known)).toBe(11)
    const received = await opened(b, text('unprotected'), alice)
    expect([received.protection, received.strongest]).toEqual(['none', 'forward-secret'])
    expect(string((await opened(off, await sealed(b, alice.known, 'sealed'), bob)).bytes)).toBe('sealed')
  })

  test('S-25 with PFS off own devices get nothing, advertisements and contact codes stay complete', async () => {
    const { alice, bob, a } = await conversation()
    const off = createNullSealer(a)
    for (const reach of ['known-devices', 'any-device'] as const) {
      expect(await off.seal(text('x'), { kind: 'own-devices', reach })).toEqual({ kind: 'nobody', effects: [] })
    }
    expect(entriesOf(await sealed(off, bob.any, ''))).toEqual(['none'])
    expect(parsed(await sealed(off, alice.contactCode, '')).bundles.length).toBe(1)
    expect(await off.sealedSize(0, bob.any)).toBe((await sealed(off, bob.any, '')).length)
  })
})

test('an own envelope that comes back is an own echo', async () => {
  const { alice, bob, a } = await conversation()
  for (const to of [bob.known, bob.any, alice.contactCode]) {
    const bytes = await sealed(a, to, '')
    expect(await a.open(bytes, { sender: alice.publicKey })).toEqual({
      kind: 'unreadable',
      reason: 'own-echo',
      effects: []
    })
  }
})
