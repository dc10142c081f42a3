import { randomBytes } from '@status-stack/crypto'
import type { Content } from '@status-stack/interface'
import { createIdentityKey } from '@status-stack/status-accounts'
import { limits, outgoing } from '@status-stack/status-data'
import { quotaRates } from '@status-stack/status-data/rules'
import { decodePayload, decodeWrapper, encodePayload, wrap } from '@status-stack/status-data/wire'
import { createSealer, memorySessionStore, type Sealer } from '@status-stack/status-pfs'
import { createBundle, encodeProtocolMessage } from '@status-stack/status-pfs/primitives'
import { expect, test } from 'vitest'
import { stranger } from '../support/stranger.ts'
import { chatWith, connect, during, identityOf, keyOf, type Person, person, until } from '../support/world.ts'

type Mallory = Awaited<ReturnType<typeof stranger>> & {
  readonly sealer: Sealer
  readonly wrap: (content: Content, nowMs?: number) => Uint8Array
  readonly send: (content: Content) => Promise<unknown>
}

/** Bob, his honest friend Alice, and Mallory, who is a contact of his and speaks the protocol. */
async function attacked(run: (bob: Person, alice: Person, mallory: Mallory) => Promise<void>): Promise<void> {
  const bob = await person('bob')
  const alice = await person('alice')
  await during([bob, alice], async () => {
    connect(alice, bob)
    const raw = await stranger('mallory', bob)
    const clock = { nowMs: () => Date.now() }
    const deps = { identity: raw.identity, store: memorySessionStore(), clock, random: { bytes: randomBytes } }
    const sealer = await createSealer(deps, { installationId: 'mallory-1' })
    const to = { kind: 'identity', publicKey: bob.client.publicKey, reach: 'known-devices' } as const
    let lastClock = 0
    const wrap = (content: Content, nowMs = Date.now()): Uint8Array => {
      const made = outgoing({ kind: 'one-to-one', publicKey: bob.client.publicKey }, content, {
        identity: raw.identity,
        nowMs,
        lastClock
      })
      lastClock = Math.max(lastClock, nowMs === 0 ? 0 : made.local.clock)
      return made.bytes
    }
    const send = async (content: Content) => {
      const sealed = await sealer.seal(wrap(content), to)
      return sealed.kind === 'sealed' ? raw.postTo(bob.client.publicKey, sealed.bytes) : undefined
    }
    try {
      await until('linked', () => raw.whisper.connected() && alice.client.connected())
      await bob.client.addContact(raw.identity.publicKey)
      await run(bob, alice, { ...raw, sealer, wrap, send })
      // Whatever she did: honest people go on.
      const honest = await alice.client.send(chatWith(bob), { text: 'still here' })
      await until('the honest message arrives', () => bob.texts().includes('still here'))
      await until('and is acknowledged', async () => (await alice.client.ledger(honest.messageId))?.complete === true)
      await bob.client.send(chatWith(alice), { text: 'me too' })
      await until('and answered', () => alice.texts().includes('me too'))
    } finally {
      await raw.stop()
    }
  })
}

const reasons = (who: Person): string[] => who.refusals().map(fact => fact.reason)

test('replayed envelopes and repeated wrappers are stored once', () =>
  attacked(async (bob, _alice, mallory) => {
    const bytes = mallory.wrap({ kind: 'text', text: 'again and again' })
    const sealed = await mallory.sealer.seal(bytes, {
      kind: 'identity',
      publicKey: bob.client.publicKey,
      reach: 'known-devices'
    })
    if (sealed.kind !== 'sealed') throw new Error('not sealed')
    for (let index = 0; index < 5; index += 1) await mallory.postTo(bob.client.publicKey, sealed.bytes)
    for (let index = 0; index < 5; index += 1) await mallory.postTo(bob.client.publicKey, bytes)
    await until('handled', () => bob.events.trace.filter(fact => fact.did === 'duplicate').length >= 2)
    const chat = { kind: 'one-to-one', publicKey: mallory.identity.publicKey } as const
    expect((await bob.client.messages(chat)).map(message => message.text)).toEqual(['again and again'])
  }))

test('forged clocks neither show nor poison the clock of the chat', () =>
  attacked(async (bob, _alice, mallory) => {
    const future = Date.now() + 3_600_000
    await mallory.postTo(bob.client.publicKey, mallory.wrap({ kind: 'text', text: 'tomorrow' }, future))
    await until('refused', () => reasons(bob).includes('clock-ahead'))
    const update = mallory.wrap({ kind: 'contact-update', ensName: '', picture: '' }, future)
    await mallory.postTo(bob.client.publicKey, update)
    await until('refused too', () => reasons(bob).filter(reason => reason === 'clock-ahead').length >= 2)
    const chat = { kind: 'one-to-one', publicKey: mallory.identity.publicKey } as const
    const { clock } = await bob.client.send(chat, { text: 'my clock is mine' })
    expect(clock).toBeLessThan(Date.now() + 60_000)
  }))

