import { describe, expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import {
  encodeProtocolMessage,
  encryptMessage,
  initiateX3dh,
  initiatorRatchet,
  keyPairOf
} from '../../src/primitives.ts'
import { createStepMeter } from '../../src/step-meter.ts'
import { countsOf } from '../../src/wire/counts.ts'
import { conversation, fakeClock, introduce, opened, person, sealed, string, text } from '../support/sealers.ts'
import { changed, flipped, message, parsed, reasonOf, withEntries } from '../support/wire.ts'

const ratchetOf = (bytes: Uint8Array) => parsed(bytes).entries[0]!.ratchet!

describe('what one message may cost', () => {
  test('maxStepsPerMessage: sessions of one prekey share the chain steps of a message', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const b = await bob.device('b1')
    let last = new Uint8Array()
    // Sessions of one installation against one prekey, each by a device that starts from nothing.
    for (let i = 0; i < 8; i++) {
      clock.advance(1)
      const a = await alice.device('a1')
      await introduce(b, bob, a)
      last = new Uint8Array(await sealed(a, bob.known, 'first'))
      await opened(b, last, alice)
    }
    // Without its X3DH header the message could belong to any of the eight; its key is of none, and it skips what it may.
    const stranger = person('stranger', clock).publicKey
    const key = new Uint8Array([2 + (stranger[64]! & 1), ...stranger.slice(1, 33)])
    const dear = withEntries(last, ({ x3dh: _, ...entry }) => ({
      ...entry,
      ratchet: { ...ratchetOf(last), key, n: limits.maxSkip, pn: limits.maxSkip },
      payload: flipped(entry.payload, -1)
    }))
    // Each takes 4000 steps at most, where eight sessions would take 16 000: so five fit into the burst of one identity.
    const reasons: string[] = []
    for (let i = 0; i < 7; i++) reasons.push(await reasonOf(b, dear, alice))
    const burst = Math.ceil(limits.maxStepsPerPeer / limits.maxStepsPerMessage)
    expect(reasons.indexOf('too-many-skipped')).toBeGreaterThanOrEqual(burst)
    expect(reasons.at(-1)).toBe('too-many-skipped')
  })

  test('maxStepsPerPeer: after a burst of dear messages only cheap ones open, until steps are saved up', async () => {
    const meter = createStepMeter()
    const alice = person('alice', fakeClock()).publicKey
    const bob = person('bob', fakeClock()).publicKey
    const spend = (identity: Uint8Array, nowMs: number) =>
      meter.run(identity, nowMs, async budget => {
        const { steps } = budget
        budget.steps = 0
        return steps
      })
    let total = 0
    for (let i = 0; i < 20; i++) total += await spend(alice, 0)
    expect(total).toBe(limits.maxStepsPerPeer)
    expect(await spend(alice, 0)).toBe(0)
    expect(await spend(bob, 0)).toBe(limits.maxStepsPerMessage)
    expect(await spend(alice, 1000)).toBe(limits.maxStepsPerMessage)
    expect(await spend(alice, 1000)).toBe(0)
  })

  test('a contact that skips as many messages as it may, again and again, is stopped; messages in order still open', async () => {
    const clock = fakeClock()
    const [alice, bob] = [person('alice', clock), person('bob', clock)]
    const b = await bob.device('b1')
    const prekey = parsed(await sealed(b, bob.contactCode, '')).bundles[0]!.signedPrekeys[0]!.publicKey
    const [ephemeral, own] = [2, 3].map(fill => keyPairOf(new Uint8Array(32).fill(fill)))
    const secret = initiateX3dh(alice.identity, ephemeral!, { identity: bob.publicKey, prekey })
    let state = initiatorRatchet(secret, prekey, own!)
    const next = () => {
      const out = encryptMessage(state, text('x'))
      state = out.state
      return out
    }
    const asMessage = ({ header, payload }: ReturnType<typeof next>) => {
      const x3dh = { key: ephemeral!.publicKey, id: prekey }
      return message('a1', { entries: [{ installationId: 'b1', x3dh, ratchet: { ...header, id: prekey }, payload }] })
    }
    const reasons: string[] = []
    for (let round = 0; round < 24; round++) {
      for (let lost = 0; lost < limits.maxSkip; lost++) next()
      reasons.push(await reasonOf(b, asMessage(next()), alice))
    }
    const opened20 = limits.maxStepsPerPeer / limits.maxSkip
    expect(reasons.slice(0, opened20)).toEqual(Array.from({ length: opened20 }, () => 'message'))
    expect(new Set(reasons.slice(opened20))).toEqual(new Set(['too-many-skipped']))
    // A conversation of the same identity goes on: a new session, and what it sends in order.
    const a2 = await alice.device('a2')
    await introduce(b, bob, a2)
    for (const cheap of ['one', 'two']) {
      expect(string((await opened(b, await sealed(a2, bob.known, cheap), alice)).bytes)).toBe(cheap)
    }
  })

  test('maxFields and the counts: a flood of entries, bundles or installations is refused before it is decoded', async () => {
    const { alice, bob, a, b } = await conversation()
    const genuine = parsed(await sealed(a, bob.known, 'x'))
    const entry = { installationId: 'y', payload: text('y') }
    const entries = Array.from({ length: 50_000 }, (_, i) => ({ ...entry, installationId: `x${i}` }))
    const flood = encodeProtocolMessage({ ...genuine, entries })
    expect(countsOf(flood)?.entries).toBe(50_000)
    expect(await reasonOf(b, flood, alice)).toBe('malformed')
    const [bundle] = genuine.bundles
    const signedPrekeys = Array.from({ length: 5000 }, (_, i) => ({
      ...bundle!.signedPrekeys[0]!,
      installationId: `x${i}`
    }))
    const wide = encodeProtocolMessage({ ...genuine, bundles: [{ ...bundle!, signedPrekeys }] })
    // Not decoded, so it is no ProtocolMessage; nothing of it is learnt.
    expect(await reasonOf(b, wide, alice)).toBe('message')
    expect((await b.devices(alice.publicKey)).length).toBe(1)
  })

  test('fields that a ProtocolMessage does not have are skipped, however many there are', async () => {
    const { alice, bob, a, b } = await conversation()
    const bytes = await sealed(a, bob.known, 'x')
    const unknown = new Uint8Array(20_000).map((_, at) => (at % 2 === 0 ? 0x78 : 1))
    expect(await reasonOf(b, Uint8Array.of(...bytes, ...unknown), alice)).toBe('message')
    expect((await b.open(unknown, { sender: alice.publicKey })).kind).toBe('message')
    expect(
      await reasonOf(
        b,
        changed(bytes, () => ({ entries: [] })),
        alice
      )
    ).toBe('nothing')
    expect(await reasonOf(b, message('a1', { publicMessage: text('x') }), alice)).toBe('message')
  })
})
