import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import {
  accountOfMnemonic,
  addressText,
  deriveFromExtendedKey,
  deriveFromSeed,
  entropyOfMnemonic,
  generateMnemonic,
  isMnemonic,
  limits,
  mnemonicFromEntropy,
  paths,
  seedOfMnemonic
} from '../../src/index.ts'

const abandon = `${'abandon '.repeat(11)}about`

describe('derivation', () => {
  test('A-1 the account of the reference mnemonic: chat key, wallet address and key uid', async () => {
    const account = await accountOfMnemonic(abandon)
    expect(bytesToHex(account.chat.privateKey)).toBe('20e61d44eb73cb7d5ff4526bac8c0b96451d8e018b2d6c79022e7ce3b583a754')
    expect(addressText(account.wallet.address)).toBe('0x9858EfFD232B4033E47d90003D41EC34EcaEda94')
    expect(bytesToHex(account.keyUid)).toBe('16f5b9c7657df5e0b45016292d852a36622fb39b63c28017ccf21633270858f1')
  })

  test('A-1 a path below an extended key is the same path below the seed', async () => {
    const { walletRoot, wallet } = await accountOfMnemonic(abandon)
    expect(deriveFromExtendedKey(walletRoot.extendedPrivateKey, 'm/0')).toEqual(wallet)
  })

  // BIP-32, test vectors 3 and 4: made for keys whose leading zero bytes were once dropped.
  test.each([
    [
      '4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be',
      "m/0'",
      'xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L'
    ],
    [
      '3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678',
      "m/0'",
      'xprv9vB7xEWwNp9kh1wQRfCCQMnZUEG21LpbR9NPCNN1dwhiZkjjeGRnaALmPXCX7SgjFTiCTT6bXes17boXtjq3xLpcDjzEuGLQBM5ohqkao9G'
    ],
    [
      '3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678',
      "m/0'/1'",
      'xprv9xJocDuwtYCMNAo3Zw76WENQeAS6WGXQ55RCy7tDJ8oALr4FWkuVoHJeHVAcAqiZLE7Je3vZJHxspZdFHfnBEjHqU5hG1Jaj32dVoS6XLT1'
    ]
  ])('A-2 leading zero bytes are kept: seed %s path %s', (seed, path, extended) => {
    expect(deriveFromSeed(hexToBytes(seed), path).extendedPrivateKey).toBe(extended)
  })

  test('A-2 a child of a key with a leading zero byte is the same through its text form', () => {
    const seed = new Uint8Array(64).fill(1)
    // The first of these children whose private key begins with a zero byte.
    const index = Array.from({ length: 2000 }, (_, i) => i).find(
      i => deriveFromSeed(seed, `m/${i}`).privateKey[0] === 0
    )
    const parent = deriveFromSeed(seed, `m/${index}`)
    expect(parent.privateKey).toHaveLength(32)
    const direct = deriveFromSeed(seed, `m/${index}/7'/3`)
    expect(deriveFromExtendedKey(parent.extendedPrivateKey, "m/7'/3")).toEqual(direct)
  })

  test.each(['', 'x', 'm/', "m/44''", 'm/-1', 'm/2147483648', 'M/0', 'm/0/a', 'm 0'])('refuses the path "%s"', path => {
    expect(() => deriveFromSeed(new Uint8Array(64), path)).toThrow(expect.objectContaining({ code: 'invalid-path' }))
  })

  test('refuses a path beyond limits.pathSteps', () => {
    const path = (steps: number) => `m${'/0'.repeat(steps)}`
    expect(deriveFromSeed(new Uint8Array(64), path(limits.pathSteps)).privateKey).toHaveLength(32)
    expect(() => deriveFromSeed(new Uint8Array(64), path(limits.pathSteps + 1))).toThrow(
      expect.objectContaining({ code: 'invalid-path' })
    )
  })

  test('refuses seeds and extended keys that are none', () => {
    for (const length of [0, 15, 65]) {
      expect(() => deriveFromSeed(new Uint8Array(length), paths.chat)).toThrow(
        expect.objectContaining({ code: 'invalid-key' })
      )
    }
    const xpub =
      'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8'
    for (const text of ['', 'xprv', xpub]) {
      expect(() => deriveFromExtendedKey(text, 'm/0')).toThrow(expect.objectContaining({ code: 'invalid-key' }))
    }
  })
})

describe('mnemonic', () => {
  test.each([
    [128, 12],
    [160, 15],
    [192, 18],
    [224, 21],
    [256, 24]
  ] as const)('%i bits are %i words, from the random port', (bits, words) => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(7) }
    const mnemonic = generateMnemonic(bits, random)
    expect(mnemonic.split(' ')).toHaveLength(words)
    expect(entropyOfMnemonic(mnemonic)).toEqual(new Uint8Array(bits / 8).fill(7))
  })

  test('space and case are as people type them; the passphrase counts, normalised', async () => {
    const seed = await seedOfMnemonic(abandon)
    expect(await seedOfMnemonic(`  ${abandon.toUpperCase().replace(/ /g, '\t ')}\n`)).toEqual(seed)
    const composed = await seedOfMnemonic(abandon, '\u00e9')
    expect(composed).not.toEqual(seed)
    expect(await seedOfMnemonic(abandon, 'e\u0301')).toEqual(composed)
  })

  test('what is no mnemonic is refused, and the refusal repeats no word of it', () => {
    for (const text of ['', 'abandon', abandon.replace('about', 'abandon'), abandon.replace('about', 'secretword')]) {
      expect(isMnemonic(text)).toBe(false)
      let message = ''
      try {
        entropyOfMnemonic(text)
      } catch (error) {
        message = String(error)
      }
      expect(message).not.toMatch(/abandon|secretword/)
      expect(message).toContain('mnemonic')
    }
    expect(() => mnemonicFromEntropy(new Uint8Array(17))).toThrow(expect.objectContaining({ code: 'invalid-mnemonic' }))
  })
})
