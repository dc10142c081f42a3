// Not a test: `pnpm fairness` runs it to measure, prints the table and writes docs/fairness.md.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { clientAttacks, nodeAttacks } from './all-attacks.ts'
import type { Attack } from './attacks.ts'
import { startClientVictim, startHonestFriend } from './client-victim.ts'
import { type HonestPair, startHonestPair } from './honest-pair.ts'
import { type Row, rowOf, tableText } from './table.ts'
import { fullSize, startVictim } from './victim.ts'

async function rowsOf<V>(
  victim: V,
  attacks: readonly Attack<V>[],
  startHonest: (victim: V) => Promise<HonestPair>
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const attack of attacks) {
    const row = await rowOf(victim, attack, startHonest)
    process.stderr.write(
      `${row.door.padEnd(34)} ${row.name.padEnd(58)} ${row.longestTurnMs.toFixed(0).padStart(6)} ms ${row.cpuMs.toFixed(0).padStart(7)} ms CPU  p95 ${row.honestP95Ms.toFixed(0)} ms  ${row.outcome}\n`
    )
    rows.push(row)
  }
  return rows
}

test('the table', async () => {
  const victim = await startVictim(fullSize)
  const ofNode = await rowsOf(victim, nodeAttacks, startHonestPair)
  await victim.stop()
  const client = await startClientVictim()
  const ofClient = await rowsOf(client, clientAttacks, startHonestFriend)
  await client.stop()
  const { envelopes, filters, sharedTopicFilters, peers, archived } = fullSize
  const size = `a pool of ${envelopes} envelopes, ${filters} filters (${sharedTopicFilters} of them on one topic), ${peers} peers and an archive of ${archived} envelopes`
  const facts = { size, node: process.versions.node, date: new Date().toISOString().slice(0, 10) }
  if (process.env.FAIRNESS_WRITE !== undefined)
    writeFileSync(
      fileURLToPath(new URL('../../../docs/fairness.md', import.meta.url)),
      tableText(ofNode, ofClient, facts)
    )
})
