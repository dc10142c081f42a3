import type { IdentityKey } from '@status-stack/interface'
import {
  type AccountRecord,
  accountOfMnemonic,
  createAccountRecord,
  createIdentityKey,
  deriveAccountKey,
  entropyOfMnemonic,
  type KeystoreOptions,
  unlockAccountRecord,
  unwrapStorageKey
} from '@status-stack/status-accounts'
import { PageError } from '../errors.ts'

/** What an unlocked account works with; the private key itself stays inside `identity`. */
export interface AccountKeys {
  readonly identity: IdentityKey
  /** 32 bytes: encrypts the account's database. */
  readonly storageKey: Uint8Array
  /** 32 bytes: names this browser's node on the network. */
  readonly nodeKey: Uint8Array
}

/** Fewest characters of a password: a copy of the browser's files can be tried against any number of them. */
const passwordCharacters = 8

/** A password in one form, whichever way a keyboard composes its accents. @throws PageError `password-short` */
export function checkPassword(password: string): string {
  const normal = password.normalize('NFC')
  if ([...normal].length < passwordCharacters) {
    throw new PageError('password-short', `a password has ${passwordCharacters} characters at least`)
  }
  return normal
}

/**
 * The record of the identity that a recovery phrase stands for, under a password.
 *
 * @throws PageError `password-short`; AccountsError `invalid-mnemonic`
 */
export async function recordOfPhrase(
  phrase: string,
  password: string,
  options: KeystoreOptions = {}
): Promise<AccountRecord> {
  const checked = checkPassword(password)
  const entropy = entropyOfMnemonic(phrase)
  const { privateKey } = (await accountOfMnemonic(phrase)).chat
  try {
    return await createAccountRecord({ privateKey, entropy }, checked, options)
  } finally {
    for (const secret of [privateKey, entropy]) secret.fill(0)
  }
}

/** @throws AccountsError `wrong-password`, `invalid-account` */
export async function unlockKeys(record: AccountRecord, password: string): Promise<AccountKeys> {
  const unlocked = await unlockAccountRecord(record, password.normalize('NFC'))
  try {
    return {
      identity: createIdentityKey(unlocked.privateKey),
      storageKey: unwrapStorageKey(record.storage ?? '', unlocked.wrappingKey),
      nodeKey: deriveAccountKey(unlocked, 'node')
    }
  } finally {
    for (const key of [unlocked.privateKey, unlocked.wrappingKey]) key.fill(0)
  }
}
