import { parseKey, parseTarget } from '@status-stack/account-rpc/targets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { exitCodes } from '../../src/exit-codes.ts'
import { parseListen } from '../../src/listen-address.ts'
import { printable } from '../../src/output.ts'

describe('text from others', () => {
  test('no control or reordering character reaches the terminal, and it is one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
      })
    )
    expect(printable('a\u001b[2Jb')).toBe('a·[2Jb')
    expect(printable('two\nlines')).toBe('two ⏎ lines')
    expect(printable('日本語 👋🏽 café')).toBe('日本語 👋🏽 café')
  })
})

describe('targets', () => {
  const key = `0x04${'4f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa385b6b1b8ead809ca67454d9683fcf2ba03456d6fe2c4abe2b07f0fbdbb2f1c1'}`

  test('a name with # is a public chat', () => {
    expect(parseTarget('#status')).toEqual({ kind: 'public', name: 'status' })
  })

  test('every text form of one key is the same person', () => {
    const long = parseKey(key)
    expect(parseKey(key.slice(2))).toEqual(long)
    expect(parseKey('zQ3shjyJXUaRJC2GC43mX8aPrUhoTdoiongXhZjsdTzPKYZUM')).toEqual(long)
    expect(parseKey('034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa')).toEqual(long)
  })

  test('anything else is one sentence, never another error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        try {
          parseTarget(text)
        } catch (error) {
          expect(describeError(error)).toMatchObject({
            exitCode: exitCodes.usage,
            code: expect.not.stringMatching(/unexpected/)
          })
        }
      })
    )
  })
})

describe('addresses to listen on', () => {
  test.each([
    ['30303', '127.0.0.1', 30303],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['[::1]:7', '::1', 7],
    ['example.org:1', 'example.org', 1]
  ])('%s', (text, host, port) => expect(parseListen(text)).toEqual({ host, port }))

  test.each(['', ':1', 'a:b', '1.2.3.4:65536', '1.2.3.4:-1', 'a:1:2'])('%j is refused', text => {
    expect(() => parseListen(text)).toThrowError(/not an address/)
  })
})

test('an unknown error keeps its sentence and its code, and its stack stays inside', () => {
  expect(describeError(new Error('no luck'))).toEqual({ code: 'unexpected', message: 'no luck', exitCode: 1 })
  expect(describeError('plain')).toEqual({ code: 'unexpected', message: 'plain', exitCode: 1 })
})
