import { type Audience, type Device, type Outgoing, StackError } from '@status-stack/interface'
import { expect, test } from 'vitest'
import type { Core } from '../../src/composition/core.ts'
import { createMessageMaker, refusal } from '../../src/sending/make-message.ts'
import { blankContact } from '../../src/storage/chat-cache.ts'
import { inside } from '../support/core.ts'
import { identityOf } from '../support/world.ts'

const alice = identityOf('alice').publicKey
const carol = identityOf('carol').publicKey
const text = { kind: 'text', text: 'hello' } as const
const room = { kind: 'public', name: 'room' } as const
const toAlice = { kind: 'one-to-one', publicKey: alice } as const

const device = (fields: Partial<Device> = {}): Device => ({
  installationId: 'phone',
  self: false,
  enabled: true,
  targeted: true,
  ...fields
})

/** A maker of messages; nobody has a device until it is said. */
async function making(change: (data: Core['data']) => Partial<Core['data']> = () => ({})) {
  const { core } = await inside()
  const devices = new Map<Uint8Array, readonly Device[]>()
  const data = { ...core.data, ...change(core.data) }
  const make = createMessageMaker({ ...core, data }, { devices: async person => devices.get(person) ?? [] })
  const contact = async (more: object): Promise<void> => {
    const unit = core.store.unit()
    core.chatCache.putContact(unit, { ...blankContact(alice), ...more })
    await unit.commit()
  }
  return { core, devices, make, contact }
}

test('a public message is posted until a peer confirms it, by nobody in particular', async () => {
  const { make } = await making()
  const { shown, via, to } = await make({ chat: room, content: text }, 0)
  expect([shown, via, to]).toEqual(['public', { kind: 'once', audiences: [room], attempts: 0, nextMs: 0 }, [undefined]])
})

test('a message for a person goes through sync, with a copy for our other devices if there are such', async () => {
  const { core, make, devices } = await making()
  const peers = async () => {
    const { via, to } = await make({ chat: toAlice, content: text }, 0)
    expect(via).toEqual({ kind: 'sync', peers: to })
    return to
  }
  expect(await peers()).toEqual([alice])
  devices.set(core.self, [device({ self: true }), device({ enabled: false })])
  expect(await peers()).toEqual([alice])
  devices.set(core.self, [device({ self: true }), device()])
  expect(await peers()).toEqual([alice, core.self])
})

test('what says nothing to other devices of ours is copied to none', async () => {
  const { core, make, devices } = await making(data => ({
    outgoing: (...args) => ({ ...data.outgoing(...args), ownCopies: false }) as Outgoing
  }))
  devices.set(core.self, [device()])
  expect((await make({ chat: toAlice, content: text }, 0)).to).toEqual([alice])
})

test('until it is sealed a message is shown with the weakest that any of its people will get it with', async () => {
  const { make, devices, contact } = await making(data => ({
    outgoing: (...args) => ({ ...data.outgoing(...args), to: [alice, carol] }) as Outgoing
  }))
  const shown = async () => (await make({ chat: toAlice, content: text }, 0)).shown
  expect(await shown()).toBe('static-key')
  devices.set(alice, [device()])
  expect(await shown()).toBe('static-key')
  devices.set(carol, [device({ targeted: false })])
  expect(await shown()).toBe('static-key')
  devices.set(carol, [device({ targeted: false }), device()])
  expect(await shown()).toBe('forward-secret')
  await contact({ pfs: 'off' })
  expect(await shown()).toBe('transport-only')
})

test('of what is posted once, people count and devices of ours are named by our key', async () => {
  const person: Audience = { kind: 'identity', publicKey: alice, reach: 'any-device' }
  const own: Audience = { kind: 'own-devices', reach: 'any-device' }
  const { core, make, devices } = await making(data => ({
    outgoing: (...args) => {
      const { messageId, bytes, local } = data.outgoing(...args)
      return { messageId, bytes, local, reliability: 'best-effort', to: [person, own] }
    }
  }))
  const made = () => make({ chat: toAlice, content: text }, 0)
  expect(await made()).toMatchObject({ shown: 'static-key', to: [alice, core.self], via: { audiences: [person, own] } })
  devices.set(alice, [device()])
  expect((await made()).shown).toBe('forward-secret')
})

test('a message takes a clock beyond the last of its chat and says who we are', async () => {
  const { core, make } = await making()
  const lastClock = core.clock.nowMs() + 5
  const { out, startMs } = await make({ chat: toAlice, content: text }, lastClock)
  expect([startMs, out.local.clock > lastClock, out.local.author]).toEqual([core.clock.nowMs(), true, core.self])
})

const refusing = (error: unknown) =>
  making(() => ({
    outgoing: () => {
      throw error
    }
  }))

test.each([
  ['not-a-member', 'not-a-member'],
  ['group-unknown', 'unknown-chat'],
  ['chat-unknown', 'unknown-chat'],
  ['target-author', 'not-yours'],
  ['text-too-long', 'too-large'],
  ['image-too-large', 'too-large'],
  ['quota-exceeded', 'too-large'],
  ['text-blank', 'invalid-argument']
])('what our own rules refuse as %s its caller is told as %s', async (reason, code) => {
  const details = { reason }
  const { make } = await refusing(new StackError('not-sendable', 'no', { origin: 'caller', details }))
  await expect(make({ chat: room, content: text }, 0)).rejects.toMatchObject({ code, origin: 'caller', details })
})

test('a refusal without a reason is told by its code; what is nobody’s mistake is passed on as it is', async () => {
  const wrong = new StackError('invalid-argument', 'no', { origin: 'caller' })
  const told = (await refusing(wrong)).make({ chat: room, content: text }, 0)
  await expect(told).rejects.toMatchObject({ code: 'invalid-argument', details: { reason: 'invalid-argument' } })
  for (const error of [new StackError('broken', 'no', { origin: 'environment' }), new TypeError('a fault')]) {
    const { make } = await refusing(error)
    await expect(make({ chat: room, content: text }, 0)).rejects.toBe(error)
  }
})

test.each([
  ['not-a-member', 'not-a-member', 'you are not a member of this group'],
  ['chat-unknown', 'unknown-chat', 'this account has no such chat'],
  ['stale', 'invalid-argument', 'the message was refused: stale']
])('of a message of ours that the store refuses as %s its caller is told %s', (reason, code, message) => {
  const refused = refusal({ kind: 'refused', layer: 'data', reason, final: true, expected: false })
  expect(refused).toMatchObject({ code, message, origin: 'caller', details: { reason } })
})
