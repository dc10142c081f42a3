import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { type ClockSign, createClockSigns } from '../../src/maintenance/clock-signs.ts'
import { createClockSkew, type SkewFact } from '../../src/maintenance/clock-skew.ts'
import { identityOf } from '../support/world.ts'

const people = Array.from({ length: 100 }, (_, index) => identityOf(`person ${index}`).publicKey)

function world() {
  let nowMs = 1_600_000_000_000
  const facts: SkewFact[] = []
  const skew = createClockSkew({ nowMs: () => nowMs }, fact => facts.push(fact))
  const say = (who: number, offsetSeconds: number): void => {
    const key = people[who]
    if (key !== undefined) skew.sample(key, nowMs + offsetSeconds * 1000)
  }
  return {
    skew,
    facts,
    say,
    forward: (ms: number) => {
      nowMs += ms
    }
  }
}

test('two people say nothing about our clock, three warn', () => {
  const { skew, facts, say } = world()
  say(0, 90)
  say(1, 90)
  expect(skew.estimateMs()).toBeUndefined()
  say(2, 90)
  expect(facts).toEqual([{ cause: 'contacts', estimateMs: 90_000, direction: 'behind', warning: true }])
})

test('a clock that is ahead is told apart, and a clock set right takes the warning back', () => {
  const { facts, say, forward } = world()
  for (const who of [0, 1, 2]) say(who, -40)
  expect(facts.at(-1)).toMatchObject({ direction: 'ahead', warning: true })
  forward(-40_000)
  for (const who of [0, 1, 2]) say(who, 0)
  expect(facts.at(-1)).toMatchObject({ direction: 'none', warning: false })
})

test('one person counts once, however much they write', () => {
  const { skew, facts, say } = world()
  for (let index = 0; index < 50; index += 1) say(0, 300)
  say(1, 0)
  say(2, 0)
  expect(skew.estimateMs()).toBe(0)
  expect(facts).toEqual([])
})

test('messages that were held back change nothing: the one that travelled fastest counts', () => {
  const { skew, facts, say } = world()
  for (const who of [0, 1, 2]) {
    say(who, 0)
    say(who, -3600)
  }
  expect(skew.estimateMs()).toBe(0)
  expect(facts).toEqual([])
})

test('small differences are noise', () => {
  const { facts, say } = world()
  for (const who of [0, 1, 2]) say(who, limits.skewWarnMs / 1000 - 1)
  expect(facts).toEqual([])
})

test('words on the time are bounded in number and in age', () => {
  const { skew, say, forward } = world()
  for (let who = 0; who < 100; who += 1) say(who, who < 100 - limits.skewSamples ? 1000 : 0)
  expect(skew.estimateMs()).toBe(0)
  forward(limits.skewSampleMs)
  say(0, 5)
  expect(skew.estimateMs()).toBeUndefined()
})

function signs(peers = 2) {
  let nowMs = 0
  const totals = { received: 10, acknowledged: 10 }
  const facts: SkewFact[] = []
  const created = createClockSigns(
    { nowMs: () => nowMs },
    { totals: () => totals, connectedPeers: () => peers },
    fact => facts.push(fact)
  )
  return {
    facts,
    totals,
    note: (peer: string, sign: ClockSign) => {
      if (sign !== 'rejected') totals.received += 1
      created.note(peer, sign)
    },
    check: created.check,
    warning: created.warning,
    forward: (ms: number) => {
      nowMs += ms
    }
  }
}

test('refused envelopes of most peers are a sign that our clock is behind, or ahead', () => {
  const behind = signs()
  behind.note('one', 'from-future')
  behind.note('one', 'from-future')
  expect(behind.facts).toEqual([])
  behind.note('two', 'from-future')
  expect(behind.facts).toEqual([{ cause: 'envelopes', direction: 'behind', warning: true }])
  const ahead = signs(1)
  for (let count = 1; count < limits.clockSignMinimum; count += 1) ahead.note('one', 'expired')
  // One or two may have waited on a busy machine until they had expired.
  expect(ahead.facts).toEqual([])
  ahead.note('one', 'expired')
  expect(ahead.facts.at(-1)).toMatchObject({ direction: 'ahead' })
})

test('one peer of three cannot raise a warning, whatever it says', () => {
  const { note, facts } = signs(3)
  for (let index = 0; index < 1000; index += 1) {
    note('hostile', 'from-future')
    note('hostile', 'rejected')
  }
  expect(facts).toEqual([])
})

test('single bad envelopes among good ones are no sign', () => {
  const { note, totals, facts } = signs(1)
  for (let count = 0; count < limits.clockSignMinimum; count += 1) note('one', 'expired')
  totals.received += 100
  for (let index = 0; index < 50; index += 1) note('one', 'expired')
  expect(facts.filter(({ warning }) => warning)).toHaveLength(1)
  totals.acknowledged += 100
  const rejected = signs(1)
  for (let count = 0; count < limits.clockSignMinimum; count += 1) rejected.note('one', 'rejected')
  rejected.totals.acknowledged += 100
  rejected.note('one', 'rejected')
  expect(rejected.facts.at(-1)).toMatchObject({ warning: false })
})

test('peers that refuse what we send are a sign without a side; the warning ends with the signs', () => {
  const { note, facts, forward, check, warning } = signs(1)
  for (let count = 0; count < limits.clockSignMinimum; count += 1) note('one', 'rejected')
  expect(facts).toEqual([{ cause: 'envelopes', direction: 'unknown', warning: true }])
  forward(limits.clockSignMs)
  check()
  expect(facts.at(-1)).toEqual({ cause: 'envelopes', direction: 'none', warning: false })
  expect(warning()).toBe(false)
})

test('peers whose signs are counted are bounded', () => {
  const { note, facts } = signs(limits.clockSignPeers * 2)
  for (let index = 0; index < limits.clockSignPeers * 4; index += 1) note(`peer ${index}`, 'from-future')
  expect(facts).toEqual([])
})
