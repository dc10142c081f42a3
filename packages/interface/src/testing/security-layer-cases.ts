import type { Audience } from '../protection.ts'
import type { OpenResult, SecurityLayer } from '../security.ts'
import { type ComplianceCase, check, checkBytes } from './case.ts'

/** Two people with one device each, who have never heard of each other. */
export interface SecurityFixture<Receipt> {
  /** Her only device, with an empty store. */
  readonly alice: SecurityLayer<Receipt>
  /** His only device, with another empty store. */
  readonly bob: SecurityLayer<Receipt>
  /** 65 bytes each. */
  readonly aliceKey: Uint8Array
  /** Bob's identity key, which `open` of Alice gets as the sender. */
  readonly bobKey: Uint8Array
  /** Called after each case, also after one that failed. */
  readonly release?: (() => Promise<void>) | undefined
}

/** What an implementation promises beyond the least. */
export interface SecurityLayerCasesOptions {
  /** Whether messages between people who know each other's devices are forward secret. @default true */
  readonly forwardSecret?: boolean | undefined
}

type Message<Receipt> = Extract<OpenResult<Receipt>, { kind: 'message' }>

const textOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/**
 * The contract of {@link SecurityLayer}. `create` makes a fresh fixture each time.
 *
 * @example
 * ```ts
 * for (const { name, run } of securityLayerCases(async () => twoSealers())) test(name, run)
 * ```
 */
