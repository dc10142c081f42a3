import {
  type CaseRecord,
  type ConnectedProcess,
  connectProcess,
  explainRecord,
  runConformance
} from '@status-stack/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildGo } from '../support/go-program.ts'

// The worked example of docs/conformance.md: go-ethereum 1.9.5's Whisper against the vectors, as a process that we did not write the inside of.
const build = buildGo('go', 'conformance-1.9.5', './conformance')

describe.skipIf('missing' in build)(
  `go-ethereum 1.9.5 by the line protocol${'missing' in build ? `: ${build.missing}` : ''}`,
  () => {
    let tested: ConnectedProcess
    const records: CaseRecord[] = []
    beforeAll(async () => {
      tested = await connectProcess(['program' in build ? build.program : ''])
      for await (const record of runConformance([], { adapters: tested.adapters }))
        if (record.kind === 'case') records.push(record)
    })
    afterAll(() => tested.stop())

    test('it says what it is', () => {
      expect(tested.implementation).toEqual({ name: 'go-ethereum whisperv6', version: '1.9.5' })
    })

    test('every case of the sections that it claims passes', () => {
      expect(records.filter(({ outcome }) => outcome === 'failed').map(explain)).toEqual([])
      const passed = records.filter(({ outcome }) => outcome === 'passed')
      const sections = new Set(
        passed.map(({ file, section, direction }) => `${file.replace('.json', '')}/${section}/${direction}`)
      )
      expect([...sections].sort()).toEqual([...tested.sections].sort())
      expect(passed.length).toBeGreaterThan(170)
    })

    test('nothing else counts as passed', () => {
      const others = records.filter(({ file, section, direction }) =>
        tested.sections.every(claim => claim !== `${file.replace('.json', '')}/${section}/${direction}`)
      )
      expect(new Set(others.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']))
    })
  }
)

const explain = (record: CaseRecord): string => explainRecord(record).join('\n')
