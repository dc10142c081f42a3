import { describe, expect, test, vi } from 'vitest'
import { adapters, type CaseRecord, explainRecord, runConformance } from '../../src/index.ts'

vi.setConfig({ testTimeout: 240_000 })

/** Everything that ships with the stack, section by section; a failure prints its first difference. */
describe.each(adapters)('$file', ({ file, sections }) => {
  test.each(Object.keys(sections))('%s', async section => {
    const failures: string[] = []
    let passed = 0
    for await (const record of runConformance([], { section })) {
      if (record.kind === 'summary' || record.file !== file) continue
      if (record.outcome === 'passed') passed++
      if (record.outcome === 'failed') failures.push(explain(record))
    }
    expect(failures).toEqual([])
    expect(passed).toBeGreaterThan(0)
  })
})

test('everything that ships is run, and only what needs the word lists is skipped', async () => {
  const skipped = new Set<string>()
  for await (const record of runConformance()) {
    if (record.kind === 'summary') expect(record).toMatchObject({ failed: 0, skipped: 12 })
    else if (record.outcome === 'skipped') skipped.add(`${record.file} ${record.section} ${record.direction}`)
  }
  expect([...skipped]).toEqual(['accounts.json identity alias'])
})

const explain = (record: CaseRecord): string => explainRecord(record).join('\n')
