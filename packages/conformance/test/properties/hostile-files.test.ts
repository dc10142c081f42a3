import type { VectorCase } from '@status-stack/vectors'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adapters, runVectors } from '../../src/index.ts'

const sections = adapters.flatMap(({ file, sections }) => Object.keys(sections).map(section => ({ file, section })))

/** Names that adapters look for, and values that are sometimes what they look for. */
const fieldName = fc.constantFrom(
  ...['payload', 'protobuf', 'rlp', 'code', 'frames', 'steps', 'devices', 'messages', 'envelopes', 'phases', 'keys'],
  ...['privateKey', 'publicKey', 'symKey', 'mode', 'result', 'fields', 'type', 'chatId', 'topic', 'events', 'bloom']
)
const hex = fc
  .uint8Array({ maxLength: 70 })
  .map(bytes => `0x${[...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')}`)
const fields = fc.dictionary(fieldName, fc.oneof(hex, fc.jsonValue({ maxDepth: 2 }), fc.integer()), { maxKeys: 12 })

test('whatever a case holds, it gives records and the run goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sections), fields, async ({ file, section }, random) => {
      const vector = { ...random, name: 'random' } as VectorCase
      const records = []
      for await (const record of runVectors(
        [{ file, description: '', source: '', sections: { [section]: [vector, vector] } }],
        { adapters }
      )) {
        records.push(record)
      }
      const last = records.pop()
      expect(last).toMatchObject({ kind: 'summary' })
      expect(records.length).toBeGreaterThanOrEqual(2)
      for (const record of records)
        expect(record).toMatchObject({ kind: 'case', outcome: expect.stringMatching(/^(passed|failed|skipped)$/) })
    }),
    { numRuns: 300 }
  )
}, 120_000)
