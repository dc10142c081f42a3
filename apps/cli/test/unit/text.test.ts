import { parseKey, parseTarget } from '@status-stack/account-rpc/targets'
import { ProfileError, type ProfileErrorCode } from '@status-stack/profiles/folder'
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

test('a full disk has a sentence and an exit code of its own, however it comes up', () => {
  const level = Object.assign(new Error('IO error: 000003.log: No space left on device'), { code: 'LEVEL_IO_ERROR' })
  const causes = [
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    Object.assign(new Error('store: write failed, the disk is full'), { code: 'disk-full' }),
    level,
    new Error('failed', { cause: level })
  ]
  for (const error of causes) {
    expect(describeError(error)).toMatchObject({ code: 'disk-full', exitCode: 8, message: 'the disk is full' })
  }
  expect(describeError(new Error('damaged')).exitCode).toBe(1)
})

describe('what a profile refuses', () => {
  const described = (code: ProfileErrorCode, message: string, details = {}) =>
    describeError(new ProfileError(code, message, { origin: 'environment', details }))

  test('has the exit code that says what to look at, and a hint in words of this program', () => {
    const codes = {
      'profile-name': [exitCodes.usage, /letters/],
      'profile-exists': [exitCodes.profile, /--profile/],
      'profile-open': [exitCodes.profile, /--data-dir/],
      damaged: [exitCodes.profile, /newer status-stack.*backup/],
      'read-only': [exitCodes.profile, /--data-dir/],
      database: [exitCodes.profile, undefined],
      'wrong-password': [exitCodes.password, undefined],
      'disk-full': [exitCodes.full, /free some space/],
      'profile-locked': [exitCodes.locked, /end that process/],
      'no-phrase': [exitCodes.failed, undefined],
      phrase: [exitCodes.failed, undefined],
      'not-written': [exitCodes.failed, undefined]
    } as const
    for (const [code, [exitCode, hint]] of Object.entries(codes)) {
      const shown = described(code as ProfileErrorCode, 'said')
      expect(shown, code).toMatchObject({ code, message: 'said', exitCode })
      if (hint === undefined) expect(shown.hint, code).toBeUndefined()
      else expect(shown.hint, code).toMatch(hint)
    }
  })

  test('names the daemon, the profile and the library that is missing', () => {
    expect(described('profile-locked', 'in use', { socket: '/run/x' }).hint).toMatch(/status-stack call/)
    expect(described('no-profile', 'no profile named default in /data', { profile: 'default' })).toMatchObject({
      message: 'no profile yet in /data',
      hint: expect.stringContaining('`status-stack init`')
    })
    expect(described('no-profile', 'no profile named work in /data', { profile: 'work' })).toMatchObject({
      message: 'no profile named work in /data',
      hint: expect.stringContaining('`status-stack --profile work init`')
    })
    expect(described('no-keyring', 'none', { library: 'missing' })).toMatchObject({
      exitCode: exitCodes.usage,
      hint: expect.stringContaining('npm install')
    })
    expect(described('no-keyring', 'none')).toMatchObject({
      exitCode: exitCodes.failed,
      hint: expect.stringContaining('desktop session')
    })
  })
})
