import { readFileSync } from 'node:fs'
import { loadVectors } from '@status-stack/vectors'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { createAnswerer, operations } from '../../src/index.ts'
import { encodeAnswer, encodeHello, protocolVersion } from '../../src/protocol/messages.ts'
import { asksOf, inputOf } from '../../src/protocol/operation.ts'

const schema = JSON.parse(readFileSync(new URL('../../schema/line-protocol.schema.json', import.meta.url), 'utf8'))
const ajv = new Ajv2020({ strict: true, strictRequired: false })
ajv.addSchema(schema, 'protocol')
const validator = (name: string) => ajv.compile({ $ref: `protocol#/$defs/${name}` })
const [request, answer] = [validator('request'), validator('answer')]

const hello = { id: 0, op: 'hello', protocol: protocolVersion }
const operation = operations.find(({ section }) => section === 'public_chat')
if (operation === undefined) throw new Error('the protocol has no public chats')
const { file, section, op } = operation
const [vector] = (await loadVectors('status-topics')).sections['public_chat'] ?? []
if (vector === undefined) throw new Error('the vectors have no public chats')
const asks = asksOf(operation, vector).map(({ path }) => path)
const example = { id: 1, op, file, section, case: vector.name, input: inputOf(operation, vector), asks }

test('what the runner writes is a request, and what our own implementation answers an answer', async () => {
  const own = createAnswerer()
  for (const each of [hello, example]) {
    expect(request(each), JSON.stringify(request.errors)).toBe(true)
    const said = JSON.parse(await own(JSON.stringify(each)))
    expect(answer(said), JSON.stringify(answer.errors)).toBe(true)
  }
})

test('every kind of answer is one', () => {
  const lines = [
    encodeHello(0, {
      implementation: { name: 'x', version: '1' },
      sections: ['mvds', 'mvds/handle', 'mvds/handle/decode']
    }),
    encodeAnswer(1, { kind: 'output', output: { 'frames[0].frame': '0x' } }),
    encodeAnswer(1, { kind: 'refused', why: '' }),
    encodeAnswer(1, { kind: 'unsupported', why: 'x' }),
    encodeAnswer(1, { kind: 'error', why: 'x' })
  ]
  for (const line of lines) expect(answer(JSON.parse(line)), line).toBe(true)
})

describe('the schema refuses', () => {
  test.each([
    ['a hello of another version', { ...hello, protocol: 2 }],
    ['an unknown operation', { ...example, op: 'guess' }],
    ['a request without what it asks', { ...example, asks: undefined }],
    ['a request with more in it', { ...example, secret: 1 }],
    ['a file without its ending', { ...example, file: 'mvds' }],
    ['a negative id', { ...example, id: -1 }]
  ])('%s', (_, line) => {
    expect(request(JSON.parse(JSON.stringify(line)))).toBe(false)
  })

  test.each([
    ['an answer without an id', { output: {} }],
    ['an answer of two kinds', { id: 1, output: {}, error: 'x' }],
    ['an answer of no kind', { id: 1 }],
    ['a refusal that is no text', { id: 1, refused: true }],
    [
      'a claim with blanks',
      { id: 0, protocol: 1, implementation: { name: 'x', version: '1' }, sections: ['mvds handle'] }
    ],
    ['a hello without a version', { id: 0, protocol: 1, implementation: { name: 'x' }, sections: [] }]
  ])('%s', (_, line) => {
    expect(answer(line)).toBe(false)
  })
})
