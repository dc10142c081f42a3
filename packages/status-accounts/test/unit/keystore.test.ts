import { aesCtr, bytesToHex, concatBytes, hexToBytes, keccak256, scrypt, utf8Bytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  createIdentityKey,
  decryptKeystore,
  deriveFromExtendedKey,
  deriveFromSeed,
  deriveKeystoreKey,
  encryptKeystore,
  limits,
  paths,
  sealKeystore,
  statusGoScrypt,
  unlockKeystore,
  unlockKeystoreWith
} from '../../src/index.ts'

const privateKey = new Uint8Array(32).fill(0x11)
const cheap = { scrypt: { n: 64, r: 8, p: 1 } }

/** One encrypted section as go-ethereum's code writes it, made here without the code under test. */
async function section(plaintext: Uint8Array, password: string, cost = statusGoScrypt) {
  const salt = new Uint8Array(32).fill(7)
  const iv = new Uint8Array(16).fill(9)
  const derived = await scrypt(utf8Bytes(password), salt, cost, 32)
  const ciphertext = aesCtr(derived.slice(0, 16), iv, plaintext)
  return {
    cipher: 'aes-128-ctr',
    ciphertext: bytesToHex(ciphertext),
    cipherparams: { iv: bytesToHex(iv) },
    kdf: 'scrypt',
    kdfparams: { dklen: 32, n: cost.n, p: cost.p, r: cost.r, salt: bytesToHex(salt) },
    mac: bytesToHex(keccak256(concatBytes(derived.slice(16), ciphertext)))
  }
}

const address = bytesToHex(addressOf(createIdentityKey(privateKey).publicKey))