export function securityLayerCases<Receipt>(
  create: () => Promise<SecurityFixture<Receipt>>,
  { forwardSecret = true }: SecurityLayerCasesOptions = {}
): readonly ComplianceCase[] {
  type Fixture = SecurityFixture<Receipt>
  const using = (name: string, body: (fixture: Fixture) => Promise<void>): ComplianceCase => ({
    name,
    run: async () => {
      const fixture = await create()
      try {
        await body(fixture)
      } finally {
        await fixture.release?.()
      }
    }
  })
  const to = (publicKey: Uint8Array): Audience => ({ kind: 'identity', publicKey, reach: 'known-devices' })
  const seal = async (layer: SecurityLayer<Receipt>, bytes: Uint8Array, audience: Audience) => {
    const sealed = await layer.seal(bytes, audience)
    check(sealed.kind === 'sealed', `bytes sealed for ${audience.kind}, got nobody`)
    return sealed
  }
  const open = async (
    layer: SecurityLayer<Receipt>,
    bytes: Uint8Array,
    sender: Uint8Array
  ): Promise<Message<Receipt>> => {
    const opened = await layer.open(bytes, { sender })
    check(
      opened.kind === 'message',
      `a message, got ${opened.kind}${opened.kind === 'unreadable' ? ` (${opened.reason})` : ''}`
    )
    return opened
  }
  /** Both have heard of each other: what follows is as well protected as the layer can. */
  const acquaint = async ({ alice, bob, aliceKey, bobKey }: Fixture): Promise<void> => {
    await open(bob, (await seal(alice, textOf('hello'), to(bobKey))).bytes, aliceKey)
    await open(alice, (await seal(bob, textOf('hello too'), to(aliceKey))).bytes, bobKey)
    await open(bob, (await seal(alice, textOf('well met'), to(bobKey))).bytes, aliceKey)
  }
  return [
    using('a first message opens, with the protection that sealing named', async ({ alice, bob, aliceKey, bobKey }) => {
      const sealed = await seal(alice, textOf('hello'), to(bobKey))
      const opened = await open(bob, sealed.bytes, aliceKey)
      checkBytes('the bytes', opened.bytes, textOf('hello'))
      check(opened.protection === sealed.protection, `protection ${sealed.protection}, got ${opened.protection}`)
    }),
    using('messages between people who know each other are as well protected as the layer promises', async fixture => {
      await acquaint(fixture)
      const sealed = await seal(fixture.alice, textOf('again'), to(fixture.bobKey))
      const opened = await open(fixture.bob, sealed.bytes, fixture.aliceKey)
      checkBytes('the bytes', opened.bytes, textOf('again'))
      const expected = forwardSecret ? 'forward-secret' : 'none'
      check(
        sealed.protection === expected && opened.protection === expected,
        `protection ${expected}, got ${sealed.protection}`
      )
      if (forwardSecret) {
        check(opened.strongest === 'forward-secret', 'the strongest protection to be remembered')
        check(opened.receipt !== undefined, 'a receipt for the message key')
        check(!includes(sealed.bytes, textOf('again')), 'sealed bytes that do not hold the text')
      }
    }),
    using('many messages at once open, in any order', async fixture => {
      await acquaint(fixture)
      const { alice, bob, aliceKey, bobKey } = fixture
      const sealed = await Promise.all(
        Array.from({ length: 8 }, (_, i) => seal(alice, textOf(`message ${i}`), to(bobKey)))
      )
      const opened: string[] = []
      for (const { bytes } of [...sealed].reverse())
        opened.push(new TextDecoder().decode((await open(bob, bytes, aliceKey)).bytes))
      check(
        opened.sort().join() === Array.from({ length: 8 }, (_, i) => `message ${i}`).join(),
        'eight different messages'
      )
    }),
    using('a changed message does not open, and the genuine one still does', async fixture => {
      await acquaint(fixture)
      const { bytes } = await seal(fixture.alice, textOf('genuine'), to(fixture.bobKey))
      for (let at = 0; forwardSecret && at < bytes.length; at += Math.max(1, Math.floor(bytes.length / 16))) {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        const opened = await fixture.bob.open(changed, { sender: fixture.aliceKey })
        check(
          opened.kind !== 'message' || opened.protection !== 'forward-secret' || equal(opened.bytes, textOf('genuine')),
          'no other message'
        )
        if (opened.kind === 'message' && opened.protection === 'forward-secret') return
      }
      checkBytes('the bytes', (await open(fixture.bob, bytes, fixture.aliceKey)).bytes, textOf('genuine'))
    }),
    using('confirm is idempotent, and a confirmed message does not open again', async fixture => {
      await acquaint(fixture)
      const { bytes } = await seal(fixture.alice, textOf('once'), to(fixture.bobKey))
      const { receipt } = await open(fixture.bob, bytes, fixture.aliceKey)
      if (receipt === undefined) return check(!forwardSecret, 'a receipt')
      await fixture.bob.confirm(receipt)
      await fixture.bob.confirm(JSON.parse(JSON.stringify(receipt)) as Receipt)
      check(
        (await fixture.bob.open(bytes, { sender: fixture.aliceKey })).kind === 'unreadable',
        'a replay to be unreadable'
      )
    }),
    using('an unconfirmed message opens again', async fixture => {
      await acquaint(fixture)
      const { bytes } = await seal(fixture.alice, textOf('twice'), to(fixture.bobKey))
      await open(fixture.bob, bytes, fixture.aliceKey)
      checkBytes('the bytes', (await open(fixture.bob, bytes, fixture.aliceKey)).bytes, textOf('twice'))
    }),
    using('public chats pass unprotected', async ({ alice, bob, aliceKey }) => {
      const sealed = await seal(alice, textOf('to all'), { kind: 'public-chat', name: 'cases' })
      check(sealed.protection === 'none', `protection none, got ${sealed.protection}`)
      const opened = await open(bob, sealed.bytes, aliceKey)
      checkBytes('the bytes', opened.bytes, textOf('to all'))
      check(opened.protection === 'none', 'protection none')
    }),
    using('bytes of another layer pass up unchanged, and no bytes make open throw', async ({ bob, aliceKey }) => {
      let state = 1
      for (let length = 0; length < 300; length += 7) {
        const bytes = new Uint8Array(length).map(() => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
          return state >>> 16
        })
        const opened = await bob.open(bytes, { sender: aliceKey })
        if (opened.kind !== 'message') continue
        check(opened.protection === 'none', 'bytes of strangers to be unprotected')
        checkBytes('the bytes', opened.bytes, bytes)
      }
    }),
    using('own devices are nobody while none is paired', async ({ alice }) => {
      const sealed = await alice.seal(textOf('copy'), { kind: 'own-devices', reach: 'known-devices' })
      check(sealed.kind === 'nobody', 'nobody')
    }),
    using('a contact code teaches devices and shows nothing', async ({ alice, bob, aliceKey }) => {
      const sealed = await seal(alice, new Uint8Array(0), { kind: 'contact-code', owner: aliceKey })
      const opened = await bob.open(sealed.bytes, { sender: aliceKey })
      check(opened.kind === 'nothing', `nothing to show, got ${opened.kind}`)
      check(
        opened.effects.some(({ kind }) => kind === 'devices-changed'),
        'the devices-changed effect'
      )
      check((await bob.devices(aliceKey)).length === 1, 'one device known')
    }),
    using('sealing for any device names no rendezvous', async fixture => {
      await acquaint(fixture)
      const sealed = await seal(fixture.alice, textOf('any'), {
        kind: 'identity',
        publicKey: fixture.bobKey,
        reach: 'any-device'
      })
      check(sealed.rendezvous === undefined, 'no rendezvous')
    }),
    using('sealedSize is the length of what seal gives', async fixture => {
      for (const length of [0, 1, 100, 5000]) {
        const size = await fixture.alice.sealedSize(length, to(fixture.bobKey))
        const { bytes } = await seal(fixture.alice, new Uint8Array(length).fill(1), to(fixture.bobKey))
        check(bytes.length <= size && size - bytes.length <= 16, `${bytes.length} bytes for ${length}, got ${size}`)
      }
    }),
    using('maxPlaintext is the most that fits', async ({ alice, bobKey }) => {
      for (const limit of [0, 600, 5000]) {
        const most = await alice.maxPlaintext(limit, to(bobKey))
        check(most === 0 || (await alice.sealedSize(most, to(bobKey))) <= limit, `${most} bytes to fit ${limit}`)
        check((await alice.sealedSize(most + 1, to(bobKey))) > limit, `no more than ${most} bytes to fit ${limit}`)
      }
    }),
    using('standing effects are there after contact', async fixture => {
      await acquaint(fixture)
      const kinds = (await fixture.alice.initialEffects()).map(({ kind }) => kind)
      check(!forwardSecret || kinds.includes('rendezvous'), 'the rendezvous of a known peer')
    })
  ]
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = 0; at + part.length <= bytes.length; at++)
    if (equal(bytes.subarray(at, at + part.length), part)) return true
  return false
}
