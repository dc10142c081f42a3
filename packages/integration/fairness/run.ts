// `pnpm fairness` runs this to measure, prints the rows and writes docs/fairness.md.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { clientAttacks, nodeAttacks } from './all-attacks.ts'
import type { Attack } from './attacks.ts'
import { dialDoors } from './processes/doors.ts'
import type { HonestProcess } from './processes/honest-process.ts'
import { clientVictimAt, nodeVictimAt, type RemoteVictim } from './processes/remote-victim.ts'
import { type Started, startProcess } from './processes/start.ts'
import { type Row, rowOf, type Scene, tableText } from './table.ts'
import { fullSize } from './victim.ts'

async function rowsOf<V>(scene: Scene<V>, attacks: readonly Attack<V>[]): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const attack of attacks) {
    const row = await rowOf(scene, attack)
    const numbers = `${row.longestTurnMs.toFixed(0).padStart(6)} ms, pause ${row.longestPauseMs.toFixed(0).padStart(4)} ms ${row.cpuMs.toFixed(0).padStart(7)} ms CPU  p95 ${row.honestP95Ms.toFixed(0)} ms`
    process.stderr.write(`${row.door.padEnd(34)} ${row.name.padEnd(58)} ${numbers}  ${row.outcome}\n`)
    rows.push(row)
  }
  return rows
}

/** `FAIRNESS_ONLY`: a regular expression on door and name, to look at some rows; the page is written with all of them. */
const only = process.env.FAIRNESS_ONLY

function chosen<V>(attacks: readonly Attack<V>[]): readonly Attack<V>[] {
  if (only === undefined) return attacks
  const pattern = new RegExp(only)
  return attacks.filter(({ door, name }) => pattern.test(`${door}: ${name}`))
}

/** The rows of one victim, which is not started when there is none. */
async function rowsBeside<V>(
  kind: 'node' | 'client',
  victimAt: (port: number) => Promise<RemoteVictim<V>>,
  attacks: readonly Attack<V>[]
): Promise<readonly Row[]> {
  if (attacks.length === 0) return []
  const started: Started[] = []
  const start = async (file: string, ...args: readonly (string | number)[]): Promise<number> => {
    const each = await startProcess(file, args.map(String))
    started.push(each)
    return each.port
  }
  try {
    const port = await start('victim-process.ts', kind)
    if (kind === 'node') await start('crowd-process.ts', port, fullSize.peers)
    const honest = await dialDoors<HonestProcess>(await start('honest-process.ts', kind, port))
    return await rowsOf({ ...(await victimAt(port)), honest }, attacks)
  } finally {
    for (const { stop } of started) stop()
  }
}

const ofNode = await rowsBeside('node', nodeVictimAt, chosen(nodeAttacks))
const ofClient = await rowsBeside('client', clientVictimAt, chosen(clientAttacks))
const { envelopes, filters, sharedTopicFilters, peers, archived } = fullSize
const size = `a pool of ${envelopes} envelopes, ${filters} filters (${sharedTopicFilters} of them on one topic), ${peers} peers and an archive of ${archived} envelopes`
const load = `${(loadavg()[1] ?? 0).toFixed(0)} on ${cpus().length} processors`
const facts = { size, node: process.versions.node, date: new Date().toISOString().slice(0, 10), load }
if (only === undefined)
  writeFileSync(
    fileURLToPath(new URL('../../../docs/fairness.md', import.meta.url)),
    tableText(ofNode, ofClient, facts)
  )
process.exit()