describe('keystore', () => {
  test('what was encrypted opens with the password and no other', async () => {
    const file = await encryptKeystore({ privateKey }, 'correct horse', cheap)
    const opened = await decryptKeystore(file, 'correct horse')
    expect(opened.privateKey).toEqual(privateKey)
    expect(bytesToHex(opened.address)).toBe(address)
    expect(opened.extendedKey).toBeUndefined()
    await expect(decryptKeystore(file, 'correct horsE')).rejects.toMatchObject({ code: 'wrong-password' })
    expect(file).not.toContain('1111111111111111')
  })

  test('the wrapping key comes back with the password, and differs for every file, password and purpose', async () => {
    const { text, wrappingKey } = await sealKeystore({ privateKey }, 'correct horse', cheap)
    const opened = await unlockKeystore(text, 'correct horse')
    expect(opened.wrappingKey).toEqual(wrappingKey)
    expect(wrappingKey.length).toBe(32)
    expect(opened).toEqual({ ...(await decryptKeystore(text, 'correct horse')), wrappingKey })
    const key = await deriveKeystoreKey(text, 'correct horse')
    expect(await unlockKeystoreWith(text, key)).toEqual(opened)
    await expect(deriveKeystoreKey(text, 'correct horsE')).rejects.toMatchObject({ code: 'wrong-password' })
    const elsewhere = await encryptKeystore({ privateKey: opened.privateKey }, 'correct horse', cheap)
    await expect(unlockKeystoreWith(elsewhere, key)).rejects.toMatchObject({ code: 'wrong-password' })
    await expect(unlockKeystore(text, 'correct horsE')).rejects.toMatchObject({ code: 'wrong-password' })
    const again = await sealKeystore({ privateKey }, 'correct horse', cheap)
    expect(again.wrappingKey).not.toEqual(wrappingKey)
    // It is none of the keys that encrypt the file itself, and stands nowhere in it.
    const { kdfparams } = JSON.parse(text).crypto as { kdfparams: { salt: string } }
    const derived = await scrypt(utf8Bytes('correct horse'), hexToBytes(kdfparams.salt), cheap.scrypt, 32)
    expect(wrappingKey).not.toEqual(derived)
    expect(text).not.toContain(bytesToHex(wrappingKey))
  })

  test('opens the PBKDF2 test vector of the Web3 secret storage definition', async () => {
    const file = JSON.stringify({
      address: '008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
        ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
        kdf: 'pbkdf2',
        kdfparams: {
          c: 262144,
          dklen: 32,
          prf: 'hmac-sha256',
          salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd'
        },
        mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2'
      },
      id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
      version: 3
    })
    const opened = await decryptKeystore(file, 'testpassword')
    expect(bytesToHex(opened.privateKey)).toBe('7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d')
  })

  test("A-3 opens status-go's files with an extended key; wrong password and another address are told apart", async () => {
    const parent = deriveFromSeed(new Uint8Array(64).fill(3), paths.walletRoot)
    const key = deriveFromExtendedKey(parent.extendedPrivateKey, 'm/0')
    const file = {
      address: bytesToHex(key.address),
      crypto: await section(key.privateKey, 'pw'),
      id: '3198bc9c-6672-4ab3-9995-4942343ae5b6',
      version: 3,
      extendedkey: await section(utf8Bytes(parent.extendedPrivateKey), 'pw'),
      subaccountindex: 4
    }
    const opened = await decryptKeystore(JSON.stringify(file), 'pw')
    expect(opened.extendedKey).toBe(parent.extendedPrivateKey)
    expect(opened.subAccountIndex).toBe(4)
    expect(opened.privateKey).toEqual(key.privateKey)
    await expect(decryptKeystore(JSON.stringify(file), 'pW')).rejects.toMatchObject({ code: 'wrong-password' })
    const moved = JSON.stringify({ ...file, address })
    await expect(decryptKeystore(moved, 'pw')).rejects.toMatchObject({ code: 'address-mismatch' })
  })

  test.each([
    ['an empty Go struct', { cipher: '', ciphertext: '', cipherparams: { iv: '' }, kdf: '', kdfparams: null, mac: '' }],
    ['nothing', undefined]
  ])('a file whose extended key is %s opens without one', async (_, extendedkey) => {
    const file = { address, crypto: await section(privateKey, 'pw', cheap.scrypt), id: 'x', version: 3, extendedkey }
    expect((await decryptKeystore(JSON.stringify(file), 'pw')).extendedKey).toBeUndefined()
  })

  test("status-go's mark for an absent extended key is no key", async () => {
    const file = {
      address,
      crypto: await section(privateKey, 'pw', cheap.scrypt),
      version: 3,
      extendedkey: await section(utf8Bytes('Zeroed extended key'), 'pw', cheap.scrypt)
    }
    expect((await decryptKeystore(JSON.stringify(file), 'pw')).extendedKey).toBeUndefined()
  })

  test('an extended key and its sub-account number come back', async () => {
    const parent = deriveFromSeed(new Uint8Array(64).fill(3), paths.walletRoot)
    const key = { privateKey, extendedKey: parent.extendedPrivateKey, subAccountIndex: 2 }
    const opened = await decryptKeystore(await encryptKeystore(key, '', cheap), '')
    expect(opened).toMatchObject(key)
  })

  test.each([
    ['no JSON', 'not json'],
    ['an array', '[]'],
    ['another version', JSON.stringify({ version: 1 })],
    [
      'an address that is none',
      JSON.stringify({ version: 3, address: 'zz', crypto: { cipherparams: {}, kdfparams: {} } })
    ],
    ['empty sections', JSON.stringify({ version: 3, crypto: { cipherparams: {}, kdfparams: {} } })]
  ])('refuses %s', async (_, text) => {
    await expect(decryptKeystore(text, '')).rejects.toMatchObject({ code: 'invalid-keystore' })
  })

  test('refuses an address that is no hex, also when the password fits', async () => {
    const crypto = await section(privateKey, 'pw', cheap.scrypt)
    for (const other of ['zz'.repeat(20), address.slice(2), `${address}00`]) {
      const file = JSON.stringify({ address: other, crypto, version: 3 })
      await expect(decryptKeystore(file, 'pw')).rejects.toMatchObject({ code: 'invalid-keystore' })
    }
  })

  test('a sub-account number is a uint32', async () => {
    const crypto = await section(privateKey, 'pw', cheap.scrypt)
    const read = (subaccountindex: unknown) =>
      decryptKeystore(JSON.stringify({ address, crypto, version: 3, subaccountindex }), 'pw')
    for (const index of [0, 1, 2 ** 32 - 1]) expect((await read(index)).subAccountIndex).toBe(index)
    for (const index of [-1, 2 ** 32, 1.5, '1', true, []]) {
      await expect(read(index)).rejects.toMatchObject({ code: 'invalid-keystore' })
    }
  })

  test('refuses a file beyond limits.keystoreCharacters', async () => {
    const long = JSON.stringify({ version: 3, x: 'a'.repeat(limits.keystoreCharacters) })
    await expect(decryptKeystore(long, '')).rejects.toMatchObject({ code: 'invalid-keystore' })
  })

  test.each([
    ['memory', { n: 2 ** 23, r: 8, p: 1, dklen: 32, salt: '00' }, 'keystore-cost'],
    ['work', { n: 2 ** 18, r: 8, p: 1000, dklen: 32, salt: '00' }, 'keystore-cost'],
    ['a cost that is no power of two', { n: 1000, r: 8, p: 1, dklen: 32, salt: '00' }, 'invalid-keystore'],
    ['a large r', { n: 2, r: 2 ** 20 + 1, p: 1, dklen: 32, salt: '00' }, 'keystore-cost'],
    ['a large p', { n: 2, r: 1, p: 2 ** 20 + 1, dklen: 32, salt: '00' }, 'keystore-cost'],
    ['a slow n', { n: 2 ** 21, r: 1, p: 64, dklen: 32, salt: '00' }, 'keystore-cost'],
    ['a short key', { n: 2, r: 8, p: 1, dklen: 16, salt: '00' }, 'invalid-keystore']
  ])('refuses scrypt asking for %s before spending it', async (_, kdfparams, code) => {
    const crypto = { ...(await section(privateKey, 'pw', cheap.scrypt)), kdfparams }
    await expect(decryptKeystore(JSON.stringify({ address, crypto, version: 3 }), 'pw')).rejects.toMatchObject({ code })
  })

  test('refuses PBKDF2 beyond limits.pbkdf2Rounds', async () => {
    const kdfparams = { c: limits.pbkdf2Rounds + 1, dklen: 32, prf: 'hmac-sha256', salt: '00' }
    const crypto = { ...(await section(privateKey, 'pw', cheap.scrypt)), kdf: 'pbkdf2', kdfparams }
    await expect(decryptKeystore(JSON.stringify({ address, crypto, version: 3 }), 'pw')).rejects.toMatchObject({
      code: 'keystore-cost'
    })
  })

  test('never writes a file it would refuse to open', async () => {
    for (const scryptCost of [
      { n: 2 ** 23, r: 8, p: 1 },
      { n: 1000, r: 8, p: 1 },
      { n: 4096, r: 8, p: 0 }
    ]) {
      await expect(encryptKeystore({ privateKey }, 'pw', { scrypt: scryptCost })).rejects.toMatchObject({
        code: 'keystore-cost'
      })
    }
  })

  test('errors name no secret', async () => {
    const file = await encryptKeystore({ privateKey }, 'correct horse', cheap)
    const error = await decryptKeystore(file, 'battery staple').catch((caught: unknown) => caught as Error)
    expect(`${error}${JSON.stringify(error)}`).not.toMatch(/battery|1111/)
  })
})
