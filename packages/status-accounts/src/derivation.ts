import { HDKey } from '@scure/bip32'
import { publicKeyOf, sha256 } from '@status-stack/crypto'
import { addressOf } from './address.ts'
import { check } from './checks.ts'
import { AccountsError } from './errors.ts'
import { limits } from './limits.ts'
import { seedOfMnemonic } from './mnemonic.ts'
import type { Password } from './password.ts'

/** Where Status keeps its keys below the master key. SPEC: 2/ACCOUNT, EIP-1581, BIP-44. */
export const paths = Object.freeze({
  /** The chat identity. */
  chat: "m/43'/60'/1581'/0'/0",
  /** EIP-1581 root that clients keep. */
  eip1581: "m/43'/60'/1581'",
  /** Encryption key of EIP-1581. */
  encryption: "m/43'/60'/1581'/1'/0",
  walletRoot: "m/44'/60'/0'/0",
  /** The default wallet; before multi-account also the chat key. */
  wallet: "m/44'/60'/0'/0/0"
})

/** A key of the tree. */
export interface ExtendedKey {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly chainCode: Uint8Array
  /** 20 bytes. */
  readonly address: Uint8Array
  /** BIP-32 text form, `xprv…`: a secret as the private key is. */
  readonly extendedPrivateKey: string
}

/** The keys of one account. The master key is not among them: it need not be kept. */
export interface Account {
  /** 32 bytes: SHA-256 of the master key's public key. Names the account on a device. */
  readonly keyUid: Uint8Array
  /** Signs messages and is the person's identity: m/43'/60'/1581'/0'/0. */
  readonly chat: ExtendedKey
  /** The default wallet: m/44'/60'/0'/0/0. */
  readonly wallet: ExtendedKey
  /** Where further wallets are derived from: m/44'/60'/0'/0. */
  readonly walletRoot: ExtendedKey
  /** Root of keys that are no wallets: m/43'/60'/1581'. */
  readonly eip1581: ExtendedKey
}

/**
 * SHA-256 of the 65-byte public key of the master key.
 *
 * @example
 * ```ts
 * const { publicKey } = deriveFromSeed(await seedOfMnemonic(mnemonic), 'm')
 * const keyUid = keyUidOf(publicKey)
 * ```
 */
export function keyUidOf(masterPublicKey: Uint8Array): Uint8Array {
  check.bytes('master public key', masterPublicKey, 65)
  return sha256(masterPublicKey)
}

/**
 * The key at a path below a 64-byte seed. SPEC: BIP-32.
 * @throws AccountsError `invalid-path`, `invalid-key`
 *
 * @example
 * ```ts
 * const chat = deriveFromSeed(await seedOfMnemonic(mnemonic), paths.chat)
 * ```
 */
export function deriveFromSeed(seed: Uint8Array, path: string): ExtendedKey {
  assertPath(path)
  check.bytes('seed', seed)
  if (seed.length < 16 || seed.length > 64) {
    throw new AccountsError('invalid-key', `seed: expected 16 to 64 bytes, got ${seed.length}`, { origin: 'caller' })
  }
  return toExtendedKey(HDKey.fromMasterSeed(seed).derive(path))
}

/**
 * The key at a relative path (`m` is the key itself) below an extended private key in text form.
 * @throws AccountsError `invalid-path`, `invalid-key`
 *
 * @example
 * ```ts
 * const second = deriveFromExtendedKey(account.walletRoot.extendedPrivateKey, 'm/1')
 * ```
 */
export function deriveFromExtendedKey(extendedPrivateKey: string, path: string): ExtendedKey {
  assertPath(path)
  check.text('extended key', extendedPrivateKey)
  let root: HDKey
  try {
    root = HDKey.fromExtendedKey(extendedPrivateKey)
  } catch {
    throw new AccountsError('invalid-key', 'extended key: expected xprv with a valid checksum', { origin: 'caller' })
  }
  return toExtendedKey(root.derive(path))
}

/**
 * The account of a mnemonic and a passphrase. @throws AccountsError `invalid-mnemonic`, `invalid-argument`
 *
 * @example
 * ```ts
 * const { chat } = await accountOfMnemonic(generateMnemonic())
 * const identity = createIdentityKey(chat.privateKey)
 * ```
 */
export async function accountOfMnemonic(mnemonic: string, passphrase: Password = ''): Promise<Account> {
  const seed = await seedOfMnemonic(mnemonic, passphrase)
  const master = deriveFromSeed(seed, 'm')
  const account: Account = {
    keyUid: keyUidOf(master.publicKey),
    chat: deriveFromSeed(seed, paths.chat),
    wallet: deriveFromSeed(seed, paths.wallet),
    walletRoot: deriveFromSeed(seed, paths.walletRoot),
    eip1581: deriveFromSeed(seed, paths.eip1581)
  }
  master.privateKey.fill(0)
  seed.fill(0)
  return account
}

/** BOUNDED: at most `limits.pathSteps` steps. */
function assertPath(path: string): void {
  check.text('path', path)
  const steps = path.split('/').slice(1)
  const fits = steps.every(step => Number.parseInt(step, 10) < 2 ** 31)
  if (!/^m(\/[0-9]{1,10}'?)*$/.test(path) || steps.length > limits.pathSteps || !fits) {
    throw new AccountsError('invalid-path', "path: expected m, m/44' or m/44'/60'/0'/0 and the like", {
      origin: 'caller'
    })
  }
}

function toExtendedKey(key: HDKey): ExtendedKey {
  const { privateKey, chainCode } = key
  if (privateKey === null || chainCode === null) {
    throw new AccountsError('invalid-key', 'extended key: expected a private one', { origin: 'caller' })
  }
  const publicKey = publicKeyOf(privateKey)
  return {
    privateKey: Uint8Array.from(privateKey),
    publicKey,
    chainCode: Uint8Array.from(chainCode),
    address: addressOf(publicKey),
    extendedPrivateKey: key.privateExtendedKey
  }
}
