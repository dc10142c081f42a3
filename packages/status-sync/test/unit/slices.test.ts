import { createTimeSlicer } from '@status-stack/utils'
import { describe, expect, test } from 'vitest'
import {
  defaultLimits,
  encodePayload,
  groupId,
  memorySyncStore,
  messageId,
  type Payload,
  type SyncStore
} from '../../src/index.ts'
import { alice, bob, receiveAndAccept, testNode, text, turn } from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }
const count = defaultLimits.maxEntriesPerPayload

function idAt(n: number): Uint8Array {
  const id = new Uint8Array(32).fill(9)
  new DataView(id.buffer).setUint32(0, n)
  return id
}
const ids = Array.from({ length: count }, (_, n) => idAt(n))
const messages = Array.from({ length: count }, (_, n) => ({
  groupId: groupId(alice, bob),
  timestamp: BigInt(n),
  body: text('x')
}))

/** A slicer whose turn is over after every `most` questions; each is asked for 64 items or 256 reads. */
function countingSlicer(most: number) {
  let asked = 0
  let pauses = 0
  const due = (): boolean => ++asked > most
  const pause = async (): Promise<void> => {
    pauses++
    await turn()
    asked = 0
  }
  return {
    ...createTimeSlicer(),
    due,
    pause,
    yielded: () => (due() ? pause() : undefined),
    pauses: () => pauses
  }
}

function countingStore() {
  const inner = memorySyncStore()
  const calls = { reads: 0, writes: 0 }
  const store: SyncStore = {
    ...inner,
    get: async (table, key) => {
      calls.reads++
      return inner.get(table, key)
    },
    getMany: async (table, keys) => {
      calls.reads++
      return Promise.all(keys.map(key => inner.get(table, key)))
    },
    write: async changes => {
      calls.writes++
      await inner.write(changes)
    }
  }
  return { store, calls }
}

describe('a full payload is handled in slices', () => {
  const floods: Readonly<Record<string, Partial<Payload>>> = {
    acknowledgements: { acks: ids },
    requests: { requests: ids },
    offers: { offers: ids },
    messages: { messages }
  }
  for (const [name, flood] of Object.entries(floods)) {
    test(`of ${name}`, async () => {
      const slicer = countingSlicer(4)
      const node = testNode({ slicer })
      await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages.slice(0, 1) }))
      const before = slicer.pauses()
      const bytes = encodePayload({ ...empty, ...flood })
      // Another call is answered while the payload is being handled.
      let handled = false
      const handling = node.sync.receive(bob, bytes).then(() => {
        handled = true
      })
      await node.sync.delivery('t')
      expect(handled).toBe(false)
      await handling
      expect(slicer.pauses() - before).toBeGreaterThanOrEqual(count / 64 / 6)
    })
  }

  test('of duplicates, which are all acknowledged again as far as there is room', async () => {
    const slicer = countingSlicer(4)
    const node = testNode({ slicer })
    const some = messages.slice(0, 3000)
    const bytes = encodePayload({ ...empty, messages: some })
    expect(await receiveAndAccept(node.sync, bob, bytes)).toHaveLength(3000)
    const before = slicer.pauses()
    expect(await receiveAndAccept(node.sync, bob, bytes)).toEqual([])
    expect(slicer.pauses() - before).toBeGreaterThanOrEqual(3000 / 64 / 6)
    await node.sync.tick()
    expect(node.sent.flatMap(({ payload }) => payload.acks)).toHaveLength(defaultLimits.maxAcksPerPeer)
  })

  test('and reads and writes the store in batches', async () => {
    const { store, calls } = countingStore()
    const node = testNode({ store, isKnown: () => true })
    await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: messages.slice(0, 5000) }))
    calls.reads = 0
    calls.writes = 0
    await node.sync.receive(bob, encodePayload({ ...empty, messages: messages.slice(0, 5000) }))
    expect(calls).toEqual({ reads: Math.ceil(5000 / 256), writes: 0 })
    calls.reads = 0
    await node.sync.receive(bob, encodePayload({ ...empty, offers: ids }))
    expect(calls).toEqual({ reads: 1, writes: 1 })
  })

  test('acknowledged messages are deleted in one write, after each was told', async () => {
    const { store, calls } = countingStore()
    const node = testNode({ store })
    for (let n = 0; n < 300; n++) await node.sync.enqueue({ peer: bob, body: text(`${n}`), tracking: `${n}` })
    await node.sync.tick()
    const acks = node.sent.flatMap(({ payload }) => payload.messages).map(messageId)
    calls.writes = 0
    let toldAtFirstWrite = -1
    const { write } = store
    Object.assign(store, {
      write: async (changes: Parameters<SyncStore['write']>[0]) => {
        if (toldAtFirstWrite < 0 && changes.some(({ value }) => value === undefined))
          toldAtFirstWrite = node.facts.length
        await write(changes)
      }
    })
    await node.sync.receive(bob, encodePayload({ ...empty, acks }))
    expect(node.facts).toHaveLength(300)
    expect(toldAtFirstWrite).toBe(300)
    expect(calls.writes).toBeLessThanOrEqual(2)
    expect(await store.list('record')).toHaveLength(0)
  })

  test('bytes that turn out to be no payload after ten thousand entries change nothing', async () => {
    const node = testNode()
    await node.sync.enqueue({ peer: bob, body: text('x'), tracking: 't' })
    await node.sync.tick()
    const [sent] = node.sent.flatMap(({ payload }) => payload.messages).map(messageId)
    const good = encodePayload({ ...empty, acks: [sent!, ...ids.slice(0, 10_000)] })
    expect(await node.sync.receive(bob, good.subarray(0, good.length - 1))).toEqual({ kind: 'not-sync' })
    expect((await node.sync.delivery('t')).map(({ state }) => state)).toEqual(['pending'])
  })
})

test('twice the entries are at most three times the questions to the slicer', async () => {
  const questions = async (length: number) => {
    let asked = 0
    const slicer = { ...createTimeSlicer(), due: () => false, pause: turn, yielded: () => void asked++ }
    const node = testNode({ slicer })
    await node.sync.receive(
      bob,
      encodePayload({ ...empty, acks: ids.slice(0, length), messages: messages.slice(0, length) })
    )
    return asked
  }
  expect(await questions(4000)).toBeLessThanOrEqual(3 * (await questions(2000)))
})
