import { aesCtr, bytesToHex, concatBytes, keccak256, scrypt, utf8Bytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import * as accounts from '../../src/index.ts'

const mistake = expect.objectContaining({ name: 'AccountsError', code: 'invalid-argument', origin: 'caller' })
const privateKey = new Uint8Array(32).fill(0x11)
const { publicKey } = accounts.createIdentityKey(privateKey)
const scryptCost = { n: 2, r: 1, p: 8 }
const cheap = { scrypt: scryptCost }
const words = { adjectives: ['a'], animals: ['b'] }
const mnemonic = 'test test test test test test test test test test test junk'
const picture = accounts.identiconOf(publicKey)

/** A call that works; each argument in turn becomes something else. */
const calls: Record<string, readonly [(...args: never[]) => unknown, readonly unknown[]]> = {
  accountOfMnemonic: [accounts.accountOfMnemonic, [mnemonic, 'pass']],
  addressOf: [accounts.addressOf, [publicKey]],
  addressText: [accounts.addressText, [new Uint8Array(20)]],
  aliasOf: [accounts.aliasOf, [publicKey, words]],
  aliasOfSeed: [accounts.aliasOfSeed, [5n, words]],
  aliasSeed: [accounts.aliasSeed, [publicKey]],
  createIdentityKey: [accounts.createIdentityKey, [privateKey]],
  decodeKeyText: [accounts.decodeKeyText, [accounts.encodeKeyText(publicKey)]],
  deriveFromExtendedKey: [
    accounts.deriveFromExtendedKey,
    [accounts.deriveFromSeed(privateKey, 'm').extendedPrivateKey, 'm']
  ],
  deriveFromSeed: [accounts.deriveFromSeed, [privateKey, 'm']],
  deriveAccountKey: [accounts.deriveAccountKey, [{ privateKey, salt: new Uint8Array(16) }, 'node']],
  digestOfList: [accounts.digestOfList, [['a']]],
  encodeKeyText: [accounts.encodeKeyText, [publicKey]],
  encryptKeystore: [accounts.encryptKeystore, [{ privateKey }, 'pw']],
  entropyOfMnemonic: [accounts.entropyOfMnemonic, [mnemonic]],
  formatContactLink: [accounts.formatContactLink, [{ publicKey }]],
  formatQrPayload: [accounts.formatQrPayload, [{ publicKey }]],
  identiconOf: [accounts.identiconOf, [publicKey]],
  identiconPixels: [accounts.identiconPixels, [picture]],
  identiconSvg: [accounts.identiconSvg, [picture]],
  keyId: [accounts.keyId, [publicKey]],
  keyUidOf: [accounts.keyUidOf, [publicKey]],
  mnemonicFromEntropy: [accounts.mnemonicFromEntropy, [new Uint8Array(16)]],
  parseContactLink: [accounts.parseContactLink, [accounts.encodeKeyText(publicKey)]],
  parsePublicKey: [accounts.parsePublicKey, [accounts.keyId(publicKey)]],
  sealKeystore: [accounts.sealKeystore, [{ privateKey }, 'pw']],
  seedOfMnemonic: [accounts.seedOfMnemonic, [mnemonic, 'pass']],
  unwrapStorageKey: [accounts.unwrapStorageKey, [accounts.wrapStorageKey(privateKey, privateKey), privateKey]]
}
/** Defaults stand for what is left out: `undefined` is no mistake there. */
const optional: Record<string, number> = { accountOfMnemonic: 1, seedOfMnemonic: 1 }

describe('I-4 a forgotten or wrong argument is named', () => {
  test.each(Object.entries(calls))('I-4 %s', async (name, [work, args]) => {
    const call = work as (...args: readonly unknown[]) => unknown
    await call(...args, ...(name === 'encryptKeystore' || name === 'sealKeystore' ? [cheap] : []))
    for (const at of args.keys()) {
      const strangers = [null, 7, {}, new Uint16Array(4), ...(optional[name] === at ? [] : [undefined])]
      for (const stranger of strangers) {
        const wrong = args.map((arg, i) => (i === at ? stranger : arg))
        await expect((async () => call(...wrong))(), `argument ${at}: ${String(stranger)}`).rejects.toEqual(mistake)
      }
    }
  })

  test('I-4 every exported function is in the list', () => {
    const others = [
      'AccountsError',
      'aliasGenerator',
      'createAccountRecord',
      'decryptKeystore',
      'deriveKeystoreKey',
      'formatAccountRecord',
      'generateIdentity',
      'generateMnemonic',
      'readAccountRecord',
      'recoveryPhraseIn',
      'unlockAccountRecord',
      'unlockKeystore',
      'unlockKeystoreWith',
      'wrapStorageKey'
    ]
    const functions = Object.entries(accounts).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
    const predicates = ['isEnodeUrl', 'isMnemonic']
    expect(functions.filter(name => !Object.hasOwn(calls, name)).sort()).toEqual([...others, ...predicates].sort())
  })

  test('I-4 the rest of them', () => {
    for (const work of [
      () => accounts.aliasGenerator(5 as never).next(),
      () => accounts.generateIdentity({} as never),
      () => accounts.generateMnemonic(128, {} as never),
      () => accounts.encodeKeyText(publicKey, 'x' as never),
      () => accounts.recoveryPhraseIn(null as never, { privateKey, salt: privateKey }),
      () => accounts.recoveryPhraseIn({} as never, 5 as never),
      () => accounts.wrapStorageKey('x' as never, privateKey),
      () => accounts.wrapStorageKey(privateKey, privateKey.subarray(1)),
      () => accounts.identiconSvg({ ...picture, red: '0"/><script>' as never })
    ]) {
      expect(work).toThrow(mistake)
    }
    expect(() => accounts.generateMnemonic(7 as never)).toThrow(expect.objectContaining({ code: 'invalid-mnemonic' }))
    expect([accounts.isEnodeUrl(5 as never), accounts.isMnemonic(undefined as never)]).toEqual([false, false])
  })
})

describe('I-5 passwords', () => {
  test('I-5 a missing password is refused, it is not the empty one', async () => {
    const file = await accounts.encryptKeystore({ privateKey }, '', cheap)
    for (const password of [undefined, null, 5, {}, ['a']] as never[]) {
      await expect(accounts.encryptKeystore({ privateKey }, password, cheap)).rejects.toEqual(mistake)
      await expect(accounts.decryptKeystore(file, password)).rejects.toEqual(mistake)
      await expect(accounts.unlockKeystore(file, password)).rejects.toEqual(mistake)
      await expect(accounts.deriveKeystoreKey(file, password)).rejects.toEqual(mistake)
      await expect(accounts.unlockKeystoreWith(file, password)).rejects.toEqual(mistake)
    }
    await expect(accounts.decryptKeystore(undefined as never, '')).rejects.toEqual(mistake)
    expect((await accounts.decryptKeystore(file, '')).privateKey).toEqual(privateKey)
  })

  test('I-5 text is UTF-8, bytes are used as they are and left alone', async () => {
    const file = await accounts.encryptKeystore({ privateKey }, 'pässword ☂', cheap)
    const bytes = utf8Bytes('pässword ☂')
    expect((await accounts.decryptKeystore(file, bytes)).privateKey).toEqual(privateKey)
    expect(bytes).toEqual(utf8Bytes('pässword ☂'))
    await expect(accounts.decryptKeystore(file, 'pässword ☂'.normalize('NFD'))).rejects.toMatchObject({
      code: 'wrong-password'
    })
    const odd = Uint8Array.of(0xff, 0xfe)
    const other = await accounts.encryptKeystore({ privateKey }, odd, cheap)
    await expect(accounts.decryptKeystore(other, Uint8Array.of(0xfe, 0xff))).rejects.toMatchObject({
      code: 'wrong-password'
    })
    expect((await accounts.decryptKeystore(other, odd)).privateKey).toEqual(privateKey)
  })

  test('I-5 a lone surrogate is refused: every one of them would be the same password', async () => {
    for (const password of ['a\uD800', '\uDC00', '\uDC00\uD800']) {
      await expect(accounts.encryptKeystore({ privateKey }, password, cheap)).rejects.toEqual(mistake)
      await expect(accounts.seedOfMnemonic(mnemonic, password)).rejects.toEqual(mistake)
    }
    await accounts.encryptKeystore({ privateKey }, '😀', cheap)
  })

  test('I-5 a passphrase of bytes gives the seed of the same text', async () => {
    const text = await accounts.seedOfMnemonic(mnemonic, 'TREZOR')
    expect(await accounts.seedOfMnemonic(mnemonic, utf8Bytes('TREZOR'))).toEqual(text)
  })
})

describe('I-3 what go-ethereum opens', () => {
  async function file(plaintext: Uint8Array, cost: { n: number; r: number; p: number }, more: object = {}) {
    const [salt, iv] = [new Uint8Array(32).fill(7), new Uint8Array(16).fill(9)]
    const derived = await scrypt(utf8Bytes('pw'), salt, cost, 64)
    const ciphertext = aesCtr(derived.slice(0, 16), iv, plaintext)
    const crypto = {
      Cipher: 'aes-128-ctr',
      CipherText: bytesToHex(ciphertext),
      cipherParams: { IV: bytesToHex(iv) },
      KDF: 'scrypt',
      KDFParams: { dklen: 64, ...cost, salt: bytesToHex(salt) },
      MAC: bytesToHex(keccak256(concatBytes(derived.slice(16, 32), ciphertext)))
    }
    return JSON.stringify({ CRYPTO: crypto, Version: 3, ...more })
  }

  test('I-3 names in any case, a longer derived key, no address or an empty one', async () => {
    for (const more of [{}, { address: '' }, { address: null }]) {
      const opened = await accounts.decryptKeystore(await file(privateKey, { n: 8, r: 1, p: 16 }, more), 'pw')
      expect(opened.privateKey).toEqual(privateKey)
    }
  })

  test('I-3 keys whose leading zero bytes were dropped; no key in it is no key', async () => {
    for (const zeros of [1, 2, 31]) {
      const key = new Uint8Array(32).fill(5, zeros)
      const opened = await accounts.decryptKeystore(await file(key.slice(zeros), scryptCost), 'pw')
      expect(opened.privateKey).toEqual(key)
    }
    for (const wrong of [
      new Uint8Array(0),
      new Uint8Array(31),
      new Uint8Array(33).fill(1),
      new Uint8Array(32).fill(255)
    ]) {
      await expect(accounts.decryptKeystore(await file(wrong, scryptCost), 'pw')).rejects.toMatchObject({
        code: 'invalid-keystore'
      })
    }
  })
})
