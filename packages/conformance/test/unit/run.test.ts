import type { VectorFile } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import {
  type Adapter,
  type CaseRecord,
  ConformanceError,
  type ConformanceRecord,
  runVectors
} from '../../src/runner.ts'

const fileOf = (sections: VectorFile['sections']): VectorFile => ({
  file: 'a.json',
  description: '',
  source: '',
  sections
})

const sum: Adapter = {
  file: 'a.json',
  sections: {
    sum: {
      reproduce: (vector, check) => check.equal('total', vector['total'], vector['a'] + vector['b']),
      decode: (vector, check) => check.equal('a', vector['a'], vector['total'] - vector['b'])
    },
    words: {
      reproduce: (_, check, { companion }) =>
        check.equal('words', { list: ['x'] }, companion('words.json') ?? check.skip('no words.json'))
    },
    empty: { reproduce: () => undefined },
    slow: { reproduce: () => new Promise(() => undefined) },
    neighbours: {
      reproduce: (_, check, { section, cases }) =>
        check.equal('counts', [2, 1, 0], [section.length, cases('sum').length, cases('none').length])
    }
  }
}

async function collect(records: AsyncIterable<ConformanceRecord>): Promise<readonly ConformanceRecord[]> {
  const all: ConformanceRecord[] = []
  for await (const record of records) all.push(record)
  return all
}

const run = (sections: VectorFile['sections'], options = {}, companions?: ReadonlyMap<string, unknown>) =>
  collect(runVectors([fileOf(sections)], { adapters: [sum], ...options }, companions))

test('every case runs in each direction and the summary counts them', async () => {
  const records = await run({
    sum: [
      { name: 'two', a: 1, b: 1, total: 2 },
      { name: 'five', a: 2, b: 3, total: 6 }
    ]
  })
  expect(
    records.map(record => (record.kind === 'case' ? [record.name, record.direction, record.outcome] : record))
  ).toEqual([
    ['two', 'reproduce', 'passed'],
    ['two', 'decode', 'passed'],
    ['five', 'reproduce', 'failed'],
    ['five', 'decode', 'failed'],
    { kind: 'summary', passed: 2, failed: 2, skipped: 0 }
  ])
  expect((records[2] as CaseRecord).difference).toEqual({ field: 'total', expected: '6', actual: '5' })
})

test('a section that no adapter knows is skipped, and so is a file', async () => {
  const records = await run({ later: [{ name: 'x' }] })
  expect(records[0]).toMatchObject({ section: 'later', outcome: 'skipped', reason: 'no adapter knows this section' })
  const other = await collect(
    runVectors([{ ...fileOf({ sum: [{ name: 'x' }] }), file: 'b.json' }], { adapters: [sum] })
  )
  expect(other.at(-1)).toEqual({ kind: 'summary', passed: 0, failed: 0, skipped: 1 })
})

test('a section named like a property of every object is unknown', async () => {
  const records = await run(JSON.parse('{"__proto__": [{"name": "x"}], "toString": [{"name": "y"}]}'))
  expect(records.at(-1)).toEqual({ kind: 'summary', passed: 0, failed: 0, skipped: 2 })
})

test('an adapter that compares nothing fails', async () => {
  const [record] = await run({ empty: [{ name: 'x' }] })
  expect(record).toMatchObject({ outcome: 'failed', reason: 'the adapter compared nothing' })
})

test('an adapter that throws on a case without its fields fails that case and the run goes on', async () => {
  const throwing: Adapter = {
    file: 'a.json',
    sections: {
      sum: {
        decode: (vector, check) => {
          check.equal('first', 0, 0)
          check.equal('length', 1, vector['list'].length)
        }
      }
    }
  }
  const records = await collect(
    runVectors([fileOf({ sum: [{ name: 'x' }, { name: 'y', list: [1] }] })], { adapters: [throwing] })
  )
  expect(records.map(record => record.kind === 'case' && record.outcome)).toEqual(['failed', 'passed', false])
  expect((records[0] as CaseRecord).reason).toMatch(/^the adapter threw: /)
})

test('an adapter that never answers fails after the time allowed', async () => {
  const [record] = await run({ slow: [{ name: 'x' }] }, { caseTimeoutMs: 5 })
  expect(record).toMatchObject({ outcome: 'failed', reason: 'the adapter threw: no answer within 5 ms' })
})

