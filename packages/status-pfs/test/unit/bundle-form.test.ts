import { hexToBytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/index.ts'
import { assertBundle, type Bundle, createBundle, keyPairOf, type SignedPrekey } from '../../src/primitives.ts'
import { highestVersion, isPlausible, readsOneWay, splitsUuid } from '../../src/x3dh/reading.ts'
import { fakeClock, person } from '../support/sealers.ts'

const nowMs = Date.UTC(2026, 0, 5)
const ns = (ms: number) => BigInt(ms) * 1_000_000n
const bob = person('bob', fakeClock(nowMs))
const points = Array.from({ length: 4 }, (_, at) => keyPairOf(new Uint8Array(32).fill(at + 1)).publicKey)

function prekey(installationId: string, parts: Partial<SignedPrekey> = {}): SignedPrekey {
  return { installationId, publicKey: points[0]!, version: 1, protocolVersion: 1, ...parts }
}

/** A bundle that is signed as it is, whatever it holds: only its form can be refused. */
const signed = (prekeys: readonly SignedPrekey[], timestamp = ns(nowMs)): Bundle =>
  createBundle(bob.identity, prekeys, timestamp)

describe('the form of a bundle that its identity signed', () => {
  test.each([
    ['version 0', [prekey('b1', { version: 0 })]],
    ['the highest version', [prekey('b1', { version: 0xffff_ffff })]],
    ['two installations', [prekey('b1'), prekey('b2')]],
    ['as many as there may be', Array.from({ length: limits.maxBundleInstallations }, (_, at) => prekey(`b${at}`))]
  ])('taken: %s', (_, prekeys) => {
    expect(() => assertBundle(signed(prekeys))).not.toThrow()
  })

  test.each([
    ['a version below 0', [prekey('b1', { version: -1 })], 'version out of range'],
    ['a version of 33 bits', [prekey('b1', { version: 2 ** 32 })], 'version out of range'],
    ['half a version', [prekey('b1', { version: 1.5 })], 'version out of range'],
    ['no version', [prekey('b1', { version: Number.NaN })], 'version out of range'],
    ['a key of 32 bytes', [prekey('b1', { publicKey: points[0]!.slice(1) })], 'prekey is not a public key'],
    ['a key of 34 bytes', [prekey('b1', { publicKey: Uint8Array.of(...points[0]!, 0) })], 'prekey is not a public key'],
    [
      'a key off the curve',
      [prekey('b1', { publicKey: hexToBytes(`02${'00'.repeat(31)}05`) })],
      'prekey is not a public key'
    ],
    ['the name of the entry for all', [prekey('none')], 'installation id out of range'],
    ['one installation twice', [prekey('b1'), prekey('b1', { version: 2 })], 'an installation is listed twice']
  ])('refused: %s', (_, prekeys, reason) => {
    expect(() => assertBundle(signed(prekeys))).toThrow(
      expect.objectContaining({ code: 'invalid-bundle', origin: 'peer', message: expect.stringContaining(reason) })
    )
  })

  test.each([
    ['0', 0n, true],
    ['the first of 19 digits', 10n ** 18n, true],
    ['the last of 18 digits', 10n ** 18n - 1n, false],
    ['the last of 19 digits', 10n ** 19n - 1n, true],
    ['the first of 20 digits', 10n ** 19n, false]
  ])('a timestamp: %s', (_, timestamp, good) => {
    const check = expect(() => assertBundle(signed([prekey('b1')], timestamp)))
    if (good) check.not.toThrow()
    else check.toThrow(expect.objectContaining({ message: expect.stringContaining('timestamp of 19 digits') }))
  })
})

describe('readings of what a bundle signs', () => {
  const uuid = '01234567-89ab-4cde-8f01-23456789abcd'
  const letters = 'abcdef01-89ab-4cde-8f01-23456789abcd'

  test.each([
    ['an honest UUID behind a version', [prekey('00'), prekey(uuid)], false],
    ['the version took digits of a UUID', [prekey('0a', { version: 1012 }), prekey(uuid.slice(3))], true],
    ['the UUID took a digit of the version', [prekey('0a', { version: 1 }), prekey(`2${uuid}`)], true],
    ['a letter in front of a UUID is part of the id', [prekey('0a'), prekey(`x${uuid}`)], false],
    ['the last installation has nothing behind it', [prekey(uuid)], false],
    [
      'the order of the list is not that of the signature',
      [prekey(uuid.slice(3)), prekey('0a', { version: 1012 })],
      true
    ]
  ])('splitsUuid: %s', (_, prekeys, split) => {
    expect(splitsUuid(prekeys)).toBe(split)
  })

  test.each([
    ['one installation', [prekey('7')], true],
    [
      'an id that begins with no digit, behind one digit',
      [prekey('a', { version: 9 }), prekey('b', { version: 33 })],
      true
    ],
    ['a UUID, digits or not', [prekey('0', { version: 12 }), prekey(uuid), prekey(letters)], true],
    ['an id of digits, which the version could take', [prekey('0', { version: 1 }), prekey('1a')], false],
    ['a version whose digits the id could take', [prekey('a', { version: 12 }), prekey('b')], false],
    ['nothing would be left of the id', [prekey('0', { version: 1 }), prekey('2')], true],
    ['a version beyond those of today', [prekey('0', { version: highestVersion(nowMs) }), prekey('1a')], false]
  ])('readsOneWay: %s', (_, prekeys, unique) => {
    expect(readsOneWay(signed(prekeys), nowMs)).toBe(unique)
  })

  test('a version that would begin with 0 is no other reading', () => {
    // 1|0b is read as 10|b, which is a version; 0|0b can only be read as 00|b.
    expect(readsOneWay(signed([prekey('0', { version: 1 }), prekey('0b')]), nowMs)).toBe(false)
    expect(readsOneWay(signed([prekey('0', { version: 0 }), prekey('0b')]), nowMs)).toBe(true)
    // 0|9…9b could be read as a version that begins with 0, and 9|9…9b as one beyond those of today.
    expect(readsOneWay(signed([prekey('0', { version: 0 }), prekey('99999999b')]), nowMs)).toBe(true)
    expect(readsOneWay(signed([prekey('0', { version: 9 }), prekey('99999999b')]), nowMs)).toBe(false)
  })

  test('a bundle is believed up to a day ahead of the clock, and so is a version', () => {
    const latest = nowMs + limits.maxBundleAheadMs
    expect(isPlausible(signed([prekey('b1')], ns(latest)), nowMs)).toBe(true)
    expect(isPlausible(signed([prekey('b1')], ns(latest) + 1n), nowMs)).toBe(false)
    const highest = Math.floor(latest / 60_000)
    expect(highestVersion(nowMs)).toBe(highest)
    expect(isPlausible(signed([prekey('b1', { version: highest })]), nowMs)).toBe(true)
    expect(isPlausible(signed([prekey('b1'), prekey('b2', { version: highest + 1 })]), nowMs)).toBe(false)
    // A clock that was never set believes those of 2001.
    expect(isPlausible(signed([prekey('b1')], ns(1e12)), 0)).toBe(true)
  })
})
