import { describe, expect, test } from 'vitest'
import {
  encodePayload,
  groupId,
  memorySyncStore,
  messageId,
  type OutputResult,
  SyncError,
  type SyncStore
} from '../../src/index.ts'
import {
  alice,
  bob,
  carol,
  receiveAndAccept,
  record,
  type TestNode,
  testClock,
  testNode,
  text,
  turn
} from '../support/node.ts'

const empty = { acks: [], offers: [], requests: [], messages: [] }

async function pending(node: TestNode, tracking = 't', peer = bob): Promise<void> {
  await node.sync.enqueue({ peer, body: text(`body of ${tracking}`), tracking })
}

async function acknowledge(node: TestNode, peer = bob): Promise<void> {
  const acks = node.sent.flatMap(({ payload }) => payload.messages).map(messageId)
  await node.sync.receive(peer, encodePayload({ ...empty, acks }))
}

describe('enqueue', () => {
  test('is idempotent by peer and tracking while the message is pending', async () => {
    const node = testNode()
    await Promise.all([pending(node), pending(node), pending(node, 't', carol)])
    await node.sync.tick()
    expect(node.sent.map(({ contains }) => contains)).toEqual([['t'], ['t']])
    await pending(node)
    await node.after(1000)
    expect(node.sent).toHaveLength(2)
  })

  test('after the end the same tracking id is a new message', async () => {
    const node = testNode()
    await pending(node)
    await node.sync.tick()
    await acknowledge(node)
    await pending(node)
    await node.after(1000)
    const ids = node.sent.flatMap(({ payload }) => payload.messages).map(message => messageId(message).join())
    expect(new Set(ids).size).toBe(2)
  })

  test('equal bodies in the same second are two messages', async () => {
    const node = testNode()
    for (const tracking of ['1', '2', '3']) await node.sync.enqueue({ peer: bob, body: text('same'), tracking })
    await node.sync.tick()
    const [sent] = node.sent
    expect(new Set(sent?.payload.messages.map(message => messageId(message).join())).size).toBe(3)
  })

  test('keeps its own copy of the arrays', async () => {
    const node = testNode()
    const [peer, body] = [bob.slice(), text('before')]
    await node.sync.enqueue({ peer, body, tracking: 't' })
    peer.fill(1)
    body.fill(1)
    await node.sync.tick()
    expect(node.sent[0]?.peer).toEqual(bob)
    expect(node.sent[0]?.payload.messages[0]?.body).toEqual(text('before'))
  })

  test.each([
    ['a short key', { peer: bob.slice(1), body: text('x'), tracking: 't' }],
    [
      'a key off the curve',
      { peer: bob.map((byte, at) => (at === 40 ? byte ^ 1 : byte)), body: text('x'), tracking: 't' }
    ],
    ['no tracking id', { peer: bob, body: text('x'), tracking: '' }],
    ['a long tracking id', { peer: bob, body: text('x'), tracking: 'x'.repeat(257) }]
  ])('refuses %s', async (_name, item) => {
    const refusal = await testNode()
      .sync.enqueue(item)
      .catch((error: unknown) => error)
    expect(SyncError.is(refusal) && [refusal.code, refusal.origin]).toEqual(['invalid-argument', 'caller'])
  })

  test('a message that could not be stored is not sent and can be enqueued again', async () => {
    const memory = memorySyncStore()
    let fails = true
    const store: SyncStore = {
      ...memory,
      write: async changes => {
        if (fails) throw new Error('disk full')
        await memory.write(changes)
      }
    }
    const node = testNode({ store })
    const refusal = await pending(node).catch((error: unknown) => error)
    expect(SyncError.is(refusal) && [refusal.code, refusal.origin]).toEqual(['store-failed', 'environment'])
    await node.sync.tick()
    expect(node.sent).toHaveLength(0)
    fails = false
    await pending(node)
    await node.sync.tick()
    expect(node.sent).toHaveLength(1)
  })
})

