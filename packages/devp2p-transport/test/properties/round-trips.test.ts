import { generatePrivateKey } from '@status-stack/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRecord, parseRecord } from '../../src/discovery/enr.ts'
import { createRecord } from '../../src/discovery/signed-record.ts'

test('node records survive being written and read', () => {
  const key = generatePrivateKey()
  const port = fc.integer({ min: 0, max: 65_535 })
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      port,
      fc.uint8Array({ maxLength: 60 }),
      (seq, tcp, value) => {
        const record = createRecord(key, seq, { tcp, more: { zz: value } })
        expect(parseRecord(formatRecord(record))).toEqual(record)
      }
    ),
    { numRuns: 60 }
  )
})