test('a flood of a contact is cut at the quota of a minute, and told', () =>
  attacked(async (bob, _alice, mallory) => {
    await bob.client.removeContact(mallory.identity.publicKey)
    // More than one quota, as it is regained while this goes on.
    const most = quotaRates.stranger.burst * 3
    for (let index = 0; index < most && !reasons(bob).includes('author-rate'); index += 1) {
      await mallory.postTo(bob.client.publicKey, Uint8Array.of(index & 255, index >> 8, 1, 2, 3))
    }
    await until('cut', () => reasons(bob).includes('author-rate'))
    expect(bob.refusals().find(fact => fact.reason === 'author-rate')).toMatchObject({ layer: 'quota', final: false })
  }))

test('thousands of installations and bundles of others change nobody’s devices', () =>
  attacked(async (bob, alice, mallory) => {
    const nowNs = BigInt(Date.now()) * 1_000_000n
    const bundle = (identity: ReturnType<typeof createIdentityKey>, count: number, timestamp: bigint) =>
      createBundle(
        identity,
        Array.from({ length: count }, (_, index) => ({
          installationId: `fake-${index}`,
          publicKey: compressed(keyOf(`fake prekey ${index}`)),
          version: 1,
          protocolVersion: 1
        })),
        timestamp
      )
    const advertise = (bundles: ReturnType<typeof createBundle>[]): Promise<unknown> => {
      const bytes = encodeProtocolMessage({
        installationId: 'mallory-1',
        bundles,
        entries: [],
        publicMessage: new Uint8Array()
      })
      return mallory.postTo(bob.client.publicKey, bytes)
    }
    await alice.client.send(chatWith(bob), { text: 'before' })
    await until('alice is known', async () => (await bob.client.devicesOf(alice.client.publicKey)).length === 1)
    await advertise([bundle(mallory.identity, 60, nowNs)])
    // A bundle in Alice's name that Mallory signed, and one of ourselves.
    const forged = { ...bundle(mallory.identity, 1, nowNs + 1n), identity: compressed(keyOf('alice')) }
    await advertise([forged])
    await until(
      'handled',
      () => bob.events.trace.filter(fact => fact.layer === 'pfs' && fact.direction === 'in').length >= 3
    )
    await bob.client.idle()
    expect(await bob.client.devicesOf(alice.client.publicKey)).toHaveLength(1)
    expect((await bob.client.devices()).every(device => device.installationId === bob.client.installationId)).toBe(true)
    expect((await bob.client.devicesOf(mallory.identity.publicKey)).length).toBeLessThanOrEqual(64)
  }))

test('oversized images, nonsense and messages in other people’s names are refused and told', () =>
  attacked(async (bob, _alice, mallory) => {
    const png = new Uint8Array(limits.imageBytes + 1)
    png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const small = decodeWrapper(mallory.wrap({ kind: 'image', image: png.slice(0, 100), text: 'big' }))
    const payload = decodePayload(small.type, small.payload)
    if (payload.name !== 'chat-message' || payload.message.image === undefined) throw new Error('no image')
    const message = { ...payload.message, image: { ...payload.message.image, payload: png } }
    const big = wrap(small.type, encodePayload({ name: 'chat-message', message }), mallory.identity)
    await mallory.postTo(bob.client.publicKey, big)
    await until('too large', () => reasons(bob).includes('image-too-large'))
    for (let index = 0; index < 30; index += 1) await mallory.postTo(bob.client.publicKey, randomBytes(50 + index * 7))
    const inAlicesName = outgoing(
      { kind: 'one-to-one', publicKey: bob.client.publicKey },
      { kind: 'text', text: 'me' },
      {
        identity: identityOf('alice'),
        nowMs: Date.now()
      }
    )
    await mallory.postTo(bob.client.publicKey, inAlicesName.bytes)
    await until('in her name', () => reasons(bob).includes('author-mismatch'))
    const chat = { kind: 'one-to-one', publicKey: mallory.identity.publicKey } as const
    expect(await bob.client.messages(chat)).toEqual([])
    // What was refused is told with layer, reason and author, and nothing of it.
    for (const fact of bob.refusals())
      expect(Object.keys(fact).sort()).toEqual(
        ['author', 'expected', 'final', 'kind', 'layer', 'reason'].filter(key => key in fact)
      )
  }))

function compressed(privateKey: Uint8Array): Uint8Array {
  const { publicKey } = createIdentityKey(privateKey)
  const bytes = publicKey.slice(0, 33)
  bytes[0] = 2 + ((publicKey[64] ?? 0) & 1)
  return bytes
}
