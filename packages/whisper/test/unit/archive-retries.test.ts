import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { encodeEnvelope, envelopeHash } from '../../src/envelope.ts'
import { createEventSource } from '../../src/events.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { createArchiveRetries, type Storable } from '../../src/relay/archive-retries.ts'
import { handPeer, node, place, symmetricKey, time, topic } from '../support.ts'

const now = 1_600_000_000
const noWork = { target: 0, timeSeconds: 0 }
const raw = (nonce: number, ttl = 10, expiry = now + 10) =>
  encodeEnvelope({ expiry, ttl, topic, data: new Uint8Array(9), nonce: BigInt(nonce) })
const hashOf = (nonce: number, ttl?: number): string => bytesToHex(envelopeHash(raw(nonce, ttl)))

/** A mailserver whose archive fails as long as the test says, and a relay that sends to it. */
async function mailserver(options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  const attempts: string[][] = []
  const given: number[] = []
  const archive = { isBroken: true }
  const unplug = whisper.serve({
    archive: {
      accept: async envelopes => {
        attempts.push(envelopes.map(({ bytes }) => bytesToHex(envelopeHash(bytes))))
        if (archive.isBroken) throw new Error('disk full')
      }
    }
  })
  whisper.on('archivegivenup', fact => given.push(fact.envelopes))
  const link = async (name: string) => {
    const peer = handPeer(whisper, name)
    await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: false }))
    await clock.settle()
    return {
      send: async (...envelopes: readonly Uint8Array[]): Promise<void> => {
        await peer.send(packetCodes.messages, encodeMessages(envelopes))
        await clock.settle()
      },
      confirmed: (): number => peer.received.filter(({ code }) => code === packetCodes.batchAcknowledged).length
    }
  }
  return { clock, whisper, archive, attempts, given, link, unplug }
}

test('what could not be stored is stored once the archive works again, though no further copy comes', async () => {
  const { clock, whisper, archive, attempts, given, link } = await mailserver()
  const peer = await link('peer')
  await peer.send(raw(1), raw(2))
  await clock.advance(10_000)
  archive.isBroken = false
  // The envelopes have left the pool by now.
  await clock.advance(120_000)
  expect(whisper.info().messages).toBe(0)
  expect(attempts.at(-1)).toEqual([hashOf(2)])
  expect(attempts.at(-2)).toEqual([hashOf(1)])
  const { length } = attempts
  await clock.advance(limits.unarchivedWaitMs)
  expect(attempts).toHaveLength(length)
  expect(given).toEqual([])
  // That it is stored by now, a late copy is told.
  await peer.send(raw(1))
  expect(peer.confirmed()).toBe(1)
  expect(attempts).toHaveLength(length)
  await whisper.stop()
})

test('so is what was written here, for which no peer waits', async () => {
  const { clock, whisper, archive, attempts } = await mailserver()
  const posting = whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  const { hash } = await posting
  archive.isBroken = false
  await clock.advance(2 * limits.unarchivedFirstPauseMs)
  expect(attempts).toEqual([[bytesToHex(hash)], [bytesToHex(hash)]])
  await whisper.stop()
})

test('pauses grow up to the longest, and in the end the envelope is given up', async () => {
  const { clock, whisper, attempts, given, link } = await mailserver()
  const peer = await link('peer')
  await peer.send(raw(1))
  const after: number[] = []
  for (let seconds = 1; seconds <= 130; seconds += 1) {
    const { length } = attempts
    await clock.advance(1000)
    if (attempts.length > length) after.push(seconds)
  }
  expect(after).toEqual([1, 3, 7, 15, 31, 63, 123])
  await clock.advance(limits.unarchivedWaitMs)
  expect(given).toEqual([1])
  const { length } = attempts
  await clock.advance(limits.unarchivedWaitMs)
  expect(attempts).toHaveLength(length)
  // Given up is not kept.
  await peer.send(raw(1))
  expect(peer.confirmed()).toBe(0)
  expect(attempts).toHaveLength(length + 1)
  await whisper.stop()
})

test('a copy of an envelope that was evicted or has expired is confirmed once it is stored, and not before', async () => {
  const { clock, whisper, archive, attempts, link } = await mailserver({ poolMaxBytes: 1650 })
  const [peer, other] = [await link('peer'), await link('other')]
  await peer.send(raw(1, 0))
  await peer.send(raw(2))
  expect(whisper.info().messages).toBe(1)
  await other.send(raw(1, 0))
  expect(other.confirmed()).toBe(0)
  expect(attempts.at(-1)).toEqual([hashOf(1, 0)])
  archive.isBroken = false
  await other.send(raw(1, 0), raw(1, 0))
  expect(attempts.at(-1)).toEqual([hashOf(1, 0)])
  expect(other.confirmed()).toBe(1)
  const { length } = attempts
  await peer.send(raw(1, 0))
  expect(peer.confirmed()).toBe(1)
  expect(attempts).toHaveLength(length)

  archive.isBroken = true
  await clock.advance(15_000)
  await peer.send(raw(3, 10, now + 25))
  await clock.advance(15_000)
  expect(whisper.info().messages).toBe(0)
  const before = [peer.confirmed(), other.confirmed()]
  await other.send(raw(3, 10, now + 25))
  expect([peer.confirmed(), other.confirmed()]).toEqual(before)
  archive.isBroken = false
  await other.send(raw(3, 10, now + 25))
  expect(other.confirmed()).toBe(2)
  await whisper.stop()
})

