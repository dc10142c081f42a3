import { check, checkBytes } from '../case.ts'
import { acquaint, open, type SecurityClause, seal, textOf, to } from './fixture.ts'

/** The other audiences, the sizes of what is sealed, and the effects that a client asks for. */
export const audienceClauses: readonly SecurityClause[] = [
  [
    'public chats pass unprotected',
    async ({ alice, bob, aliceKey }) => {
      const sealed = await seal(alice, textOf('to all'), { kind: 'public', name: 'cases' })
      check(sealed.protection === 'none', `protection none, got ${sealed.protection}`)
      const opened = await open(bob, sealed.bytes, aliceKey)
      checkBytes('the bytes', opened.bytes, textOf('to all'))
      check(opened.protection === 'none', 'protection none')
    }
  ],
  [
    'bytes of another layer pass up unchanged, and no bytes make open throw',
    async ({ bob, aliceKey }) => {
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
    }
  ],
  [
    'own devices are nobody while none is paired',
    async ({ alice }) => {
      const sealed = await alice.seal(textOf('copy'), { kind: 'own-devices', reach: 'known-devices' })
      check(sealed.kind === 'nobody', 'nobody')
    }
  ],
  [
    'a contact code teaches devices and shows nothing',
    async ({ alice, bob, aliceKey }) => {
      const sealed = await seal(alice, new Uint8Array(0), { kind: 'contact-code', owner: aliceKey })
      const opened = await bob.open(sealed.bytes, { sender: aliceKey })
      check(opened.kind === 'nothing', `nothing to show, got ${opened.kind}`)
      check(
        opened.effects.some(({ kind }) => kind === 'devices-changed'),
        'the devices-changed effect'
      )
      check((await bob.devices(aliceKey)).length === 1, 'one device known')
    }
  ],
  [
    'sealing for any device names no rendezvous',
    async fixture => {
      await acquaint(fixture)
      const sealed = await seal(fixture.alice, textOf('any'), {
        kind: 'identity',
        publicKey: fixture.bobKey,
        reach: 'any-device'
      })
      check(sealed.rendezvous === undefined, 'no rendezvous')
    }
  ],
  [
    'sealedSize is the length of what seal gives',
    async fixture => {
      for (const length of [0, 1, 100, 5000]) {
        const size = await fixture.alice.sealedSize(length, to(fixture.bobKey))
        const { bytes } = await seal(fixture.alice, new Uint8Array(length).fill(1), to(fixture.bobKey))
        check(bytes.length <= size && size - bytes.length <= 16, `${bytes.length} bytes for ${length}, got ${size}`)
      }
    }
  ],
  [
    'maxPlaintext is the most that fits',
    async ({ alice, bobKey }) => {
      for (const limit of [0, 600, 5000]) {
        const most = await alice.maxPlaintext(limit, to(bobKey))
        check(most === 0 || (await alice.sealedSize(most, to(bobKey))) <= limit, `${most} bytes to fit ${limit}`)
        check((await alice.sealedSize(most + 1, to(bobKey))) > limit, `no more than ${most} bytes to fit ${limit}`)
      }
    }
  ],
  [
    'standing effects are there after contact',
    async fixture => {
      const { forwardSecret } = fixture
      await acquaint(fixture)
      const kinds = (await fixture.alice.initialEffects()).map(({ kind }) => kind)
      check(!forwardSecret || kinds.includes('rendezvous'), 'the rendezvous of a known peer')
    }
  ]
]
