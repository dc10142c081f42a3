import { bytesToHex, keccak256, publicKeyOf, utf8Bytes } from '@status-stack/crypto'
import { loadVectors, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import {
  addressOf,
  addressText,
  createIdentityKey,
  decodeKeyText,
  deriveFromSeed,
  encodeKeyText,
  entropyOfMnemonic,
  keyUidOf,
  mnemonicFromEntropy,
  seedOfMnemonic
} from '../../src/index.ts'

const { sections } = await loadVectors('accounts')
const cases = (name: string) => {
  const found = sections[name]
  if (found === undefined || found.length === 0) throw new Error(`no vectors in section ${name}`)
  return found
}

describe('accounts.json', () => {
  test.each(cases('mnemonic_from_entropy'))('mnemonic_from_entropy $name', ({ entropy, mnemonic }) => {
    expect(mnemonicFromEntropy(vectorBytes(entropy))).toBe(mnemonic)
    expect(vectorHex(entropyOfMnemonic(mnemonic))).toBe(entropy)
  })

  test.each(cases('derivation'))('derivation $name', async vector => {
    const seed = await seedOfMnemonic(vector.mnemonic, vector.passphrase)
    expect(vectorHex(seed)).toBe(vector.seed)
    expect(vectorHex(keyUidOf(deriveFromSeed(seed, 'm').publicKey))).toBe(vector.keyUid)
    for (const [path, wanted] of Object.entries<Record<string, string>>(vector.keys)) {
      const key = deriveFromSeed(seed, path)
      expect({
        address: addressText(key.address),
        chainCode: vectorHex(key.chainCode),
        extendedPrivateKey: key.extendedPrivateKey,
        privateKey: vectorHex(key.privateKey),
        publicKey: vectorHex(key.publicKey)
      }).toEqual(wanted)
    }
  })

  test.each(cases('mnemonic_invalid'))('mnemonic_invalid $name', async ({ mnemonic }) => {
    expect(() => entropyOfMnemonic(mnemonic)).toThrow(expect.objectContaining({ code: 'invalid-mnemonic' }))
    await expect(seedOfMnemonic(mnemonic)).rejects.toMatchObject({ code: 'invalid-mnemonic' })
  })

  test.each(cases('identity'))('identity $name: key forms', vector => {
    const publicKey = publicKeyOf(vectorBytes(vector.privateKey))
    expect(vectorHex(publicKey)).toBe(vector.publicKey)
    expect(addressText(addressOf(publicKey))).toBe(vector.address)
    expect(encodeKeyText(publicKey)).toBe(vector.multibaseZ)
    expect(encodeKeyText(publicKey, 'f')).toBe(vector.multibaseF)
    expect(vectorHex(decodeKeyText(vector.multibaseZ))).toBe(vector.publicKey)
    expect(vectorHex(decodeKeyText(vector.multibaseF))).toBe(vector.publicKey)
    expect(vectorHex(decodeKeyText(`0xe701${bytesToHex(publicKey)}`))).toBe(vector.publicKey)
  })

  test.each(cases('public_key_invalid'))('public_key_invalid $name', ({ input }) => {
    expect(() => decodeKeyText(input)).toThrow(expect.objectContaining({ code: 'invalid-key-text' }))
  })

  test.each(cases('sign'))('sign $name', vector => {
    const identity = createIdentityKey(vectorBytes(vector.privateKey))
    const digest = keccak256(utf8Bytes(vector.data))
    expect(vectorHex(digest)).toBe(vector.hash)
    expect(vectorHex(identity.sign(digest))).toBe(vector.signature)
    expect(vectorHex(identity.publicKey)).toBe(vector.publicKey)
  })
})
