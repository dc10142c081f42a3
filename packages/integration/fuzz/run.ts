// Mutated inputs over every decoder and over sessions with state: `pnpm fuzz [--inputs N] [--seed S] [--target NAME] [--write]`. The exit code
// says whether anything was found. `--write` keeps the inputs that came to ends that none before did, and the summary.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { decoders } from './decoders.ts'
import { fuzzTarget, type Outcome } from './engine.ts'
import { createSessions } from './sessions.ts'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    write: { type: 'boolean', default: false }
  }
})
const corpusFolder = new URL('corpus/', import.meta.url)
const fileOf = (name: string): URL => new URL(`${name.replaceAll(' ', '-')}.json`, corpusFolder)
const corpusOf = (name: string): readonly string[] =>
  existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : []

const targets = [...decoders, ...(await createSessions())].filter(
  ({ name }) => values.target === undefined || name === values.target
)
const shares = targets.reduce((sum, { share }) => sum + share, 0)
const outcomes: Outcome[] = []
const began = performance.now()
for (const target of targets) {
  const inputs = Math.ceil((Number(values.inputs) * target.share) / shares)
  const outcome = await fuzzTarget(target, { inputs, seed: values.seed, corpus: corpusOf(target.name) })
  outcomes.push(outcome)
  console.log(
    `${outcome.findings.length === 0 ? '✓' : '✗'} ${target.name}: ${outcome.inputs} inputs, ${outcome.values} values, ${outcome.refusals} refusals, ${outcome.ends} ends`
  )
  for (const { input, error } of outcome.findings) console.log(`  ${input}\n  ${error}`)
  if (!values.write) continue
  mkdirSync(corpusFolder, { recursive: true })
  writeFileSync(fileOf(target.name), `${JSON.stringify(outcome.kept, undefined, 1)}\n`)
}
const total = outcomes.reduce((sum, { inputs }) => sum + inputs, 0)
const found = outcomes.flatMap(({ findings }) => findings)
const seconds = Math.round((performance.now() - began) / 1000)
console.log(`${total} inputs in ${seconds} s, seed ${values.seed}: ${found.length} findings`)
// Of one target alone only the inputs are kept: the summary is that of all.
if (values.write && values.target === undefined) {
  const summary = {
    inputs: total,
    seed: values.seed,
    seconds,
    targets: outcomes.map(({ kept, findings, ...facts }) => ({
      ...facts,
      kept: kept.length,
      findings: findings.length
    }))
  }
  writeFileSync(new URL('summary.json', import.meta.url), `${JSON.stringify(summary, undefined, 2)}\n`)
}
process.exit(found.length === 0 ? 0 : 1)