describe('output', () => {
  test('held sleeps until retry, for messages and for acknowledgements', async () => {
    const node = testNode()
    await pending(node)
    const message = {
      groupId: groupId(alice, bob),
      timestamp: 1n,
      body: text('in')
    }
    await receiveAndAccept(node.sync, bob, encodePayload({ ...empty, messages: [message] }))
    node.result = 'held'
    await node.sync.tick()
    expect((await node.sync.delivery('t'))[0]?.state).toBe('held')
    node.result = 'sent'
    await node.sync.peerActive(bob)
    await node.after(86_400_000)
    expect(node.sent).toHaveLength(0)
    await node.sync.retry(carol)
    await node.after(1000)
    expect(node.sent).toHaveLength(0)
    await node.sync.retry(bob)
    await node.after(0)
    expect(node.sent.map(({ payload }) => [payload.acks.length, payload.messages.length])).toEqual([[1, 1]])
    expect((await node.sync.delivery('t'))[0]?.state).toBe('pending')
  })

  test('held stays held over a restart', async () => {
    const node = testNode()
    await pending(node)
    node.result = 'held'
    await node.sync.tick()
    const again = testNode({ store: node.store, clock: node.clock })
    await again.after(3_600_000)
    expect(again.sent).toHaveLength(0)
    await again.sync.retry()
    await again.sync.tick()
    expect(again.sent).toHaveLength(1)
  })

  test('nobody ends what was in the payloads', async () => {
    const node = testNode()
    node.maxBytes = 100
    for (const tracking of ['a', 'b', 'c']) await pending(node, tracking, alice)
    let calls = 0
    node.output = async () => {
      calls++
      return 'nobody'
    }
    await node.sync.tick()
    expect(calls).toBe(1)
    expect(node.facts.map(({ tracking, outcome }) => [tracking, outcome])).toEqual([
      ['a', 'nobody'],
      ['b', 'nobody'],
      ['c', 'nobody']
    ])
    expect(await node.store.list('record')).toHaveLength(0)
  })

  test('not-sent stops the further payloads of that tick and does not count', async () => {
    const node = testNode()
    node.maxBytes = 100
    for (const tracking of ['a', 'b', 'c']) await pending(node, tracking)
    let calls = 0
    node.output = async () => {
      calls++
      return 'not-sent'
    }
    await node.sync.tick()
    expect(calls).toBe(1)
    expect((await node.sync.delivery('c'))[0]?.attempts).toBe(0)
    node.output = undefined
    await node.after(4999)
    expect(node.sent).toHaveLength(0)
    await node.after(1)
    expect(node.sent).toHaveLength(3)
  })

  test.each<[OutputResult]>([['sent'], ['not-sent'], ['held'], ['nobody']])(
    'retry from inside output wins over %s',
    async result => {
      const node = testNode()
      await pending(node)
      node.output = async () => {
        await node.sync.retry(bob)
        return result
      }
      await node.sync.tick()
      expect(node.facts).toEqual([])
      node.output = undefined
      await node.after(0)
      expect(node.sent.map(({ contains }) => contains)).toEqual([['t']])
    }
  )

  test('heard from inside output wins over the back-off that follows, one base interval later', async () => {
    const node = testNode()
    await pending(node)
    for (let i = 0; i < 4; i++) await node.after(i === 0 ? 0 : 40_000 * 2 ** i)
    expect(node.sent).toHaveLength(4)
    node.output = async (peer, bytes, { contains }) => {
      await node.sync.peerActive(bob)
      record(node, peer, bytes, contains)
      return 'sent'
    }
    await node.after(10_000_000)
    node.output = undefined
    await node.after(29_999)
    expect(node.sent).toHaveLength(5)
    await node.after(1)
    expect(node.sent).toHaveLength(6)
  })

  test('what heard, retry and cancel do during one payload counts for the payloads after it', async () => {
    const node = testNode()
    node.maxBytes = 100
    for (const tracking of ['a', 'b', 'c']) await pending(node, tracking)
    node.output = async (peer, bytes, { contains }) => {
      record(node, peer, bytes, contains)
      if (contains[0] === 'a') await node.sync.cancel('b')
      await node.sync.retry(bob)
      return contains[0] === 'a' ? 'sent' : 'held'
    }
    await node.sync.tick()
    expect(node.sent.map(({ contains }) => contains)).toEqual([['a'], ['c']])
    node.output = undefined
    await node.after(0)
    expect(node.sent.slice(2).map(({ contains }) => contains)).toEqual([['a'], ['c']])
  })

  test('an acknowledgement that arrives while output runs ends the message', async () => {
    const node = testNode()
    await pending(node)
    node.output = async (peer, bytes, { contains }) => {
      record(node, peer, bytes, contains)
      await acknowledge(node)
      return 'sent'
    }
    await node.sync.tick()
    await node.after(86_400_000)
    expect([node.sent.length, node.facts.length]).toEqual([1, 1])
    expect(await node.store.list('record')).toHaveLength(0)
  })

  test('a peer whose output takes long does not stop the others, and is not served twice at once', async () => {
    const node = testNode()
    const released: (() => void)[] = []
    await pending(node)
    await pending(node, 'c', carol)
    const begun: string[] = []
    node.output = async (_peer, _bytes, { contains }) => {
      begun.push(contains.join())
      if (contains.includes('t')) await new Promise<void>(resolve => released.push(resolve))
      return 'sent'
    }
    const first = node.sync.tick()
    await pending(node, 'c2', carol)
    await turn()
    await pending(node, 't2')
    await node.sync.tick()
    expect(begun.filter(name => name.startsWith('t'))).toEqual(['t'])
    expect(begun).toContain('c2')
    for (const release of released) release()
    await first
    node.output = undefined
    await node.sync.tick()
    expect(node.sent.map(({ contains }) => contains)).toEqual([['t2']])
  })

  test('no more peers are served at a time than the option says', async () => {
    const node = testNode({ options: { parallelPeers: 1 } })
    await pending(node)
    await pending(node, 'c', carol)
    let running = 0
    let most = 0
    node.output = async () => {
      most = Math.max(most, ++running)
      await turn()
      running--
      return 'sent'
    }
    await node.sync.tick()
    expect(most).toBe(1)
    expect((await node.sync.delivery('c'))[0]?.attempts).toBe(1)
  })
})

