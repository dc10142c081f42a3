import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checklist, claimsOf, provenIds, readCoverage } from '../spec-claims.mjs'
import { main } from '../spec-coverage.mjs'

let root
const put = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const table = (...rows) =>
  ['# SPEC', '', '| id | rule | file | test |', '| --- | --- | --- | --- |', ...rows].join('\n')

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spec-coverage-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A whisper package that claims W-12 with this row and has this test file. */
function claim(row, testText) {
  put('packages/whisper/SPEC.md', table(row))
  put('packages/whisper/src/pow.ts', 'export {}')
  put('packages/whisper/test/unit/pow.test.ts', testText)
  return readCoverage(root)
}
const row = '| W-12 | PoW as in the vectors | `src/pow.ts` | `test/unit/pow.test.ts` |'
const goodTest = "test('W-12 PoW of the vectors', () => expect(1).toBe(1))"
const sentences = ({ problems }) => problems.map(({ problem }) => problem)

describe('a claim', () => {
  test('holds when file and test are there', () => {
    const coverage = claim(row, goodTest)
    expect(coverage.problems).toEqual([])
    expect(coverage.proven.get('W-12')).toEqual(['whisper'])
    expect(coverage.owners.find(entry => entry.owner === 'whisper')).toMatchObject({ proven: ['W-12'] })
  })

  test.each([
    ['no test of that title', "test('PoW of the vectors', () => expect(1).toBe(1))"],
    ['another id that begins alike', "test('W-123 PoW', () => expect(1).toBe(1))"],
    ['the id in the middle of the title', "test('PoW W-12', () => expect(1).toBe(1))"],
    ['the id in a comment', '// test W-12 PoW'],
    ['a skipped test', "test.skip('W-12 PoW', () => expect(1).toBe(1))"],
    ['a test to do', "test.todo('W-12 PoW')"],
    ['a test in a skipped group', "describe.skip('pow', () => { test('W-12 PoW', () => expect(1).toBe(1)) })"],
    ['a test without a body', "test('W-12 PoW', () => {})"],
    ['only a group of that title', "describe('W-12 PoW', () => { test('x', () => expect(1).toBe(1)) })"]
  ])('with %s does not hold', (_, text) => {
    const coverage = claim(row, text)
    expect(sentences(coverage)).toEqual(['W-12: no test in test/unit/pow.test.ts has a title that begins with it'])
    expect(coverage.problems[0].place).toBe('packages/whisper/SPEC.md:5')
    expect(coverage.proven.has('W-12')).toBe(false)
  })

  test.each([
    [
      'a file that does not exist',
      '| W-12 | rule | src/other.ts | test/unit/pow.test.ts |',
      'W-12: src/other.ts does not exist'
    ],
    [
      'a test file that does not exist',
      '| W-12 | rule | src/pow.ts | test/unit/x.test.ts |',
      'W-12: test/unit/x.test.ts does not exist'
    ],
    ['no file', '| W-12 | rule | | test/unit/pow.test.ts |', 'W-12: no file named'],
    ['no test', '| W-12 | rule | src/pow.ts | later |', 'W-12: no test file named'],
    ['no rule', '| W-12 | | src/pow.ts | test/unit/pow.test.ts |', 'W-12: no rule'],
    ['an id off the checklist', '| W-46 | rule | src/pow.ts | test/unit/pow.test.ts |', 'W-46 is not on the checklist'],
    ['no id', '| PoW | rule | src/pow.ts | test/unit/pow.test.ts |', 'a row without an id']
  ])('with %s does not hold', (_, badRow, sentence) => {
    const coverage = claim(badRow, goodTest)
    expect(sentences(coverage)).toContain(sentence)
    expect(coverage.proven.size).toBe(0)
  })

  test('of an id that another package owns leaves its owner without proof', () => {
    put('packages/status-pfs/SPEC.md', table(row))
    put('packages/status-pfs/src/pow.ts', 'export {}')
    put('packages/status-pfs/test/unit/pow.test.ts', goodTest)
    const { owners, problems } = readCoverage(root)
    expect(problems).toEqual([])
    expect(owners.find(entry => entry.owner === 'whisper').missing).toContain('W-12')
  })
})

