import { bytesToHex, publicKeyOf } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import {
  createAccountRecord,
  deriveAccountKey,
  formatAccountRecord,
  mnemonicFromEntropy,
  readAccountRecord,
  recoveryPhraseIn,
  statusGoScrypt,
  unlockAccountRecord,
  unwrapStorageKey,
  wrapStorageKey
} from '../../src/index.ts'

const privateKey = new Uint8Array(32).fill(0x11)
const entropy = new Uint8Array(16).fill(0x22)
const light = { scrypt: statusGoScrypt }
const make = (password = 'a password') => createAccountRecord({ privateKey, entropy }, password, light)

describe('an account record', () => {
  test('I-6 survives being stored as JSON and opens with its password', async () => {
    const record = await make()
    const stored = readAccountRecord(JSON.parse(JSON.stringify(formatAccountRecord(record))))
    const unlocked = await unlockAccountRecord(stored, 'a password')
    expect(unlocked.privateKey).toEqual(privateKey)
    expect(stored.publicKey).toBe(`0x${bytesToHex(publicKeyOf(privateKey))}`)
    expect(recoveryPhraseIn(stored, unlocked)).toBe(mnemonicFromEntropy(entropy))
    expect(unwrapStorageKey(stored.storage ?? '', unlocked.wrappingKey)).toHaveLength(32)
    expect(deriveAccountKey(unlocked, 'node')).not.toEqual(deriveAccountKey(unlocked, 'storage'))
  })

  test('I-6 shows neither key, nor phrase, nor storage key', async () => {
    const record = await make()
    const { wrappingKey } = await unlockAccountRecord(record, 'a password')
    const text = JSON.stringify(formatAccountRecord(record))
    const storageKey = unwrapStorageKey(record.storage ?? '', wrappingKey)
    for (const secret of [privateKey, entropy, storageKey, wrappingKey]) expect(text).not.toContain(bytesToHex(secret))
  })

  test('I-6 has another salt and storage key each time', async () => {
    const [a, b] = [await make(), await make()]
    expect(a.salt).not.toBe(b.salt)
    expect(a.storage).not.toBe(b.storage)
  })

  test('I-6 a wrong password opens neither the record nor its storage key', async () => {
    const record = await make()
    await expect(unlockAccountRecord(record, 'another')).rejects.toMatchObject({ code: 'wrong-password' })
    expect(() => unwrapStorageKey(record.storage ?? '', new Uint8Array(32))).toThrowError(
      expect.objectContaining({ code: 'wrong-password' })
    )
  })

  test('I-6 what was changed, or comes from a later release, is refused', async () => {
    const good = formatAccountRecord(await make())
    const changes = [
      { version: 3 },
      { version: 1 },
      { publicKey: '0x04' },
      { salt: 'ab' },
      { storage: 'xyz' },
      { phrase: 1 },
      { text: '<b>' }
    ]
    for (const change of changes) {
      expect(() => readAccountRecord({ ...good, ...change }), JSON.stringify(change)).toThrowError(
        expect.objectContaining({ code: 'invalid-account' })
      )
    }
    for (const value of [null, [], 'text', 7]) expect(() => readAccountRecord(value)).toThrowError(/account record/)
    const unlocked = await unlockAccountRecord(good, 'a password')
    expect(() => recoveryPhraseIn({ ...good, phrase: 'abab' }, unlocked)).toThrowError(/account record/)
    expect(() => unwrapStorageKey('abab', unlocked.wrappingKey)).toThrowError(/account record/)
  })

  test('a wrapped key opens with its wrapping key alone', () => {
    const key = new Uint8Array(32).fill(7)
    const wrapping = new Uint8Array(32).fill(8)
    expect(unwrapStorageKey(wrapStorageKey(key, wrapping), wrapping)).toEqual(key)
    expect(() => wrapStorageKey(key.slice(1), wrapping)).toThrowError(
      expect.objectContaining({ code: 'invalid-argument' })
    )
  })
})
