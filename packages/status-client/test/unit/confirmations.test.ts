import type { PostedMessage } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { createConfirmations } from '../../src/sending/confirmations.ts'
import { inside, somebody } from '../support/core.ts'

const id = `0x${'1'.repeat(64)}`
const friend = somebody()
const hash = new Uint8Array(32).fill(7)

const never = new Promise<never>(() => {})

async function* confirmedBy(peers: readonly string[], end: Promise<void>): AsyncIterable<{ readonly by: string }> {
  for (const by of peers) yield { by }
  await end
}

const envelope = (confirmations: PostedMessage['confirmations']): PostedMessage => ({
  hash,
  expiry: 5,
  sentTo: ['one'],
  confirmations
})

/** The ledger of one message to a friend, whose envelope was posted. */
async function posted() {
  const { core, failures, heard } = await inside()
  const stopping = new AbortController()
  const unit = core.store.unit()
  core.deliveries.open(unit, { messageId: id, chat: { kind: 'public', name: 'test' }, queuedMs: 1 }, [friend])
  await unit.commit()
  await core.deliveries.note(id, { recipient: friend, state: 'posted', envelope: envelope(confirmedBy([], never)) })
  const confirmations = createConfirmations({ ...core, stopping: stopping.signal }, peer => peer === 'server')
  const leg = async () => {
    await core.background.idle()
    return (await core.deliveries.read(id))?.legs[0]
  }
  return { confirmations, leg, failures, heard, stop: () => stopping.abort() }
}

test('the first confirmation is told at once, and later ones are noted for as long as the envelope lives', async () => {
  const { confirmations, leg, heard } = await posted()
  let gone: () => void = () => {}
  const end = new Promise<void>(resolve => {
    gone = resolve
  })
  expect(await confirmations.follow(envelope(confirmedBy(['one', 'server'], end)), [id], friend)).toBe(true)
  gone()
  expect(await leg()).toMatchObject({
    state: 'archived',
    envelopes: [{ confirmedBy: ['one'], archivedBy: ['server'] }]
  })
  // That it is gone then is no news.
  expect(heard.delivery.map(({ state }) => state)).toEqual(['queued', 'posted', 'confirmed', 'archived'])
})

test('an envelope that is gone and that nobody confirmed is told as expired', async () => {
  const { confirmations, leg } = await posted()
  expect(await confirmations.follow(envelope(confirmedBy([], Promise.resolve())), [id], friend)).toBe(false)
  expect(await leg()).toMatchObject({ state: 'expired' })
})

test('a stop ends the following of an envelope that still lives, and says nothing about the envelope', async () => {
  const { confirmations, leg, failures, stop } = await posted()
  const confirmed = confirmations.follow(envelope(confirmedBy([], never)), [id], friend)
  stop()
  expect(await confirmed).toBe(false)
  expect(await leg()).toMatchObject({ state: 'posted' })
  expect(failures).toEqual([])
})

test('what is posted while the client stops is not followed at all', async () => {
  const { confirmations, leg, failures, stop } = await posted()
  stop()
  let isAsked = false
  const unasked = (async function* (): AsyncIterable<{ readonly by: string }> {
    isAsked = true
    yield { by: 'one' }
  })()
  expect(await confirmations.follow(envelope(unasked), [id], friend)).toBe(false)
  expect([isAsked, (await leg())?.state, failures]).toEqual([false, 'posted', []])
})

test('confirmations that fail end like an envelope that is gone: nobody waits for them for ever', async () => {
  const { confirmations, leg, failures } = await posted()
  const error = new Error('the layer below')
  const broken = (async function* (): AsyncIterable<{ readonly by: string }> {
    yield* confirmedBy([], Promise.reject(error))
  })()
  expect(await confirmations.follow(envelope(broken), [id], friend)).toBe(false)
  await leg()
  expect(failures).toEqual([error])
})
