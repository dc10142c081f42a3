import { expect, test } from 'vitest'
import { alice, bob } from '../support/node.ts'
import { referenceEngine, referenceSchedules } from '../support/reference.ts'
import { type Report, runWorld, syncEngine, type Weather } from '../support/world.ts'

const ours = [syncEngine(alice, bob), syncEngine(bob, alice)] as const
const schedules = 1000

const storm: Omit<Weather, 'seed'> = {
  messages: 6,
  loss: 0.3,
  duplication: 0.2,
  delayMs: 90_000,
  offline: true,
  crash: 0.02
}

/** Every message shown once, nothing handed up after it was accepted, every sender told. */
function expectExactlyOnce(report: Report, about: string): void {
  expect([...report.shown.keys()].sort(), about).toEqual([...report.bodies].sort())
  expect(report.afterAccept, about).toBe(0)
  expect(report.outcomes.size, about).toBe(report.bodies.length)
  for (const [tracking, outcomes] of report.outcomes) {
    expect(new Set(outcomes), `${about} ${tracking}`).toEqual(new Set(['acknowledged']))
  }
}

test(`D-21 30 % loss, duplication, reordering, a day offline and crashes: exactly once, in ${schedules} schedules`, async () => {
  const totals = { sends: 0, payloads: 0, crashes: 0, messages: 0, delay: 0 }
  for (let seed = 1; seed <= schedules; seed++) {
    const options = seed % 2 === 0 ? { mode: 'interactive' as const } : {}
    const report = await runWorld({ ...storm, seed, options }, ours)
    expectExactlyOnce(report, `seed ${seed}`)
    totals.sends += report.messageSends
    totals.payloads += report.payloads
    totals.crashes += report.crashes
    totals.messages += report.bodies.length
    totals.delay += report.meanDelay
  }
  expect(totals.crashes).toBeGreaterThan(schedules / 4)
  const perMessage = (totals.sends / totals.messages).toFixed(2)
  console.log(
    `${schedules} schedules, ${totals.messages} messages, ${totals.crashes} crashes: each message sent ${perMessage} times, ` +
      `${(totals.payloads / totals.messages).toFixed(2)} payloads a message`
  )
}, 300_000)

test('D-14 a crash at every store write, before and after it, loses and repeats nothing', async () => {
  const calm: Omit<Weather, 'seed'> = { ...storm, messages: 4, crash: 0, offline: false }
  let runs = 0
  for (const [seed, mode] of [
    [7, 'batch'],
    [8, 'interactive']
  ] as const) {
    const options = { mode }
    const whole = await runWorld({ ...calm, seed, options }, ours)
    expectExactlyOnce(whole, `seed ${seed}`)
    for (const node of [0, 1]) {
      // A crash makes further writes; the later ones are of a life that the calm run did not have.
      for (let write = 1; write <= (whole.writes[node] ?? 0) + 5; write++) {
        for (const when of ['before', 'after'] as const) {
          const report = await runWorld({ ...calm, seed, options, crashAt: { node, write, when } }, ours)
          expectExactlyOnce(report, `seed ${seed}, ${mode}, node ${node}, write ${write}, ${when}`)
          runs++
        }
      }
    }
  }
  expect(runs).toBeGreaterThan(100)
}, 300_000)

test('retransmissions beside the schedules of deployed nodes, over the same storms', async () => {
  const seeds = Array.from({ length: 60 }, (_, n) => n + 1)
  const run = async (engines: Parameters<typeof runWorld>[1]) => {
    const sum = { sends: 0, delay: 0, messages: 0 }
    for (const seed of seeds) {
      const report = await runWorld({ ...storm, crash: 0, seed }, engines)
      sum.sends += report.messageSends
      sum.messages += report.bodies.length
      sum.delay += report.meanDelay
    }
    return { sends: sum.sends / sum.messages, delay: sum.delay / seeds.length }
  }
  const results = new Map([['ours', await run(ours)]])
  for (const [name, schedule] of Object.entries(referenceSchedules)) {
    results.set(name, await run([referenceEngine(alice, bob, schedule), referenceEngine(bob, alice, schedule)]))
  }
  for (const [name, { sends, delay }] of results) {
    console.log(
      `${name.padEnd(18)} ${sends.toFixed(2)} sends a message, shown after ${(delay / 60).toFixed(1)} minutes`
    )
  }
  expect(results.get('ours')?.delay ?? 0).toBeGreaterThan(0)
}, 300_000)