test('a step that skips is reported with its reason, and runs when the companion is there', async () => {
  expect((await run({ words: [{ name: 'x' }] }))[0]).toMatchObject({ outcome: 'skipped', reason: 'no words.json' })
  const companions = new Map([['words.json', { list: ['x'] }]])
  expect((await run({ words: [{ name: 'x' }] }, {}, companions))[0]).toMatchObject({ outcome: 'passed' })
})

test('a step sees its section and the other sections of the file', async () => {
  const records = await run({ neighbours: [{ name: 'x' }, { name: 'y' }], sum: [{ name: 'z', a: 0, b: 0, total: 0 }] })
  expect(records.at(-1)).toEqual({ kind: 'summary', passed: 4, failed: 0, skipped: 0 })
})

test('an adapter cannot change what the next direction sees', async () => {
  const careless: Adapter = {
    file: 'a.json',
    sections: {
      sum: {
        reproduce: (vector, check) => {
          Object.assign(vector, { total: 9 })
          check.equal('total', 9, vector['total'])
        },
        decode: (vector, check) => check.equal('total', 2, vector['total'])
      }
    }
  }
  const records = await collect(runVectors([fileOf({ sum: [{ name: 'two', total: 2 }] })], { adapters: [careless] }))
  expect(records.at(-1)).toEqual({ kind: 'summary', passed: 2, failed: 0, skipped: 0 })
})

describe('options', () => {
  const sections = {
    sum: [
      { name: 'two', a: 1, b: 1, total: 2 },
      { name: 'five', a: 2, b: 3, total: 6 }
    ],
    later: [{ name: 'two' }]
  }

  test('section and name choose what runs', async () => {
    expect((await run(sections, { section: 'later' })).at(-1)).toMatchObject({ passed: 0, skipped: 1 })
    expect((await run(sections, { name: 'two' })).at(-1)).toMatchObject({ passed: 2, failed: 0, skipped: 1 })
  })

  test('an aborted signal ends the run between two cases', async () => {
    const abort = new AbortController()
    const records = runVectors([fileOf(sections)], { adapters: [sum], signal: abort.signal })
    await records.next()
    abort.abort(new Error('enough'))
    await expect(records.next()).rejects.toThrow('enough')
  })

  test('more cases than the limit are refused before anything runs', async () => {
    await expect(run(sections, { limits: { maxCases: 2 } })).rejects.toMatchObject({
      code: 'too-large',
      details: { expected: 2, got: 3 }
    })
  })

  test.each([{ caseTimeoutMs: 0 }, { caseTimeoutMs: 1.5 }, { limits: { maxCases: 0 } }])('%o is refused', options => {
    expect(() => runVectors([], { adapters: [], ...options })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' })
    )
  })
})

test.each([
  ['section', { section: 'hanshake' }, 'section: no file has a section called hanshake'],
  ['name', { section: 's', name: 'y' }, 'name: no case is called y'],
  ['options', { sections: 's' }, 'options: no option is called sections; there are section, name'],
  [
    'adapters[0].sections.s.reproduce',
    { adapters: [{ file: 'a.json', sections: { s: { reproduce: 7 } } }] },
    'expected a function'
  ],
  ['caseTimeoutMs', { caseTimeoutMs: 0 }, 'caseTimeoutMs: expected an integer from 1'],
  ['limits', { limits: { maxCase: 1 } }, 'limits: no option is called maxCase'],
  ['signal', { signal: 'stop' }, 'signal: expected an AbortSignal']
])('what would run nothing, or everything by mistake, is refused: %s', async (argument, wrong, message) => {
  const files = [fileOf({ s: [{ name: 'x' }] })]
  const options = { adapters: [], ...wrong } as never
  const run = async () => {
    for await (const _ of runVectors(files, options));
  }
  const error = await run().then(
    () => undefined,
    thrown => thrown
  )
  expect(ConformanceError.is(error)).toBe(true)
  expect(error.code).toBe('invalid-argument')
  expect(error.message).toContain(message)
  expect(argument === 'options' || argument === 'limits' || error.details.argument === argument).toBe(true)
})
