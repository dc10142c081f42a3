#!/usr/bin/env node
// Lists which checklist items are proven by a test, and fails on a claim without one.
//   node tools/spec-coverage.mjs [--json] [--strict]     --strict also fails on missing items
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { checklist, readCoverage } from './spec-claims.mjs'

/** Prints the coverage below `root` and answers the exit code. */
export function main(root, args, print = console.log) {
  const unknown = args.find(argument => argument !== '--json' && argument !== '--strict')
  if (unknown !== undefined) {
    print(`unknown argument ${unknown}; known are --json and --strict`)
    return 2
  }
  const { owners, problems, proven } = readCoverage(root)
  const missing = [...checklist]
    .filter(([id, names]) => !names.some(name => proven.get(id)?.includes(name)))
    .map(([id]) => id)
  const total = {
    items: checklist.size,
    proven: checklist.size - missing.length,
    missing: missing.length,
    problems: problems.length
  }
  if (args.includes('--json')) print(JSON.stringify({ owners, problems, missing, total }, null, 2))
  else {
    for (const entry of owners) print(lineOf(entry))
    for (const { place, problem } of problems) print(`${place}  ${problem}`)
    print(
      `${total.proven} of ${total.items} items proven, ${total.missing} missing, ${total.problems} claims that do not hold`
    )
  }
  return problems.length > 0 || (args.includes('--strict') && missing.length > 0) ? 1 : 0
}

function lineOf({ owner, proven, missing }) {
  const counts = `${owner.padEnd(20)} ${String(proven.length).padStart(3)} of ${String(proven.length + missing.length).padStart(3)}`
  return missing.length === 0 ? counts : `${counts}   missing ${shorten(missing)}`
}

/** `W-1 W-2 W-3 W-9` as `W-1…3 W-9`. */
function shorten(ids) {
  const runs = []
  for (const id of ids) {
    const [letter, number] = [id[0], Number(id.slice(2))]
    const last = runs.at(-1)
    if (last?.letter === letter && last.to === number - 1) last.to = number
    else runs.push({ letter, from: number, to: number })
  }
  return runs.map(({ letter, from, to }) => (from === to ? `${letter}-${from}` : `${letter}-${from}…${to}`)).join(' ')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  process.exitCode = main(fileURLToPath(new URL('..', import.meta.url)), process.argv.slice(2))
}
