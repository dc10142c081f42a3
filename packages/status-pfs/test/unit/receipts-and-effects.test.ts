import { describe, expect, test } from 'vitest'
import { conversation, fakeClock, introduce, opened, person, sealed, string, text } from '../support/sealers.ts'

describe('receipts', () => {
  test('one of a device that is not there changes nothing', async () => {
    const { alice, bob, a, b } = await conversation()
    const bytes = await sealed(a, bob.known, 'once')
    const { receipt } = await opened(b, bytes, alice)
    await b.confirm({ ...receipt!, installationId: 'a9' })
    expect(string((await opened(b, bytes, alice)).bytes)).toBe('once')
  })

  test('keys that are longer, shorter or no hexadecimal text are refused', async () => {
    const { alice, bob, a, b } = await conversation()
    const bytes = await sealed(a, bob.known, 'once')
    const { receipt } = await opened(b, bytes, alice)
    const { identity } = receipt!
    for (const wrong of [`00${identity}`, `${identity}00`, identity.slice(2), identity.toUpperCase(), 7]) {
      const made = { ...receipt!, identity: wrong as string }
      await expect(b.confirm(made)).rejects.toMatchObject({ code: 'invalid-receipt', origin: 'caller' })
    }
    expect(string((await opened(b, bytes, alice)).bytes)).toBe('once')
  })
})

describe('effects', () => {
  test('S-22 who erases the secret that they were given erases their own copy only', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const a = await alice.device('a1')
    const secret = bob.identity.ecdhX(alice.publicKey)
    const first = await a.seal(text('first'), bob.known)
    if (first.kind !== 'sealed') throw new Error('sealed for nobody')
    for (const effect of first.effects) if (effect.kind === 'rendezvous') expect(effect.secret).toEqual(secret)
    for (const effect of first.effects) if (effect.kind === 'rendezvous') effect.secret.fill(0)
    for (const effect of await a.initialEffects()) if (effect.kind === 'rendezvous') effect.secret.fill(0)
    expect(await a.initialEffects()).toEqual([{ kind: 'rendezvous', peer: bob.publicKey, secret }])
  })

  test('S-21 a device of ours that was enabled is not announced again after a restart', async () => {
    const alice = person('alice', fakeClock())
    const [a1, a2] = [await alice.device('a1'), await alice.device('a2')]
    await introduce(a2, alice, a1)
    expect(await a1.initialEffects()).toEqual([{ kind: 'own-device-found', installationId: 'a2' }])
    await a1.enable('a2', true)
    expect(await a1.initialEffects()).toEqual([])
  })

  test('S-19 a message for another device of ours that is paired with neither sets nothing in motion', async () => {
    const alice = person('alice', fakeClock())
    const [a1, a2, a3] = [await alice.device('a1'), await alice.device('a2'), await alice.device('a3')]
    await introduce(a2, alice, a1)
    await a1.enable('a2', true)
    await introduce(a1, alice, a3)
    await a3.enable('a1', true)
    const bytes = await sealed(a1, { kind: 'own-devices', reach: 'known-devices' }, 'for a2')
    const result = await a3.open(bytes, { sender: alice.publicKey })
    expect(result.kind).toBe('unreadable')
    expect(result.effects.filter(({ kind }) => kind === 'advertise')).toEqual([])
  })
})