describe('titles', () => {
  test.each([
    ["test('W-12 PoW', () => run())", ['W-12']],
    ["it('W-12: PoW', async () => { await run() })", ['W-12']],
    ["test.each([1, 2])('W-12 of %i', n => run(n))", ['W-12']],
    ["test.for([1, 2])('W-12 of %i', n => run(n))", ['W-12']],
    ['test.each`a | b`("W-12 of $a", ({ a }) => run(a))', ['W-12']],
    ["test.concurrent('W-12 PoW', () => run())", ['W-12']],
    ["test.skipIf(noGo)('W-12 PoW', () => run())", ['W-12']],
    ["test('W-12 PoW', { timeout: 5 }, () => run())", ['W-12']],
    ["test('W-12 PoW', run)", ['W-12']],
    [`for (const c of cases) test(\`W-12 \${c.name}\`, () => run(c))`, ['W-12']],
    ["test('W-12, W-13 and W-14 PoW', () => run())", ['W-12', 'W-13', 'W-14']],
    ["describe('x', () => { describe('y', () => { test('W-12', () => run()) }) })", ['W-12']],
    ["other('W-12 PoW', () => run())", []]
  ])('%s', (text, ids) => expect([...provenIds(text)]).toEqual(ids))
})

test('only the table with the four columns is read', () => {
  const text = `| option | default |\n| --- | --- |\n| W-1 | x |\n\n${table('| W-2 | a \\| b | [pow](src/pow.ts) src/a.ts, `src/b.ts` | test/a.test.ts |')}\n\n| W-3 | x | a.ts | b.ts |`
  expect(claimsOf(text)).toEqual([
    { line: 9, ids: ['W-2'], rule: 'a \\| b', files: ['src/a.ts', 'src/b.ts'], tests: ['test/a.test.ts'] }
  ])
})

test('the checklist has every item once, each with an owner', () => {
  expect(checklist.size).toBe(34 + 45 + 31 + 27 + 30 + 28 + 22 + 32 + 20 + 23)
  const owner = id => checklist.get(id)
  expect(['T-34', 'W-45', 'R-27', 'D-17', 'P-12', 'A-6', 'A-7', 'A-13', 'A-19', 'K-1', 'K-25'].map(owner)).toEqual([
    ['rlpx'],
    ['whisper'],
    ['whisper-rpc'],
    ['status-client'],
    ['status-client'],
    ['status-accounts'],
    ['whisper'],
    ['status-client'],
    ['integration'],
    ['waku'],
    ['whisper-rpc']
  ])
})

describe('the command', () => {
  const run = (...args) => {
    const lines = []
    return { code: main(root, args, line => lines.push(line)), lines }
  }

  test('lists what is missing per owner and ends well, unless it has to be strict', () => {
    claim(row, goodTest)
    const { code, lines } = run()
    expect(code).toBe(0)
    expect(lines.find(line => line.startsWith('whisper '))).toContain(
      '1 of  77   missing W-1…11 W-13…45 M-1…27 A-7…9 A-14…15'
    )
    expect(lines.find(line => line.startsWith('integration'))).toContain('missing A-19…20 F-1…23')
    expect(lines.at(-1)).toBe('1 of 292 items proven, 291 missing, 0 claims that do not hold')
    expect(run('--strict').code).toBe(1)
  })

  test('fails on a claim without a test', () => {
    claim(row, "test('PoW', () => expect(1).toBe(1))")
    const { code, lines } = run()
    expect(code).toBe(1)
    expect(lines).toContain(
      'packages/whisper/SPEC.md:5  W-12: no test in test/unit/pow.test.ts has a title that begins with it'
    )
  })

  test('JSON has owners, problems and totals', () => {
    claim(row, goodTest)
    const report = JSON.parse(run('--json').lines.join('\n'))
    expect(report.total).toEqual({ items: 292, proven: 1, missing: 291, problems: 0 })
    expect(report.missing).not.toContain('W-12')
    expect(report.owners.map(({ owner }) => owner)).toContain('whisper-rpc')
  })

  test('an argument it does not know is refused', () => expect(run('--stric').code).toBe(2))
})
