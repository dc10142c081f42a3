import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bloomAdmits, bloomAdmitsTopic, bloomWidens, envelopeBloom, filterBloom } from '../../src/bloom.ts'
import { createPeerSlots, isKnown, markKnown } from '../../src/relay/known-peers.ts'
import { createPool } from '../../src/relay/pool.ts'
import { createPooledEnvelope, type PooledEnvelope } from '../../src/relay/pooled-envelope.ts'
import { topicBytes, topicNumber } from '../../src/topic.ts'
import { stepSlicer, unhurried } from '../support.ts'

function entry(name: number): PooledEnvelope {
  const bytes = new Uint8Array(10)
  return createPooledEnvelope({ id: String(name), bytes, topic: 0, expiry: 10, ttl: 10, pow: 1, own: false })
}

test('bits of peers are a set, whatever their slots', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(600)), slots => {
      const each = entry(1)
      for (const slot of slots) markKnown(each, slot)
      const expected = new Set(slots)
      for (let slot = 0; slot <= 600; slot++) expect(isKnown(each, slot)).toBe(expected.has(slot))
    })
  )
})

test('a peer that has gone gets nothing and marks nothing', () => {
  const each = entry(1)
  markKnown(each, -1)
  expect([each.known, each.knownMore, isKnown(each, -1)]).toEqual([0, undefined, true])
})

test('a slot is clean when it is given again, and slots stay low', async () => {
  const pool = createPool(1e6)
  const slots = createPeerSlots(pool, 40, stepSlicer())
  for (let i = 0; i < 100; i++) pool.add(entry(i))
  const known = (slot: number): number => {
    let count = 0
    const cursor = pool.cursor()
    for (let each = cursor.peek(); each !== undefined; cursor.skip(), each = cursor.peek())
      if (isKnown(each, slot)) count += 1
    cursor.close()
    return count
  }
  for (let round = 0; round < 200; round++) {
    const slot = await slots.take()
    expect(known(slot)).toBe(0)
    expect(slot).toBeLessThan(40 + 16)
    await pool.walk(each => markKnown(each, slot), unhurried)
    slots.release(slot)
  }
  const all = await Promise.all(Array.from({ length: 40 }, () => slots.take()))
  expect(new Set(all).size).toBe(40)
})

test('a cursor stays where it is while envelopes come and go', () => {
  const command = fc.oneof(
    fc.nat(20).map(expiry => ({ add: expiry })),
    fc.nat(20).map(expire => ({ expire })),
    fc.constant({ skip: true }),
    fc.constant({ rewind: true })
  )
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), commands => {
      const pool = createPool(1e9)
      const cursor = pool.cursor()
      let model: PooledEnvelope[] = []
      let next = 0
      let names = 0
      for (const each of commands) {
        if ('add' in each) {
          const added = { ...entry(names++), expiry: each.add }
          pool.add(added)
          model.push(added)
        } else if ('expire' in each) {
          const gone = (e: PooledEnvelope): boolean => e.expiry < each.expire
          next -= model.slice(0, next).filter(gone).length
          model = model.filter(e => !gone(e))
          while (pool.expireNext(each.expire) !== undefined);
        } else if ('skip' in each) {
          if (next < model.length) next += 1
          cursor.skip()
        } else {
          next = 0
          cursor.rewind()
        }
        expect(cursor.peek()).toBe(model[next])
      }
    })
  )
})

test('a topic is admitted by a filter exactly if its bloom is', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { maxLength: 40 }),
      (topic, others) => {
        const filter = filterBloom(others)
        expect(bloomAdmitsTopic(filter, topicNumber(topic))).toBe(bloomAdmits(filter, envelopeBloom(topic)))
        expect(bloomAdmitsTopic(filterBloom([topic]), topicNumber(topic))).toBe(true)
        expect(topicBytes(topicNumber(topic))).toEqual(topic)
      }
    )
  )
})

test('a filter widens when it admits something new', () => {
  const [none, one, all] = [new Uint8Array(64), filterBloom([Uint8Array.of(1, 2, 3, 4)]), undefined]
  const cases = [
    [all, one, false],
    [all, all, false],
    [one, all, true],
    [one, none, false],
    [none, one, true],
    [one, one, false]
  ] as const
  for (const [before, next, widens] of cases) expect(bloomWidens(before, next)).toBe(widens)
})
