import { loadVectors } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { adapters, type CaseRecord, runVectors } from '../../src/index.ts'

test('an adapter refuses to search for more proof of work than the limit allows', async () => {
  const file = await loadVectors('whisper-envelope')
  const vector = file.sections['valid']?.[0]
  const records: CaseRecord[] = []
  const options = { adapters, section: 'valid', name: vector?.name, limits: { maxPowBits: 9 } }
  for await (const record of runVectors([file], options)) if (record.kind === 'case') records.push(record)
  expect(records.map(({ direction, outcome, reason }) => [direction, outcome, reason])).toEqual([
    ['reproduce', 'failed', 'the adapter threw: powTargetBits: expected at most 9, got 10'],
    ['decode', 'passed', undefined]
  ])
})

test('there is one adapter per vector file, and none twice', () => {
  const files = adapters.map(({ file }) => file)
  expect(new Set(files).size).toBe(files.length)
})
