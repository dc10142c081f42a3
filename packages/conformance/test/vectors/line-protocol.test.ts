import { loadVectors, vectorFiles } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import {
  type Answer,
  adapters,
  type CaseRecord,
  createAnswerer,
  type OperationRequest,
  operations,
  remoteAdapters,
  runVectors
} from '../../src/index.ts'
import { parseAnswer, parseHello, protocolVersion } from '../../src/protocol/messages.ts'
import { asksOf, inputOf } from '../../src/protocol/operation.ts'
import { spotsOf } from '../../src/protocol/paths.ts'

const files = await Promise.all(vectorFiles.map(name => loadVectors(name)))
const answer = createAnswerer()
const hello = parseHello(await answer(JSON.stringify({ id: 0, op: 'hello', protocol: protocolVersion })), 0)

type Ask = (request: Omit<OperationRequest, 'id'>) => Promise<Answer>
const askOwn: Ask = async request => parseAnswer(await answer(JSON.stringify({ id: 7, ...request })), 7)

async function run(ask: Ask, claims = hello.sections): Promise<readonly CaseRecord[]> {
  const records: CaseRecord[] = []
  for await (const record of runVectors(files, { adapters: remoteAdapters(claims, ask) }))
    if (record.kind === 'case') records.push(record)
  return records
}

const of = (records: readonly CaseRecord[], outcome: CaseRecord['outcome']) =>
  records.filter(record => record.outcome === outcome)

describe('our own implementation', () => {
  test('claims every operation', () => {
    expect(hello.sections).toEqual(
      operations.map(({ file, section, op }) => `${file.replace('.json', '')}/${section}/${op}`)
    )
  })

  test('passes all of them', { timeout: 240_000 }, async () => {
    const records = await run(askOwn)
    expect(of(records, 'failed')).toEqual([])
    expect(of(records, 'passed').length).toBeGreaterThan(900)
    const reasons = new Set(of(records, 'skipped').map(({ reason }) => reason))
    expect(reasons).toEqual(new Set(['no adapter knows this section', 'not run: nothing of it can be asked for']))
  })
})

describe('an implementation', () => {
  test('that echoes its input passes nothing but what only has to be taken', { timeout: 240_000 }, async () => {
    const records = await run(async ({ input }) => ({ kind: 'output', output: input }))
    const passed = new Set(of(records, 'passed').map(({ file, section }) => `${file} ${section}`))
    for (const { file, section } of operations.filter(({ asks }) => asks.length > 0))
      expect(passed).not.toContain(`${file} ${section}`)
  })

  test('that refuses everything passes only what is to be refused', { timeout: 240_000 }, async () => {
    const records = await run(async () => ({ kind: 'refused', why: 'no' }))
    const able = new Set(operations.filter(({ valid }) => valid !== undefined).map(({ section }) => section))
    for (const { section } of of(records, 'passed')) expect(able).toContain(section)
  })

  test('that changes one value of each answer fails each case', { timeout: 240_000 }, async () => {
    const records = await run(async request => {
      const given = await askOwn(request)
      const [first] = request.asks
      if (given.kind !== 'output' || first === undefined) return given
      return { kind: 'output', output: { ...given.output, [first]: 'something else' } }
    })
    const asking = new Set(operations.filter(({ asks }) => asks.length > 0).map(({ section }) => section))
    const passed = of(records, 'passed').filter(({ section, fields }) => asking.has(section) && fields.length > 1)
    expect(passed).toEqual([])
  })
})

test('no request holds what it asks for', () => {
  let requests = 0
  for (const operation of operations) {
    const { file, section, asks } = operation
    for (const vector of files.find(each => each.file === file)?.sections[section] ?? []) {
      const input = inputOf(operation, vector)
      requests++
      for (const pattern of asks) expect(spotsOf(input, pattern)).toEqual([])
      expect(JSON.stringify(asksOf(operation, vector)).length).toBeGreaterThan(1)
    }
  }
  expect(requests).toBeGreaterThan(500)
})

test('each operation has its section, its cases, and a step of ours', () => {
  for (const { file, section, op, asks, valid } of operations) {
    expect(files.find(each => each.file === file)?.sections[section]?.length).toBeGreaterThan(0)
    expect(adapters.find(each => each.file === file)?.sections[section]).toHaveProperty(op)
    expect(asks.length > 0 || valid !== undefined).toBe(true)
  }
})

describe('a line that is no request', () => {
  test.each([
    ['not JSON', '{', { kind: 'error', why: 'not a request' }, -1],
    ['no id', '{"op":"hello"}', { kind: 'error', why: 'not a request' }, -1],
    ['another protocol', '{"id":1,"op":"hello","protocol":9}', { kind: 'error', why: 'only protocol 1 is known' }, 1],
    [
      'an unknown section',
      '{"id":2,"op":"decode","file":"mvds.json","section":"toString","input":{}}',
      { kind: 'unsupported', why: 'no such operation' },
      2
    ],
    [
      'no input',
      '{"id":3,"op":"decode","file":"mvds.json","section":"payload"}',
      { kind: 'unsupported', why: 'no such operation' },
      3
    ],
    [
      'input of another kind',
      '{"id":4,"op":"decode","file":"mvds.json","section":"payload","input":{"protobuf":7},"asks":[]}',
      { kind: 'error', why: expect.any(String) },
      4
    ]
  ])('%s is answered with one', async (_, line, expected, id) => {
    expect(parseAnswer(await answer(line), id)).toEqual(expected)
  })
})
