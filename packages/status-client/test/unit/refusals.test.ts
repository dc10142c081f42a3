import { createIdentityKey } from '@status-stack/status-accounts'
import { outgoing } from '@status-stack/status-data'
import { expect, test } from 'vitest'
import { stranger } from '../support/stranger.ts'
import { during, identityOf, keyOf, movableClock, type Person, person, until } from '../support/world.ts'

async function withMallory(
  run: (bob: Person, mallory: Awaited<ReturnType<typeof stranger>>) => Promise<void>
): Promise<void> {
  const bob = await person('bob')
  await during([bob], async () => {
    const mallory = await stranger('mallory', bob)
    try {
      await until('linked', () => bob.client.connected() && mallory.whisper.connected())
      await run(bob, mallory)
    } finally {
      await mallory.stop()
    }
  })
}

const message = (author: string, text: string, nowMs = Date.now()) =>
  outgoing(
    { kind: 'one-to-one', publicKey: identityOf('bob').publicKey },
    { kind: 'text', text },
    { identity: createIdentityKey(keyOf(author)), nowMs }
  ).bytes

async function refusedAs(bob: Person, reason: string): Promise<void> {
  await until(`refused as ${reason}`, () => bob.refusals().some(fact => fact.reason === reason))
  expect(await bob.client.chats()).toEqual([])
  expect(bob.texts()).toEqual([])
}

test('a message with a bad signature is never shown', () =>
  withMallory(async (bob, mallory) => {
    const bytes = message('mallory', 'forged')
    bytes[70] = (bytes[70] ?? 0) ^ 1
    await mallory.postTo(bob.client.publicKey, bytes)
    await until('refused', () => bob.refusals().length > 0)
    expect(bob.refusals()[0]).toMatchObject({ layer: 'data', final: true, author: mallory.identity.publicKey })
    expect(await bob.client.chats()).toEqual([])
  }))

test('a one-to-one message whose wrapper names somebody else is refused', () =>
  withMallory(async (bob, mallory) => {
    await mallory.postTo(bob.client.publicKey, message('alice', 'in her name'))
    await refusedAs(bob, 'author-mismatch')
  }))

test('a clock 121 s ahead is not shown, and not final', () =>
  withMallory(async (bob, mallory) => {
    await mallory.postTo(bob.client.publicKey, message('mallory', 'from the future', Date.now() + 122_000))
    await refusedAs(bob, 'clock-ahead')
    expect(bob.refusals()[0]?.final).toBe(false)
  }))

test('a payload that does not parse is never shown', () =>
  withMallory(async (bob, mallory) => {
    await mallory.postTo(bob.client.publicKey, new Uint8Array(300).fill(0xff))
    await until('refused', () => bob.refusals().length > 0)
    expect(bob.refusals()[0]?.reason).toBe('wrapper-malformed')
    expect(await bob.client.chats()).toEqual([])
  }))

test('an envelope without a signature is refused', () =>
  withMallory(async (bob, mallory) => {
    await mallory.postTo(bob.client.publicKey, message('mallory', 'who am I'), false)
    await refusedAs(bob, 'unsigned')
  }))

test('P-12 a message for a person does not count in a public chat, nor the other way round', () =>
  withMallory(async (bob, mallory) => {
    await bob.client.joinPublic('status')
    await mallory.postPublic('status', message('mallory', 'misplaced'))
    await until('refused', () => bob.refusals().length > 0)
    expect(bob.refusals()[0]).toMatchObject({ layer: 'data', final: true })
    const room = outgoing(
      { kind: 'public', name: 'status' },
      { kind: 'text', text: 'misplaced too' },
      {
        identity: mallory.identity,
        nowMs: Date.now()
      }
    )
    await mallory.postTo(bob.client.publicKey, room.bytes)
    await until('refused again', () => bob.refusals().length > 1)
    expect(bob.texts()).toEqual([])
  }))

test('the clock is the one that was injected', async () => {
  const clock = movableClock(86_400_000)
  const bob = await person('bob', { clock })
  await during([bob], async () => {
    await bob.client.joinPublic('status')
    const { clock: stamped } = await bob.client.send({ kind: 'public', name: 'status' }, { text: 'tomorrow' })
    expect(stamped).toBeGreaterThan(Date.now() + 86_000_000)
  })
})
