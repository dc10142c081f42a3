import { expect, test } from 'vitest'
import { createChannel } from '../../src/connection.ts'
import { createSimulation, limits, shrinkSchedule } from '../../src/index.ts'
import { createSimulatedRandom } from '../../src/random.ts'
import { createSimulatedTime } from '../../src/time.ts'

test('a failing schedule shrinks to the steps that matter, in their order', async () => {
  const steps = Array.from({ length: 100 }, (_, at) => at)
  const fails = async (part: readonly number[]): Promise<boolean> =>
    part.includes(17) && part.includes(60) && part.includes(93)
  const { schedule, isMinimal } = await shrinkSchedule(steps, fails)
  expect(schedule).toEqual([17, 60, 93])
  expect(isMinimal).toBe(true)
})

test('shrinking ends at its bound and says so', async () => {
  const steps = Array.from({ length: 5000 }, (_, at) => at)
  let runs = 0
  const fails = async (part: readonly number[]): Promise<boolean> => {
    runs += 1
    return part.length > 4990
  }
  expect(await shrinkSchedule(steps, fails, { maxRuns: 50 })).toMatchObject({ runs: 50, isMinimal: false })
  expect(runs).toBe(50)
  runs = 0
  await shrinkSchedule(steps, fails)
  expect(runs).toBe(limits.shrinkRuns)
})

test('a reader that does not read stops the sender at the window', async () => {
  const time = createSimulatedTime(0)
  const nothing = { sent: () => undefined, lost: () => undefined, delivered: () => undefined }
  const channel = createChannel(time, createSimulatedRandom('1', 'link'), {}, nothing)
  let taken = 0
  const payload = new Uint8Array(1000)
  const writing = (async () => {
    for (; taken < 5000; taken++) await channel.put({ code: 1, payload }, undefined)
  })()
  await time.runUntil(60_000)
  const held = taken * (payload.length + limits.packetOverheadBytes)
  expect(held).toBeGreaterThan(limits.windowBytes)
  expect(held).toBeLessThan(limits.windowBytes + 3000)
  channel.end()
  await expect(writing).rejects.toMatchObject({ code: 'link-closed' })
})

test('a lossy, narrow link loses its share and takes its time', async () => {
  const time = createSimulatedTime(0)
  const arrived: number[] = []
  const tell = { sent: () => undefined, lost: () => undefined, delivered: () => arrived.push(time.now()) }
  const channel = createChannel(
    time,
    createSimulatedRandom('1', 'link'),
    { latencyMs: 10, lossRate: 0.25, bytesPerSecond: 10_480 },
    tell
  )
  for (let packet = 0; packet < 400; packet++) await channel.put({ code: 1, payload: new Uint8Array(1000) }, undefined)
  await time.runUntil(120_000)
  expect(arrived.length).toBeGreaterThan(260)
  expect(arrived.length).toBeLessThan(340)
  // 400 packets of 1048 bytes at 10 480 bytes a second.
  expect(arrived.at(-1)).toBeGreaterThan(39_000)
  expect(arrived.at(-1)).toBeLessThan(40_100)
})

test('nodes beyond the bound are refused', () => {
  const simulation = createSimulation({ seed: '1' })
  const node = { attach: async () => undefined }
  for (let at = 0; at < limits.nodes; at++) simulation.join(`${at}`, node)
  expect(() => simulation.join('one more', node)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