describe('bodyOf', () => {
  test('a body that the caller keeps is not stored again, and is what is sent, each time', async () => {
    const kept = new Map([['one', text('kept')]])
    const node = testNode({ bodyOf: async tracking => kept.get(tracking) })
    await node.sync.enqueue({ peer: bob, body: text('kept'), tracking: 'one' })
    await node.sync.enqueue({ peer: carol, body: text('kept'), tracking: 'one' })
    expect(await node.store.list('body')).toHaveLength(0)
    await node.sync.tick()
    expect(node.sent.map(({ payload }) => payload.messages[0]?.body)).toEqual([text('kept'), text('kept')])
  })

  test('a body that an earlier release stored is found there', async () => {
    const before = testNode()
    await before.sync.enqueue({ peer: bob, body: text('from before'), tracking: 'one' })
    const node = testNode({ store: before.store, bodyOf: async () => undefined })
    await node.sync.tick()
    expect(node.sent.map(({ payload }) => payload.messages[0]?.body)).toEqual([text('from before')])
  })

  test('a message whose body is gone is given up', async () => {
    const node = testNode({ bodyOf: async () => undefined })
    await node.sync.enqueue({ peer: bob, body: text('gone'), tracking: 'one' })
    await node.sync.tick()
    expect([node.sent.length, node.facts.map(({ outcome }) => outcome)]).toEqual([0, ['given-up']])
  })

  test('a body that cannot be read now is tried again', async () => {
    let fails = true
    const node = testNode({
      bodyOf: async () => {
        if (fails) throw new Error('disk busy')
        return text('kept')
      }
    })
    await node.sync.enqueue({ peer: bob, body: text('kept'), tracking: 'one' })
    await node.sync.tick().catch(() => undefined)
    expect([node.sent.length, node.facts.length]).toEqual([0, 0])
    fails = false
    await node.after(10_000)
    expect(node.sent).toHaveLength(1)
  })
})