test('what a full pool does not take is archived all the same, once, before it is confirmed', async () => {
  const { whisper, archive, attempts, link } = await mailserver({ poolMaxBytes: 1650 })
  const peer = await link('peer')
  archive.isBroken = false
  await peer.send(raw(2))
  await peer.send(raw(1, 0), raw(1, 0))
  expect(whisper.counters().refused['pool-full']).toBe(2)
  expect(attempts).toEqual([[hashOf(2)], [hashOf(1, 0)]])
  expect(peer.confirmed()).toBe(2)
  archive.isBroken = true
  await peer.send(raw(3, 0))
  expect(peer.confirmed()).toBe(2)
  await whisper.stop()
})

test('what waits when the node stops, or the mailserver is taken out, is not tried again', async () => {
  const { clock, whisper, attempts, given, link } = await mailserver()
  await (await link('peer')).send(raw(1))
  await whisper.stop()
  expect(given).toEqual([1])
  await clock.advance(limits.unarchivedWaitMs)
  expect(attempts).toHaveLength(1)

  const second = await mailserver()
  await (await second.link('peer')).send(raw(1))
  second.unplug()
  await second.clock.advance(limits.unarchivedWaitMs)
  expect(second.attempts).toHaveLength(1)
  expect(second.clock.pendingTimers()).toBe(1)
  await second.whisper.stop()
})

/** The queue alone, over inserts by hand. */
function queue() {
  const clock = time()
  const events = createEventSource()
  const given: number[] = []
  events.on('archivegivenup', fact => given.push(fact.envelopes))
  const batches: (readonly string[])[] = []
  const fails = { for: (_: Storable): boolean => true }
  const retries = createArchiveRetries({ scheduler: clock.scheduler, events }, async batch => {
    batches.push(batch.map(({ id }) => id))
    if (batch.some(entry => fails.for(entry))) return false
    for (const { archiving } of batch) archiving.stored = undefined
    return true
  })
  retries.start()
  const storable = (id: string, length = 10): Storable => ({
    id,
    archived: { bytes: new Uint8Array(length), hash: topic, topic, sentSeconds: 0, expirySeconds: 0 },
    archiving: { stored: Promise.resolve(false) }
  })
  return { clock, given, batches, fails, retries, storable }
}

test('no more bytes wait than the limit; the oldest makes room', async () => {
  const { clock, given, batches, fails, retries, storable } = queue()
  const length = 1024 * 1024
  const most = Math.floor(limits.unarchivedBytes / (length + limits.unarchivedEntryBytes))
  for (let n = 0; n < most + 2; n += 1) retries.add([storable(String(n), length)], 'peer')
  // Once more is no second place.
  retries.add([storable('2', length)], 'peer')
  expect(given).toEqual([1, 1])
  fails.for = () => false
  await clock.advance(limits.unarchivedFirstPauseMs)
  expect(batches.flat()).toEqual(Array.from({ length: most }, (_, n) => String(n + 2)))
  // There is room again.
  retries.add([storable('more', length)], 'peer')
  expect(given).toEqual([1, 1])
})

