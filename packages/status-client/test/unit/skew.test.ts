import { expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { createSkew, type SkewFact } from '../../src/skew.ts'
import { identityOf } from '../support/world.ts'

const people = Array.from({ length: 100 }, (_, index) => identityOf(`person ${index}`).publicKey)

function world(correct = true) {
  const nowMs = 1_600_000_000_000
  const facts: SkewFact[] = []
  const skew = createSkew({ nowMs: () => nowMs }, correct, fact => facts.push(fact))
  const say = (who: number, offsetSeconds: number): void => {
    const key = people[who]
    if (key !== undefined) skew.sample(key, nowMs / 1000 + offsetSeconds)
  }
  return { skew, facts, say, nowMs }
}

test('two people say nothing about our clock, three do', () => {
  const { skew, say, nowMs } = world()
  say(0, 40)
  say(1, 40)
  expect(skew.clock.nowMs()).toBe(nowMs)
  say(2, 40)
  expect(skew.clock.nowMs()).toBe(nowMs + 40_500)
})

test('one person counts once, however much they write', () => {
  const { skew, say, nowMs } = world()
  for (let index = 0; index < 50; index += 1) say(0, 300)
  say(1, 0)
  say(2, 0)
  expect(skew.clock.nowMs()).toBe(nowMs)
})

test('the correction is bounded, the warning says the whole difference', () => {
  const { skew, facts, say, nowMs } = world()
  for (const who of [0, 1, 2]) say(who, 600)
  expect(skew.clock.nowMs()).toBe(nowMs + limits.skewCorrectionMs)
  expect(facts.at(-1)).toEqual({ estimateMs: 600_500, correctedMs: limits.skewCorrectionMs, warning: true })
  // Within what readers accept, whatever our contacts agree on.
  expect(limits.skewCorrectionMs).toBeLessThan(120_000)
})

test('small differences are noise, and correcting can be switched off', () => {
  const quiet = world()
  for (const who of [0, 1, 2]) quiet.say(who, 3)
  expect(quiet.facts).toEqual([])
  const off = world(false)
  for (const who of [0, 1, 2]) off.say(who, 40)
  expect(off.skew.clock.nowMs()).toBe(off.nowMs)
  expect(off.skew.estimateMs()).toBe(40_500)
})

test('samples are bounded: the oldest goes', () => {
  const { skew, say } = world()
  for (let who = 0; who < 100; who += 1) say(who, who < 100 - limits.skewSamples ? 1000 : 0)
  expect(skew.estimateMs()).toBe(500)
})
