#!/usr/bin/env node
// Writes docs/decisions/README.md, the index of all records; `--check` fails when it is out of date or a record has another layout.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../docs/decisions', import.meta.url))
const groups = [
  [1, 'The repository and the seams'],
  [100, 'crypto'],
  [120, 'rlpx and its carriers'],
  [140, 'whisper'],
  [150, 'waku'],
  [160, 'status-pfs and status-sync'],
  [180, 'status-accounts and status-data'],
  [200, 'whisper-rpc and keys of others'],
  [220, 'status-client'],
  [240, 'conformance and tools'],
  [250, 'whisper-mailserver'],
  [300, 'apps/cli'],
  [360, 'apps/web'],
  [380, 'Proof']
]

const problems = []
const records = readdirSync(folder)
  .filter(name => /^\d{4}-.*\.md$/.test(name))
  .sort()
  .map(name => {
    const text = readFileSync(join(folder, name), 'utf8')
    const [first = '', ...rest] = text.split('\n')
    const [, number, title] = /^# (\d{4}) (.+)$/.exec(first) ?? []
    const status = /^\*\*Status:\*\* (.+)$/m.exec(text)?.[1]
    if (number === undefined || !name.startsWith(number))
      problems.push(`${name}: the first line is not "# ${name.slice(0, 4)} title"`)
    if (status === undefined) problems.push(`${name}: no line "**Status:** …"`)
    for (const heading of ['## Context', '## Decision'])
      if (!rest.includes(heading)) problems.push(`${name}: no "${heading}"`)
    return { name, number: Number(number), title, status }
  })
for (const [at, { name, number }] of records.entries())
  if (records[at - 1]?.number === number) problems.push(`${name}: its number is taken`)

const lines = [
  '# Decisions',
  '',
  'One page each: what was decided, why, what else was considered, and what follows. A record is never rewritten to mean something',
  'else; a later one supersedes it and says so. Written by `pnpm decisions`.'
]
for (const [at, [from, title]] of groups.entries()) {
  const until = groups[at + 1]?.[0] ?? Number.POSITIVE_INFINITY
  const own = records.filter(({ number }) => number >= from && number < until)
  if (own.length === 0) continue
  lines.push('', `## ${title}`, '', '| no. | decision |', '| --- | --- |')
  for (const { name, number, title: text } of own)
    lines.push(`| [${String(number).padStart(4, '0')}](${name}) | ${text?.replaceAll('|', '\\|')} |`)
}
const text = `${lines.join('\n')}\n`
const index = join(folder, 'README.md')

if (process.argv.includes('--check')) {
  let written = ''
  try {
    written = readFileSync(index, 'utf8')
  } catch {}
  if (written !== text) problems.push('README.md is out of date: run `pnpm decisions`')
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? `decisions: ${records.length} records` : `decisions: ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
} else writeFileSync(index, text)
