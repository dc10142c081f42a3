import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { concatBytes, pbkdf2Sha512, randomBytes, utf8Bytes } from '@status-stack/crypto'
import { check, checkSecretText } from './checks.ts'
import { AccountsError } from './errors.ts'
import { type Password, passwordBytes } from './password.ts'
import type { Random } from './ports.ts'

/** Entropy of a mnemonic: 12, 15, 18, 21 or 24 words. */
export type MnemonicBits = 128 | 160 | 192 | 224 | 256

const allBits: readonly MnemonicBits[] = [128, 160, 192, 224, 256]

function invalid(what: string): AccountsError {
  return new AccountsError('invalid-mnemonic', `mnemonic: ${what}`, { origin: 'caller' })
}

/**
 * The words of 16, 20, 24, 28 or 32 bytes of entropy. SPEC: BIP-39, English. @throws AccountsError `invalid-mnemonic`
 *
 * @example
 * ```ts
 * mnemonicFromEntropy(new Uint8Array(16)) // 'abandon abandon … about'
 * ```
 */
export function mnemonicFromEntropy(entropy: Uint8Array): string {
  check.bytes('entropy', entropy)
  if (![16, 20, 24, 28, 32].includes(entropy.length)) {
    throw invalid(`expected 16, 20, 24, 28 or 32 bytes of entropy, got ${entropy.length}`)
  }
  return entropyToMnemonic(entropy, wordlist)
}

/**
 * A fresh mnemonic; 12 words unless asked for more.
 *
 * @example
 * ```ts
 * const words = generateMnemonic().split(' ') // 12 of them
 * ```
 */
export function generateMnemonic(bits: MnemonicBits = 128, random: Random = { bytes: randomBytes }): string {
  if (!allBits.includes(bits)) throw invalid(`expected ${allBits.join(', ')} bits, got ${typeof bits}`)
  check.object('random', random)
  check.function('random.bytes', random.bytes)
  return mnemonicFromEntropy(random.bytes(bits / 8))
}

/**
 * The entropy of a mnemonic; words, count and checksum are checked. @throws AccountsError `invalid-mnemonic`
 *
 * @example
 * ```ts
 * const entropy = entropyOfMnemonic(mnemonic) // 16 bytes of 12 words
 * ```
 */
export function entropyOfMnemonic(mnemonic: string): Uint8Array {
  check.text('mnemonic', mnemonic)
  try {
    return mnemonicToEntropy(normalize(mnemonic), wordlist)
  } catch {
    // The library's message could name a word of the secret: not passed on.
    throw invalid('expected 12, 15, 18, 21 or 24 English words with a valid checksum')
  }
}

/**
 * Whether a text is a mnemonic: English words, their count and checksum.
 *
 * @example
 * ```ts
 * if (!isMnemonic(input)) askAgain()
 * ```
 */
export function isMnemonic(mnemonic: string): boolean {
  try {
    entropyOfMnemonic(mnemonic).fill(0)
    return true
  } catch {
    return false
  }
}

/**
 * The 64-byte BIP-39 seed of a mnemonic and a passphrase. Texts are NFKD-normalised, a passphrase of bytes is used as it is.
 * @throws AccountsError `invalid-mnemonic`, `invalid-argument`
 *
 * @example
 * ```ts
 * const seed = await seedOfMnemonic(mnemonic, passphrase)
 * ```
 */
export async function seedOfMnemonic(mnemonic: string, passphrase: Password = ''): Promise<Uint8Array> {
  entropyOfMnemonic(mnemonic).fill(0)
  const password = utf8Bytes(normalize(mnemonic))
  const extra = passwordBytes(typeof passphrase === 'string' ? normalizePassphrase(passphrase) : passphrase)
  const salt = concatBytes(utf8Bytes('mnemonic'), extra)
  const seed = await pbkdf2Sha512(password, salt, 2048, 64)
  for (const secret of [password, extra, salt]) secret.fill(0)
  return seed
}

function normalizePassphrase(passphrase: string): string {
  checkSecretText('passphrase', passphrase)
  return passphrase.normalize('NFKD')
}

/** As people type it: any white space between words, any case. */
function normalize(mnemonic: string): string {
  return mnemonic.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ')
}
