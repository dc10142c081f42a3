import { expect, test } from 'vitest'
import { presets, publishedModel } from '../../src/presets/index.ts'

const presetOf = (name: string) => {
  const found = presets.find(preset => preset.name === name)
  if (found === undefined) throw new Error(`no preset ${name}`)
  return found
}

test('the formulas give the published table of 2019 to the byte', () => {
  const bytes = (users: number): number[] => publishedModel({ users }).map(Math.round)
  expect(bytes(100)).toEqual([
    1_024_000, 102_400_000, 51_712_000, 1_024_000, 11_264_000, 22_528_000, 4_096_000, 1_024_000
  ])
  expect(bytes(10_000)).toEqual([
    1_024_000, 10_240_000_000, 5_120_512_000, 1_536_000, 1_025_536_000, 2_051_072_000, 298_649_600, 1_536_000
  ])
  expect(bytes(1_000_000)).toEqual([
    1_024_000, 1_024_000_000_000, 512_000_512_000, 102_912_000, 102_502_912_000, 205_005_824_000, 29_809_203_200,
    102_912_000
  ])
})

test.each(['vac-2019', 'vac-2020'])('%s reproduces what was published within its tolerances', async name => {
  const report = await presetOf(name).run({ seed: '1', scale: 0.05 })
  expect(report.checks.length).toBeGreaterThan(15)
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
})

test('duplicates grow with the number of peers, and churn loses nothing where there are enough of them', async () => {
  const { rows } = await presetOf('gossip').run({ seed: '1', scale: 0.1 })
  const still = rows.filter(({ churn }) => churn === 'no')
  const copies = still.map(row => Number(row['copies']))
  expect(copies).toEqual([...copies].sort((a, b) => a - b))
  expect(copies.at(-1)).toBeGreaterThan(2 * (copies[0] ?? 0))
  expect(still.every(({ delivered }) => delivered === 1)).toBe(true)
  expect(rows.find(({ churn, degree }) => churn === 'yes' && degree === 12)).toMatchObject({ delivered: 1 })
})

test('more watchers name more authors, and a random delay hides most of them', async () => {
  const { rows } = await presetOf('anonymity').run({ seed: '1', scale: 0.1 })
  const named = (forwarding: string, taps: number): number =>
    Number(rows.find(row => row['forwarding'] === forwarding && row['taps'] === taps)?.['named'])
  expect(named('at once', 40)).toBeGreaterThan(named('at once', 1))
  expect(named('random delay up to 5 s', 20)).toBeLessThan(named('at once', 20))
})

test('a minute of a crowd: everybody writes once, and every text is shown once', async () => {
  const { rows, notes } = await presetOf('crowd-minute').run({ seed: '1', scale: 0.01 })
  expect(rows).toMatchObject([{ people: 10, messages: 10, lost: 0, shownTwice: 0 }])
  expect(notes[0]).toContain('one message in a minute')
})

test('a crowd of whole nodes: every relay gets every envelope, every text is shown once', async () => {
  const { rows } = await presetOf('crowd').run({ seed: '1', scale: 0.01 })
  expect(rows[0]).toMatchObject({ relays: 100, delivered: 1 })
  expect(rows[1]).toMatchObject({ people: 10, messages: 20, lost: 0, shownTwice: 0 })
})
