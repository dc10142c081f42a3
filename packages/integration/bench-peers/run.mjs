#!/usr/bin/env node
// `pnpm bench:peers`: our relay and what it is made of beside go-ethereum 1.9.5, as whole processes, in turns.
//   --quick          a few minutes: fewer rows, rounds and envelopes
//   --json           nothing but JSON on standard output; the last line is [{ name, ratio, aim }, …], larger is better
//   --only TEXT;…    rows whose names begin so      --rounds N      --list      --help
//   --write          puts the table into docs/performance.md
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildGoPrograms } from './go-programs.mjs'
import { checkouts, statusGo } from './nodes.mjs'
import { markdownOf, ratiosOf } from './report.mjs'
import { mailRows } from './rows/mail.mjs'
import { nodeRows } from './rows/node.mjs'
import { relayRows } from './rows/relay.mjs'
import { workRows } from './rows/work.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false }
  }
})
if (options.help) {
  const [, ...lines] = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n')
  console.log(
    lines
      .slice(
        0,
        lines.findIndex(line => !line.startsWith('//'))
      )
      .map(line => line.slice(3))
      .join('\n')
  )
  process.exit(0)
}
const root = fileURLToPath(new URL('../../..', import.meta.url))
const rounds = Number(options.rounds ?? (options.quick ? 3 : 5))
const scale = options.quick ? 0.5 : 1
const say = text => process.stderr.write(`${text}\n`)

function chosenRows() {
  const rows = []
  const table = {
    row: (group, name, settings) => rows.push({ group, name, ...settings }),
    some: number => Math.max(200, Math.round(number * scale)),
    scale
  }
  relayRows(table)
  nodeRows(table)
  workRows(table)
  mailRows(table)
  const wanted = options.only === '' ? undefined : options.only.split(';')
  return rows.filter(({ group, name, isQuick }) => {
    if (wanted !== undefined) return wanted.some(text => `${group}: ${name}`.startsWith(text))
    return !options.quick || isQuick === true
  })
}

/** The kinds that can be measured here. */
function ableKinds(kinds) {
  const all = kinds.flatMap(kind => (kind === 'ours' && checkouts.other !== undefined ? ['ours', 'other'] : [kind]))
  return all.filter(kind => (kind !== 'statusgo' || statusGo !== undefined) && !(options.quick && kind === 'oursNoble'))
}

async function measureRow({ group, name, kinds, measure, rounds: own = rounds }, lines) {
  const able = ableKinds(kinds)
  for (let round = 0; round < Math.min(own, rounds); round++) {
    // Which goes first changes with the round.
    for (const kind of round % 2 === 0 ? able : [...able].reverse()) {
      const began = Date.now()
      const [load] = loadavg()
      const line = { group, name, kind, round, load }
      try {
        lines.push({ ...line, measured: await measure(kind) })
      } catch (error) {
        lines.push({ ...line, failed: error.message })
        say(`  ${error.message}`)
      }
      say(`${group}: ${name}: ${kind} ${round + 1} ${((Date.now() - began) / 1000).toFixed(1)} s`)
    }
  }
}

/** The aim of a measure of a row. A row of parts has one rule for them all. */
function judgeOf(rows) {
  return (text, measure) => {
    const row = rows.find(({ group, name }) => text === `${group}: ${name}` || text.startsWith(`${group}: ${name}: `))
    const judged = row?.judged[measure]
    return typeof judged === 'function' ? judged(text.slice(`${row.group}: ${row.name}: `.length)) : judged
  }
}

const [from, to] = ['<!-- bench:peers -->', '<!-- /bench:peers -->']

function writePage(table) {
  const file = `${root}docs/performance.md`
  const page = readFileSync(file, 'utf8')
  const [before, rest] = page.split(from)
  const after = rest?.split(to)[1]
  if (after === undefined) throw new Error(`${file}: no place for the table`)
  writeFileSync(file, `${before}${from}\n\n${table}\n\n${to}${after}`)
}

const rows = chosenRows()
if (options.list) {
  for (const { group, name } of rows) console.log(`${group}: ${name}`)
  process.exit(0)
}
const missing = buildGoPrograms()
if (missing !== undefined) {
  say(`bench:peers skipped: ${missing}`)
  if (options.json) console.log('[]')
  process.exit(0)
}
if (statusGo === undefined) say('STATUS_GO_PROGRAMS is not set: rows beside status-go show ours alone')
const lines = []
for (const row of rows) await measureRow(row, lines)
const judged = judgeOf(rows)
const table = `${cpus().length} cores, ${cpus()[0].model}, Node ${process.version}\n\n${markdownOf(lines, judged)}`
const results = `${root}bench-results`
mkdirSync(results, { recursive: true })
writeFileSync(`${results}/peers.json`, `${lines.map(line => JSON.stringify(line)).join('\n')}\n`)
writeFileSync(`${results}/peers.md`, `${table}\n`)
if (options.write) writePage(table)
if (options.json) console.log(JSON.stringify(ratiosOf(lines, judged)))
else console.log(table)
process.exit(lines.some(({ failed }) => failed !== undefined) ? 1 : 0)
