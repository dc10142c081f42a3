import { describe, expect, test } from 'vitest'
import { encodeAnswer, encodeHello, parseAnswer, parseHello } from '../../src/protocol/messages.ts'

describe('answers', () => {
  test.each([
    { kind: 'output', output: { topic: '0x00' } },
    { kind: 'refused', why: 'too short' },
    { kind: 'unsupported', why: 'no curve' },
    { kind: 'error', why: 'broken' }
  ] as const)('$kind is read as it was written', answer => {
    expect(parseAnswer(encodeAnswer(4, answer), 4)).toEqual(answer)
  })

  test.each([
    ['not JSON', '{', 'that is not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['another id', '{"id":3,"output":{}}', 'another id than 4'],
    ['a text as id', '{"id":"4","output":{}}', 'another id than 4'],
    ['nothing', '{"id":4}', 'none or several'],
    ['two things', '{"id":4,"output":{},"error":"x"}', 'none or several'],
    ['a list as output', '{"id":4,"output":[]}', 'not an object'],
    ['a refusal without a text', '{"id":4,"refused":true}', 'refused without a text']
  ])('%s is no answer', (_, line, message) => {
    expect(() => parseAnswer(line, 4)).toThrow(message)
  })
})

describe('the first answer', () => {
  const hello = { implementation: { name: 'x', version: '1' }, sections: ['mvds'] }

  test('is read as it was written', () => {
    expect(parseHello(encodeHello(0, hello), 0)).toEqual(hello)
  })

  test.each([
    ['another protocol', { protocol: 2 }, 'another protocol than 1'],
    ['no implementation', { implementation: 'x' }, 'no implementation'],
    ['no version', { implementation: { name: 'x' } }, 'without a name or a version'],
    ['no list', { sections: 'mvds' }, 'no list of sections'],
    ['a list of numbers', { sections: [1] }, 'no list of sections']
  ])('with %s is refused', (_, change, message) => {
    expect(() => parseHello(JSON.stringify({ id: 0, protocol: 1, ...hello, ...change }), 0)).toThrow(message)
  })
})
