import { randomBytes } from '@status-stack/crypto'
import type { Effect, OpenResult } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { alice, arriving } from '../support/opened.ts'
import { identityOf } from '../support/world.ts'

const bob = identityOf('bob').publicKey
const server = { mailserver: 'server' } as const

const steps = (told: readonly unknown[]): readonly unknown[] => told.map(step => (step as readonly unknown[])[0])

test('what nobody signed is refused for good, and not even opened', async () => {
  const { deliver, told, refusals } = await arriving()
  await deliver({}, false)
  expect(told).toEqual([])
  expect(refusals).toStrictEqual([{ layer: 'transport', reason: 'unsigned', final: true, expected: false }])
})

test('effects are applied before a message is looked at, and its author is known to be there', async () => {
  const { deliver, message, told, hello, texts } = await arriving()
  const effect: Effect = { kind: 'devices-changed', identity: alice }
  message(hello(), { effects: [effect] })
  await deliver()
  expect(told.slice(0, 3)).toEqual([
    ['open', alice],
    ['effects', [effect]],
    ['active', alice]
  ])
  expect(await texts()).toEqual(['hello'])
})

test('an advertisement is handled by its effects alone; what cannot be opened is refused for good, but for our own echo', async () => {
  const { deliver, open, told, refusals } = await arriving()
  const effects: readonly Effect[] = [{ kind: 'devices-changed', identity: alice }]
  open({ kind: 'nothing', effects })
  await deliver()
  expect([steps(told), refusals]).toEqual([['open', 'effects', 'active'], []])
  open({ kind: 'unreadable', reason: 'own-echo', effects: [] })
  await deliver()
  expect(refusals).toEqual([])
  open({ kind: 'unreadable', reason: 'no-session', effects: [] })
  await deliver()
  expect(refusals).toStrictEqual([{ layer: 'pfs', reason: 'no-session', final: true, expected: false, author: alice }])
})

test('an envelope of ours that an archive gives back is held there; of others, or live, it says nothing of the kind', async () => {
  const { deliver, told, hash } = await arriving()
  await deliver({ signer: bob, source: server })
  expect(told[0]).toEqual(['archived', hash(), 'server'])
  told.length = 0
  await deliver({ signer: bob })
  await deliver({ source: server })
  // Ourselves we tell no peer from: only others are told to be there.
  expect(steps(told)).toEqual(['open', 'open', 'active'])
})

test('what comes to us goes through sync with the device that it names, what comes to a public chat does not', async () => {
  const { deliver, message, told, hello } = await arriving()
  const bytes = hello()
  for (const fields of [{ device: 'phone' }, {}]) {
    message(bytes, fields)
    await deliver()
  }
  await deliver({ arrival: { kind: 'rendezvous', peer: alice } })
  const received = told.filter(step => (step as readonly unknown[])[0] === 'receive')
  expect(received).toStrictEqual([
    ['receive', alice, bytes, { device: 'phone' }],
    ['receive', alice, bytes, {}],
    ['receive', alice, bytes, {}]
  ])
  told.length = 0
  await deliver({ arrival: { kind: 'public', name: 'room' } })
  expect(steps(told)).toEqual(['open', 'active'])
})

test('the receipt of a message is stored in one batch with it, and deleted once the security layer was told', async () => {
  const { deliver, message, told, hello, receipts } = await arriving()
  message(hello(), { receipt: 'r' })
  await deliver()
  expect(told.slice(-1)).toEqual([['confirm', 'r', ['r']]])
  expect(await receipts()).toEqual([])
})

test('a message of sync is accepted after it was stored and confirmed; without an id of sync there is nothing to accept', async () => {
  const { deliver, message, sync, told, hello } = await arriving()
  const id = new Uint8Array(32).fill(1)
  message(Uint8Array.of(1), { receipt: 'r' })
  sync({ kind: 'payload', bodies: [{ id, body: hello() }] })
  await deliver()
  expect(told.slice(-2)).toEqual([
    ['confirm', 'r', ['r']],
    ['accept', alice, [id]]
  ])
  told.length = 0
  message(hello())
  sync({ kind: 'not-sync' })
  await deliver()
  expect(steps(told)).toEqual(['open', 'active', 'receive'])
})

test('what holds no message is confirmed at once: acknowledgements, and empty bytes that are none of sync', async () => {
  const { deliver, message, sync, told, refusals } = await arriving()
  const confirmed = () => told.filter(step => (step as readonly unknown[])[0] === 'confirm')
  message(Uint8Array.of(1), { receipt: 'acks' })
  sync({ kind: 'payload', bodies: [] })
  await deliver()
  message(new Uint8Array(), { receipt: 'empty' })
  sync({ kind: 'not-sync' })
  await deliver()
  expect(confirmed()).toEqual([
    ['confirm', 'acks', []],
    ['confirm', 'empty', []]
  ])
  message(new Uint8Array())
  await deliver()
  expect(confirmed()).toHaveLength(2)
  expect(refusals).toEqual([])
})

test('a copy of what was shown before there was a ratchet is confirmed if there is a receipt', async () => {
  const { deliver, message, sync, told, refusals } = await arriving()
  sync({ kind: 'not-sync' }, true)
  message(Uint8Array.of(1), { strongest: 'forward-secret' })
  await deliver()
  expect(steps(told)).toEqual(['open', 'active'])
  message(Uint8Array.of(1), { strongest: 'forward-secret', receipt: 'copy' })
  await deliver()
  expect(told.at(-1)).toEqual(['confirm', 'copy', []])
  expect(refusals.map(({ reason, expected }) => [reason, expected])).toEqual([
    ['replayed', true],
    ['replayed', true]
  ])
})

test('after a crash the security layer is told of the messages that were stored, each once', async () => {
  const { core, inbound, told, receipts } = await arriving()
  const unit = core.store.unit()
  for (const receipt of ['a', 'b']) unit.put(core.keys.receipt(randomBytes(32)), receipt)
  await unit.commit()
  await inbound.resume()
  expect(told.map(step => (step as readonly unknown[])[1]).sort()).toEqual(['a', 'b'])
  expect(await receipts()).toEqual([])
  await inbound.resume()
  expect(told).toHaveLength(2)
})

test('who waits for what is being handled waits to its end, well or not', async () => {
  const { core, inbound, deliver, message, hello, open } = await arriving()
  await inbound.idle()
  let free: () => void = () => {}
  const held = core.state.run(() => new Promise<void>(resolve => (free = resolve)))
  message(hello())
  const log: string[] = []
  const delivered = deliver().then(() => log.push('delivered'))
  const idle = inbound.idle().then(() => log.push('idle'))
  // Whatever can go on does so first.
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
  expect(log).toEqual([])
  free()
  await Promise.all([held, delivered, idle])
  open(undefined as unknown as OpenResult<string>)
  await expect(deliver()).rejects.toThrow(TypeError)
  await inbound.idle()
})
