import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Outcome, pageOf, type RunFacts, rows, titles } from './messenger/page.ts'

const page = new URL('../../../../docs/interop.md', import.meta.url)
const moduleFile = (folder: string) => new URL(`../../interop/${folder}/go.mod`, import.meta.url)

/** Versions of modules as a go.mod has them, with what stands for them. */
function versionsIn(folder: string, names: readonly string[]): readonly string[] {
  const text = readFileSync(moduleFile(folder), 'utf8')
  return names.map(name => {
    const replaced = new RegExp(`^replace ${name} \\S+ => (\\S+ \\S+)$`, 'm').exec(text)?.[1]
    const required = new RegExp(`^\\s${name} (\\S+)`, 'm').exec(text)?.[1]
    if (required === undefined) throw new Error(`${name} is not in the go.mod of ${folder}`)
    return replaced ?? `${name} ${required}`
  })
}

const statusGo = 'github.com/status-im/status-go'
const modules = (): readonly string[] => [
  ...versionsIn('messenger', [
    `${statusGo}/protocol`,
    `${statusGo}/eth-node`,
    `${statusGo}/whisper/v6`,
    'github.com/status-im/doubleratchet',
    'github.com/vacp2p/mvds',
    'github.com/ethereum/go-ethereum'
  ]),
  ...versionsIn('go', ['github.com/ethereum/go-ethereum'])
]

const said = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8' }).trim()

/** The report of vitest, as far as it is needed. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

function outcomesOf(report: Report): ReadonlyMap<string, Outcome> {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  return new Map(
    tests
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ title, status }) => [title, status as Outcome])
  )
}

function write(report: Report): void {
  const facts: RunFacts = {
    date: new Date().toISOString().slice(0, 10),
    commit: said('git', 'rev-parse', '--short', 'HEAD'),
    node: process.versions.node,
    go: said('go', 'env', 'GOVERSION'),
    modules: modules()
  }
  writeFileSync(page, pageOf(outcomesOf(report), facts))
}

const reportFile = process.env['INTEROP_REPORT']
if (reportFile !== undefined) write(JSON.parse(readFileSync(reportFile, 'utf8')))

describe('docs/interop.md', () => {
  const text = readFileSync(page, 'utf8')

  test('has every scenario and direction of the matrix once, and no other', () => {
    const found = text.split('\n').filter(line => /^\| (?!we are|---)/.test(line))
    for (const row of rows) expect(found.filter(line => line.startsWith(row))).toHaveLength(1)
    expect(found).toHaveLength(rows.length)
  })

  test('counts what its tables say', () => {
    const [, passed, all] = /\*\*(\d+) of (\d+) passed\.\*\*/.exec(text) ?? []
    expect(Number(all)).toBe(titles.length)
    expect(text.split('| yes').length - 1).toBe(Number(passed))
  })

  test('names the modules that the peers are built from now', () => {
    for (const module of modules()) expect(text).toContain(`- \`${module}\``)
  })

  test('says what failed, and what was not run', () => {
    const [first, second, ...others] = titles
    const outcomes = new Map<string, Outcome>([
      [first as string, 'failed'],
      ...others.map(title => [title, 'passed'] as const)
    ])
    const written = pageOf(outcomes, { date: '', commit: '', node: '', go: '', modules: [] })
    expect(written.split('**no**')).toHaveLength(2)
    expect(written.split('**not run**')).toHaveLength(2)
    expect(second).not.toBe(first)
    expect(written).toContain(`**${others.length} of ${titles.length} passed.**`)
  })
})