test('who brings too much loses its own, whoever came first', async () => {
  const { clock, given, batches, fails, retries, storable } = queue()
  const length = 1024 * 1024
  const most = Math.floor(limits.unarchivedBytes / (length + limits.unarchivedEntryBytes))
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`)
  for (const id of names('quiet', 2)) retries.add([storable(id, length)], 'quiet')
  for (const id of names('flood', 2 * most)) retries.add([storable(id, length)], 'flood')
  for (const id of names('late', 2)) retries.add([storable(id, length)], 'late')
  fails.for = () => false
  await clock.advance(limits.unarchivedFirstPauseMs)
  const stored = batches.flat()
  expect(stored.filter(id => !id.startsWith('flood'))).toEqual([...names('quiet', 2), ...names('late', 2)])
  expect(stored).toHaveLength(most)
  expect(given.reduce((sum, envelopes) => sum + envelopes, 0)).toBe(2 * most + 4 - most)
})

test('what is being tried is not given up meanwhile', async () => {
  const clock = time()
  const events = createEventSource()
  const given: number[] = []
  events.on('archivegivenup', fact => given.push(fact.envelopes))
  let answer: (isStored: boolean) => void = () => undefined
  const batches: string[][] = []
  const retries = createArchiveRetries({ scheduler: clock.scheduler, events }, batch => {
    batches.push(batch.map(({ id }) => id))
    return new Promise(resolve => {
      answer = resolve
    })
  })
  retries.start()
  const { storable } = queue()
  retries.add([storable('tried')], 'peer')
  await clock.advance(limits.unarchivedFirstPauseMs)
  expect(batches).toEqual([['tried']])
  retries.add([storable('second', limits.unarchivedBytes)], 'peer')
  retries.add([storable('tried')], 'peer')
  expect(given).toEqual([1])
  answer(false)
  await clock.advance(limits.unarchivedLongestPauseMs)
  expect(batches).toEqual([['tried'], ['tried']])
  // Its outcome comes when all that waited has been given up already.
  retries.stop()
  retries.start()
  answer(false)
  await clock.advance(limits.unarchivedWaitMs)
  expect(given).toEqual([1, 1])
  expect(batches).toHaveLength(2)
})

test('a flood of one peer displaces nothing that others brought', async () => {
  const { clock, whisper, archive, attempts, given, link } = await mailserver({ maxMessageSize: limits.maxMessageSize })
  const [flood, quiet] = [await link('flood'), await link('quiet')]
  const large = (nonce: number) =>
    encodeEnvelope({ expiry: now + 10, ttl: 10, topic, data: new Uint8Array(1_000_000), nonce: BigInt(nonce) })
  for (let n = 0; n < 20; n += 1) await flood.send(large(100 + n))
  expect(given.length).toBeGreaterThan(0)
  await quiet.send(raw(1))
  archive.isBroken = false
  await clock.advance(limits.unarchivedLongestPauseMs)
  expect(attempts.filter(batch => batch.includes(hashOf(1)))).toHaveLength(2)
  await whisper.stop()
})

test('an attempt has at most the envelopes and bytes of the limits', async () => {
  const { clock, batches, fails, retries, storable } = queue()
  const count = 2 * limits.unarchivedBatch
  retries.add(
    Array.from({ length: count }, (_, n) => storable(String(n))),
    'peer'
  )
  const large = limits.unarchivedBatchBytes / 2 - limits.unarchivedEntryBytes
  retries.add(
    ['a', 'b', 'c'].map(id => storable(id, large)),
    'peer'
  )
  fails.for = () => false
  await clock.advance(limits.unarchivedFirstPauseMs)
  expect(batches.map(batch => batch.length)).toEqual([limits.unarchivedBatch, limits.unarchivedBatch, 2, 1])
})

test('one envelope that no store takes holds up none of the others', async () => {
  const { clock, batches, fails, given, retries, storable } = queue()
  retries.add(
    Array.from({ length: 16 }, (_, n) => storable(String(n))),
    'peer'
  )
  fails.for = ({ id }) => id === '3'
  await clock.advance(limits.unarchivedWaitMs + limits.unarchivedLongestPauseMs)
  expect(given).toEqual([1])
  expect(batches.at(-1)).toEqual(['3'])
  const stored = batches.filter(batch => !batch.includes('3')).flat()
  expect(stored.sort()).toEqual(
    Array.from({ length: 16 }, (_, n) => String(n))
      .filter(id => id !== '3')
      .sort()
  )
})

test('what a copy has stored meanwhile is neither tried again nor given up', async () => {
  const { clock, batches, given, retries, storable } = queue()
  const [first, second] = [storable('1'), storable('2')]
  retries.add([first, second], 'peer')
  first.archiving.stored = undefined
  await clock.advance(limits.unarchivedFirstPauseMs)
  expect(batches).toEqual([['2']])
  second.archiving.stored = undefined
  await clock.advance(limits.unarchivedWaitMs)
  expect(batches).toEqual([['2']])
  expect(given).toEqual([])
  expect(clock.pendingTimers()).toBe(0)
})

test('an archive that never answers keeps no link, no post and no node from ending', async () => {
  const clock = time()
  const whisper = node(clock, 'node')
  await whisper.start()
  whisper.serve({ archive: { accept: () => new Promise(() => undefined) } })
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  for (let i = 0; i < limits.storingPackets + 3; i++) await peer.send(packetCodes.messages, encodeMessages([raw(i)]))
  await clock.settle()
  // The link is read no further.
  expect(whisper.info().messages).toBe(limits.storingPackets)
  const posted = whisper
    .postEnvelope({ topic, key: { kind: 'symmetric', key: symmetricKey }, payload: Uint8Array.of(1), pow: noWork })
    .catch((error: unknown) => error)
  await clock.settle()
  await whisper.stop()
  expect(await posted).toMatchObject({ code: 'not-running' })
  expect(await peer.ended).toBeUndefined()
})

test('a node that is started while it stops tries its archive again, and one that is stopped after that has stopped', async () => {
  const { whisper, clock, archive, attempts, link } = await mailserver()
  await Promise.all([whisper.stop(), whisper.start()])
  const { send } = await link('again')
  await send(raw(1))
  archive.isBroken = false
  await clock.advance(limits.unarchivedLongestPauseMs)
  expect(attempts).toEqual([[hashOf(1)], [hashOf(1)]])
  await Promise.all([whisper.stop(), whisper.start(), whisper.stop()])
  await expect(
    whisper.postEnvelope({ topic, key: { kind: 'symmetric', key: symmetricKey }, payload: raw(2) })
  ).rejects.toMatchObject({
    code: 'not-running'
  })
})
