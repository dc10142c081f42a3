import { expect, test } from 'vitest'
import type { PostOutcome } from '../../src/sending/post.ts'
import type { OutboxRecord } from '../../src/storage/records.ts'
import { body, messageId, posting, room, to } from '../support/once.ts'

test.each<readonly [PostOutcome, string]>([
  [{ kind: 'nobody', reason: 'nobody' }, 'nobody'],
  [{ kind: 'held', reason: 'policy' }, 'policy'],
  [{ kind: 'not-sent', reason: 'too-large' }, 'too-large']
])('what time does not mend is given up at once: %j', async (result, reason) => {
  const { core, once, record, outcomes, left, legs } = await posting()
  outcomes(() => result)
  expect(await once.post(record)).toBe('handled')
  expect([await left(), await core.bodies.get(messageId), await legs()]).toEqual([
    undefined,
    undefined,
    [['given-up', reason]]
  ])
})

test('what could not be posted is due again in five seconds, what was posted when its envelope is gone', async () => {
  const [alice, bob] = [to(), to()]
  const { core, once, record, outcomes, left, posts, sent } = await posting([alice, bob])
  outcomes(() => ({ kind: 'not-sent', reason: 'failed' }))
  expect(await once.post(record)).toBe('handled')
  const now = core.clock.nowMs()
  expect((await left())?.via).toEqual({ kind: 'once', audiences: [alice, bob], attempts: 1, nextMs: now + 5000 })
  outcomes(audience => (audience === alice ? sent() : { kind: 'not-sent', reason: 'offline' }))
  await once.post(record)
  expect((await left())?.via).toMatchObject({ audiences: [bob, alice], nextMs: now + 5000 })
  const all = await posting([alice])
  await all.once.post(all.record)
  expect((await all.left())?.via).toMatchObject({ attempts: 1, nextMs: all.core.clock.nowMs() + 60_000 })
  expect(posts.map(({ bytes }) => bytes)).toEqual([body, body, body, body])
})

test('what is held, for sync, or not due yet waits; a wait that no clock of ours would have set is none', async () => {
  const { core, once, record, posts } = await posting()
  const due = (ms: number): OutboxRecord => ({
    ...record,
    via: { ...record.via, nextMs: core.clock.nowMs() + ms } as OutboxRecord['via']
  })
  expect(await once.post({ ...record, via: { kind: 'sync', peers: [] } })).toBe('waiting')
  expect([await once.post(due(1)), await once.post(due(120_000)), posts.length]).toEqual(['waiting', 'waiting', 0])
  expect([await once.post(due(120_001)), posts.length]).toEqual(['handled', 1])
  const held = await posting([room], { isHeld: id => id === messageId })
  expect([await held.once.post(held.record), held.posts.length]).toEqual(['waiting', 0])
  const due0 = await posting()
  expect(await due0.once.post(due0.record)).toBe('handled')
})

test('without a link, and once the client stops, nothing is posted', async () => {
  const offline = await posting([room], { connected: () => false })
  expect([await offline.once.post(offline.record), offline.posts.length]).toEqual(['stop', 0])
  const { once, record, ending, posts } = await posting()
  ending.abort()
  expect([await once.post(record), posts.length]).toEqual(['stop', 0])
})

test('a message that was given up meanwhile leaves the outbox unposted', async () => {
  const { core, once, record, left, posts } = await posting()
  await core.bodies.release(messageId)
  expect([await once.post(record), await left(), posts.length]).toEqual(['handled', undefined, 0])
})

test('a message that is given up while it is posted does not come back', async () => {
  const { core, once, record, outcomes, left, sent, confirm, failures } = await posting()
  outcomes(async () => {
    const unit = core.store.unit()
    unit.delete(core.keys.outbox(record))
    await unit.commit()
    return sent()
  })
  await once.post(record)
  expect(await left()).toBeUndefined()
  await confirm(false)
  expect([await left(), failures]).toEqual([undefined, []])
})

