// Not a test: `pnpm fairness` runs it to measure, prints the table and writes docs/fairness.md.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { mailAttacks } from './mail-attacks.ts'
import { packetAttacks } from './packet-attacks.ts'
import { rpcAttacks } from './rpc-attacks.ts'
import { type Row, rowOf, tableText } from './table.ts'
import { fullSize, startVictim } from './victim.ts'

test('the table', async () => {
  const victim = await startVictim(fullSize)
  const rows: Row[] = []
  for (const attack of [...packetAttacks, ...mailAttacks, ...rpcAttacks]) {
    const row = await rowOf(victim, attack)
    console.error(
      `${row.door.padEnd(34)} ${row.name.padEnd(58)} ${row.longestTurnMs.toFixed(0).padStart(6)} ms ${row.cpuMs.toFixed(0).padStart(7)} ms CPU  p95 ${row.honestP95Ms.toFixed(0)} ms  ${row.outcome}`
    )
    rows.push(row)
  }
  await victim.stop()
  const { envelopes, filters, sharedTopicFilters, peers, archived } = fullSize
  const size = `a pool of ${envelopes} envelopes, ${filters} filters (${sharedTopicFilters} of them on one topic), ${peers} peers and an archive of ${archived} envelopes`
  const text = tableText(rows, { size, node: process.versions.node, date: new Date().toISOString().slice(0, 10) })
  if (process.env.FAIRNESS_WRITE !== undefined)
    writeFileSync(fileURLToPath(new URL('../../../docs/fairness.md', import.meta.url)), text)
})
