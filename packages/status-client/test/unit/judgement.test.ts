import { bytesToHex } from '@status-stack/crypto'
import type { DataEffect } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { accepted, inside, somebody } from '../support/core.ts'

const chatOf = (publicKey: Uint8Array) => ({ kind: 'one-to-one', id: `0x${bytesToHex(publicKey)}`, publicKey }) as const

const profile = (publicKey: Uint8Array, ensName: string, clock: number): readonly DataEffect[] => [
  { kind: 'contact-updated', publicKey, ensName, picture: '', clock }
]

test('an older profile does not replace a newer one, and a new name has to be verified again', async () => {
  const { core, take } = await inside()
  const alice = somebody()
  const tell = (ensName: string, clock: number) =>
    take({
      ...accepted(
        alice,
        { kind: 'contact-update', ensName, picture: '' },
        chatOf(alice),
        profile(alice, ensName, clock)
      ),
      clock
    })
  expect(await tell('alice.eth', 10)).toBe('applied')
  const unit = core.store.unit()
  core.chatCache.putContact(unit, { ...core.chatCache.contact(alice), ensVerified: true })
  await unit.commit()
  expect(await tell('old.eth', 9)).toBe('stale')
  expect(core.chatCache.contact(alice)).toMatchObject({ ensName: 'alice.eth', ensVerified: true })
  expect(await tell('alice.eth', 11)).toBe('applied')
  expect(core.chatCache.contact(alice).ensVerified).toBe(true)
  expect(await tell('vitalik.eth', 12)).toBe('applied')
  expect(core.chatCache.contact(alice)).toMatchObject({ ensName: 'vitalik.eth', ensVerified: false })
})

test('a message from before a chat was cleared is not stored, one from after is', async () => {
  const { core, take } = await inside()
  const alice = somebody()
  const [late, first] = ['late', 'first'].map(text => accepted(alice, { kind: 'text', text }, chatOf(alice)))
  if (late === undefined || first === undefined) throw new Error('no messages')
  expect(await take(first)).toBe('applied')
  const unit = core.store.unit()
  await core.messages.purge(unit, chatOf(alice), { limit: 10, nowMs: core.clock.nowMs(), by: 'user' })
  await unit.commit()
  expect(await take(late)).toBe('chat-deleted')
  expect(await take({ ...late, clock: first.clock + 1 })).toBe('applied')
})

test('a device that no bundle of ours names cannot announce itself', async () => {
  const { core, take } = await inside()
  const announced: DataEffect = {
    kind: 'device-announced',
    installationId: 'unheard of',
    deviceType: 'phone',
    name: 'mine',
    clock: 1
  }
  const pair = { kind: 'pair', installationId: 'unheard of', deviceType: 'phone', name: 'mine' } as const
  expect(await take({ ...accepted(core.self, pair, undefined, [announced]), fromSelf: true })).toBe(
    'installation-unknown'
  )
  expect(await core.store.get(core.keys.device('unheard of'))).toBeUndefined()
})
