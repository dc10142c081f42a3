import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runSchedule } from './schedule.ts'

// PFS_SEED replays one schedule, PFS_SCHEDULES runs more of them (300 in .ci/run, thousands each night), PFS_SUMMARY names a file for what was counted.
const replay = process.env['PFS_SEED']
const count = Number(process.env['PFS_SCHEDULES'] ?? 100)
const first = 1

test(`${count} random schedules keep what the model promises`, { timeout: 36_000_000 }, async () => {
  const seeds = replay === undefined ? Array.from({ length: count }, (_, i) => first + i) : [Number(replay)]
  const total = { sent: 0, opened: 0, refused: 0, advertised: 0, crashes: 0, restores: 0 }
  const reasons: Record<string, number> = {}
  const failures: string[] = []
  for (const seed of seeds) {
    try {
      const stats = await runSchedule(seed)
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += stats[key]
      for (const [reason, times] of Object.entries(stats.reasons)) reasons[reason] = (reasons[reason] ?? 0) + times
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  const summary = {
    seeds: `${seeds[0]}…${seeds.at(-1)}`,
    schedules: seeds.length,
    failed: failures.length,
    ...total,
    reasons
  }
  console.log(JSON.stringify(summary))
  if (process.env['PFS_SUMMARY']) writeFileSync(process.env['PFS_SUMMARY'], `${JSON.stringify(summary, null, 2)}\n`)
  // A failure names its seed: PFS_SEED=… runs it alone.
  expect(failures).toEqual([])
  if (replay !== undefined) return
  expect(total.opened).toBeGreaterThan(count)
  expect(Math.min(total.crashes, total.restores, total.advertised)).toBeGreaterThan(count / 10)
})