describe('settled', () => {
  test('is awaited before the record is deleted', async () => {
    const node = testNode()
    await pending(node)
    await node.sync.tick()
    let kept = -1
    node.settled = async () => {
      kept = (await node.store.list('record')).length
    }
    await acknowledge(node)
    expect(kept).toBe(1)
    expect(await node.store.list('record')).toHaveLength(0)
    expect(await node.store.list('body')).toHaveLength(0)
  })

  test('a failing settled is told again, and the message is not sent meanwhile', async () => {
    const node = testNode()
    await pending(node)
    await node.sync.tick()
    node.settled = async () => {
      throw new Error('ledger closed')
    }
    await acknowledge(node)
    await node.after(4000)
    expect([node.facts.length, node.sent.length]).toEqual([0, 1])
    node.settled = async () => {}
    await node.after(1000)
    expect(node.facts.map(({ outcome }) => outcome)).toEqual(['acknowledged'])
    expect(await node.store.list('record')).toHaveLength(0)
  })

  test('may call the node', async () => {
    const node = testNode()
    await pending(node)
    await node.sync.tick()
    node.settled = async ({ tracking }) => {
      await node.sync.peerActive(bob)
      await node.sync.retry()
      if (tracking === 't') await pending(node, 'next')
    }
    await acknowledge(node)
    await node.sync.tick()
    expect(node.sent.at(-1)?.contains).toEqual(['next'])
  })

  test('two acknowledgements at the same time settle once', async () => {
    const node = testNode()
    await pending(node)
    await node.sync.tick()
    await Promise.all([acknowledge(node), acknowledge(node), node.sync.tick()])
    expect(node.facts).toHaveLength(1)
  })
})

describe('cancel', () => {
  test('drops without settling, for one peer or for all', async () => {
    const node = testNode()
    await pending(node)
    await pending(node, 't', carol)
    await node.sync.cancel('t', carol)
    await node.sync.tick()
    expect(node.sent.map(({ peer }) => peer)).toEqual([bob])
    await node.sync.cancel('t')
    await node.after(86_400_000)
    expect([node.sent.length, node.facts.length]).toEqual([1, 0])
    expect(await node.sync.delivery('t')).toEqual([])
    expect(await node.store.list('record')).toHaveLength(0)
  })
})

describe('life cycle', () => {
  test('start ticks by itself, stop ends it; both are idempotent', async () => {
    const node = testNode({ options: { tickMs: 10 }, clock: testClock() })
    await pending(node)
    const sent = new Promise<void>(resolve => {
      node.output = async () => {
        resolve()
        return 'sent'
      }
    })
    await node.sync.start()
    await node.sync.start()
    await sent
    await node.sync.stop()
    await node.sync.stop()
    let after = 0
    node.output = async () => {
      after++
      return 'sent'
    }
    await node.sync.retry()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(after).toBe(0)
    await node.sync[Symbol.asyncDispose]()
  })

  test('stop waits for a send under way', async () => {
    const node = testNode()
    await pending(node)
    let release = (): void => {}
    let done = false
    node.output = () =>
      new Promise(resolve => {
        release = () => {
          done = true
          resolve('sent')
        }
      })
    const tick = node.sync.tick()
    await turn()
    const stopped = node.sync.stop().then(() => done)
    release()
    expect(await stopped).toBe(true)
    await tick
  })

  test('a store that cannot be read refuses every call until it can', async () => {
    const memory = memorySyncStore()
    let fails = true
    const store: SyncStore = {
      ...memory,
      list: table => (fails ? Promise.reject(new Error('locked')) : memory.list(table))
    }
    const node = testNode({ store })
    await expect(node.sync.start()).rejects.toMatchObject({ code: 'store-failed' })
    await expect(pending(node)).rejects.toMatchObject({ code: 'store-failed' })
    fails = false
    await pending(node)
    await node.sync.tick()
    expect(node.sent).toHaveLength(1)
  })

  test('states that could not be stored are written later', async () => {
    const memory = memorySyncStore()
    let fails = false
    const store: SyncStore = {
      ...memory,
      write: changes => (fails ? Promise.reject(new Error('disk full')) : memory.write(changes))
    }
    const node = testNode({ store })
    await pending(node)
    fails = true
    await node.sync.tick()
    expect(node.warnings.length).toBeGreaterThan(0)
    fails = false
    await node.after(6000)
    const again = testNode({ store, clock: node.clock })
    await again.sync.tick()
    expect(again.sent).toHaveLength(0)
  })
})