test('a post that a stop cut short is due at the next start, as if it had not begun', async () => {
  const { once, record, outcomes, left, ending } = await posting()
  outcomes(() => {
    ending.abort()
    return { kind: 'not-sent', reason: 'offline' }
  })
  await once.post(record)
  expect(await left()).toEqual(record)
  const [alice, bob] = [to(), to()]
  const some = await posting([alice, bob])
  some.outcomes(audience => {
    if (audience === alice) return some.sent()
    some.ending.abort()
    return { kind: 'not-sent', reason: 'offline' }
  })
  await some.once.post(some.record)
  // What was posted to one is not posted to her again at once.
  expect((await some.left())?.via).toMatchObject({ attempts: 1, audiences: [bob, alice] })
})

test('what was posted takes a place and is not due until it is confirmed, which lets one more go', async () => {
  const { once, record, left, again, posts, pumps, confirm, forward } = await posting()
  await once.post(record)
  forward(60_000)
  expect([await again(), posts.length, once.unconfirmed()]).toEqual(['waiting', 1, 1])
  await confirm(true)
  expect([await left(), once.unconfirmed(), pumps]).toEqual([undefined, 0, ['pump']])
})

test('what no peer confirmed is due at once, until it was posted three times', async () => {
  const { once, record, left, again, posts, confirm, legs } = await posting()
  await once.post(record)
  for (const attempts of [1, 2]) {
    await confirm(false)
    expect((await left())?.via).toMatchObject({ attempts, nextMs: 0 })
    await again()
  }
  await confirm(false)
  expect([await left(), posts.length, await legs()]).toEqual([undefined, 3, [['given-up', 'failed']]])
})

test('a stop says nothing about a confirmation: the entry stays, and waits as it did', async () => {
  const { once, record, left, confirm, stopping } = await posting()
  await once.post(record)
  const before = await left()
  stopping.abort()
  await confirm(false)
  expect([await left(), before]).toEqual([before, expect.anything()])
  const confirmed = await posting()
  await confirmed.once.post(confirmed.record)
  confirmed.stopping.abort()
  await confirmed.confirm(true)
  expect(await confirmed.left()).toBeUndefined()
})

test('where no peer confirms, what one took is done with, and what none took is followed like any other', async () => {
  const { once, record, left, outcomes, sent, confirm, legs } = await posting([room], { peersConfirm: () => false })
  outcomes(() => sent([]))
  await once.post(record)
  expect([once.unconfirmed(), (await left())?.via]).toMatchObject([1, { attempts: 1 }])
  await confirm(false)
  // Nobody could have said more.
  expect([await left(), await legs()]).toEqual([undefined, [['queued', undefined]]])
  const taken = await posting([room], { peersConfirm: () => false })
  await taken.once.post(taken.record)
  expect([await taken.left(), taken.once.unconfirmed()]).toEqual([undefined, 0])
})

test('one of several that is confirmed while the others are posted is not posted to again', async () => {
  const [alice, bob] = [to(), to()]
  const { core, once, record, left, outcomes, sent, posts, confirm } = await posting([alice, bob])
  const waitsForBoth = async (): Promise<boolean> => {
    const via = (await left())?.via
    return via?.kind === 'once' && via.audiences.length === 2
  }
  outcomes(async audience => {
    if (audience === bob) {
      posts[0]?.confirm(true)
      while (await waitsForBoth()) await new Promise(resolve => setImmediate(resolve))
    }
    return sent()
  })
  await once.post(record)
  expect((await left())?.via).toMatchObject({ audiences: [bob], nextMs: core.clock.nowMs() + 60_000 })
  expect(once.unconfirmed()).toBe(1)
  await confirm(true)
  expect([await left(), once.unconfirmed()]).toEqual([undefined, 0])
})

test('a message that is posted again after the clock was put right takes its place until the later post is settled', async () => {
  const { once, record, again, posts, confirm, forward } = await posting()
  await once.post(record)
  forward(-600_000)
  expect([await again(), posts.length]).toEqual(['handled', 2])
  await confirm(false, 0)
  expect([await again(), posts.length, once.unconfirmed()]).toEqual(['waiting', 2, 1])
  await confirm(true, 1)
  expect(once.unconfirmed()).toBe(0)
})
