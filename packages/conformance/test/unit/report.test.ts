import { expect, test } from 'vitest'
import { type CaseRecord, type ConformanceRecord, formatRecords, type ReportOptions } from '../../src/runner.ts'

const passed: CaseRecord = {
  kind: 'case',
  file: 'a.json',
  section: 's',
  name: 'one',
  direction: 'decode',
  outcome: 'passed',
  fields: ['x', 'y', 'y']
}
const failed: CaseRecord = {
  ...passed,
  name: 'two',
  outcome: 'failed',
  fields: ['x', 'rlp'],
  difference: { field: 'rlp.nonce', offset: 7, expected: '0x01 (8 bytes)', actual: '0x02 (8 bytes)' }
}
const threw: CaseRecord = { ...passed, name: 'three', outcome: 'failed', fields: [], reason: 'the adapter threw: no' }
const skipped: CaseRecord = {
  kind: 'case',
  file: 'a.json',
  section: 't',
  name: 'one',
  outcome: 'skipped',
  reason: 'no adapter knows this section',
  fields: []
}
const run: readonly ConformanceRecord[] = [
  passed,
  failed,
  threw,
  skipped,
  { kind: 'summary', passed: 1, failed: 2, skipped: 1 }
]

async function linesOf(options?: ReportOptions): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of formatRecords(run, options)) lines.push(line)
  return lines
}

test('one line a section, its failures below it, the summary last', async () => {
  expect(await linesOf()).toEqual([
    'FAIL a.json s: 1 passed, 2 failed',
    '  failed two (decode): rlp.nonce at byte 7: expected 0x01 (8 bytes), got 0x02 (8 bytes)',
    '  failed three (decode): the adapter threw: no',
    'skip a.json t: 1 skipped (no adapter knows this section)',
    '1 passed, 2 failed, 1 skipped'
  ])
})

test('explain shows the first differing byte, its field, and what was equal before it', async () => {
  expect(await linesOf({ explain: 'two' })).toEqual([
    'failed  a.json s two (decode)',
    '  equal: x',
    '  first difference: rlp.nonce at byte 7',
    '    expected 0x01 (8 bytes)',
    '    got      0x02 (8 bytes)',
    '1 passed, 2 failed, 1 skipped'
  ])
  expect(await linesOf({ explain: 'one' })).toEqual([
    'passed  a.json s one (decode)',
    '  equal: x, y ×2',
    'skipped  a.json t one',
    '  no adapter knows this section',
    '1 passed, 2 failed, 1 skipped'
  ])
})

test('explain says so when no case has that name', async () => {
  expect((await linesOf({ explain: 'none' }))[0]).toBe('no case is named none')
})

test('JSON is one record a line', async () => {
  expect((await linesOf({ json: true })).map(line => JSON.parse(line))).toEqual(run)
})
