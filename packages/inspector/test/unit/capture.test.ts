import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blobsOf, captureLimits, hexOf, InspectorError, parseKeys } from '../../src/index.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

test('a capture is lines of hex digits with comments, or one binary blob', () => {
  const lines = bytesOf('00\n0x01\n# no blob\n\n02\n')
  expect(blobsOf('x', lines).map(({ source }) => source)).toEqual(['x:1', 'x:2', 'x:5'])
  expect(blobsOf('x', Uint8Array.of(0, 1))).toEqual([{ source: 'x', bytes: Uint8Array.of(0, 1) }])
  expect(blobsOf('x', bytesOf('no hex'))).toEqual([{ source: 'x', bytes: bytesOf('no hex') }])
  expect(blobsOf('x', new Uint8Array())).toEqual([])
  expect([hexOf('0XFf'), hexOf('f'), hexOf('0x0g')]).toEqual([Uint8Array.of(255), undefined, undefined])
})

test('blobs and keys: more are refused', () => {
  const lines = bytesOf('00\n01\n02\n')
  expect(() => blobsOf('x', lines, { ...captureLimits, blobs: 2 })).toThrowError(/more than 2 blobs/)
  const text = JSON.stringify({ chats: ['a', 'b'] })
  expect(parseKeys('k', text).chats).toEqual(['a', 'b'])
  expect(() => parseKeys('k', text, { ...captureLimits, keys: 1 })).toThrowError(/more than 1 entries/)
})

test('keys of any text are taken or refused in one sentence that shows no key', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), text => {
      try {
        parseKeys('k', text)
      } catch (error) {
        if (!InspectorError.is(error)) throw error
        expect(error.hint).toMatch(/^expected JSON/)
      }
    })
  )
  const secret = '00'.repeat(31)
  expect(() => parseKeys('k', JSON.stringify({ identities: [secret] }))).toThrowError(/^(?!.*0000).*identities\[0\]/)
})
