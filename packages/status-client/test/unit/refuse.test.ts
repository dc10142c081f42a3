import { expect, test } from 'vitest'
import type { RefusedEvent } from '../../src/events.ts'
import { refusedBy } from '../../src/receiving/apply-result.ts'
import { createRefuse } from '../../src/receiving/refuse.ts'
import { inside, somebody } from '../support/core.ts'

async function refusing() {
  const { core } = await inside()
  const told: RefusedEvent[] = []
  const refuse = createRefuse({ ...core, emit: (_event, fact) => void told.push(fact as RefusedEvent) })
  return { core, refuse, told }
}

test.each(['replayed', 'already-used', 'own-echo'])('%s is what ordinary traffic causes', async reason => {
  const { refuse, told } = await refusing()
  const author = somebody()
  refuse({ layer: 'pfs', reason, final: true }, author)
  expect(told).toStrictEqual([{ layer: 'pfs', reason, final: true, expected: true, author }])
})

test('any other refusal is worth telling people, unless the layer that refused it, or its being ours, says otherwise', async () => {
  const { core, refuse, told } = await refusing()
  const fact = { layer: 'data', reason: 'clock-ahead', final: false } as const
  const author = somebody()
  refuse(fact, author)
  refuse({ ...fact, expected: false }, author)
  refuse({ ...fact, expected: true }, author)
  refuse(fact, core.self)
  expect(told.map(({ expected }) => expected)).toEqual([false, false, true, true])
})

test('what has no author is told without one', async () => {
  const { refuse, told } = await refusing()
  refuse({ layer: 'transport', reason: 'unsigned', final: true }, undefined)
  expect(told).toStrictEqual([{ layer: 'transport', reason: 'unsigned', final: true, expected: false }])
})

test('want of room is told apart from what is wrong with a message', () => {
  expect(refusedBy({ reason: 'author-rate', final: false })).toStrictEqual({
    kind: 'refused',
    layer: 'quota',
    reason: 'author-rate',
    final: false,
    expected: false
  })
  const stale = { reason: 'stale', final: true, expected: true } as const
  expect(refusedBy(stale)).toMatchObject({ layer: 'data', final: true, expected: true })
})
