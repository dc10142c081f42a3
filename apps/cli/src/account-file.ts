import { CliError } from './errors.ts'
import { type Profile, readJson, writeJson } from './profile.ts'

/** Of `node.json`, and of `account.json` as it was while the storage key was derived from the private key. */
export const accountFileVersion = 1
/** With a storage key of its own: a release that would derive one does not open the file. */
const withStorageVersion = 2

/** What `account.json` holds, as text: showing the public key loads no cryptography. */
export interface AccountJson {
  /** `0x04…`, 65 bytes. */
  readonly publicKey: string
  /** `zQ3sh…`; files of earlier versions have none. */
  readonly text?: string | undefined
  /** Hex, 16 bytes. */
  readonly salt: string
  readonly keystore: unknown
  /** Hex. */
  readonly phrase?: string | undefined
  /** Hex: the database's key, encrypted under the password; files of version 1 have none. */
  readonly storage?: string | undefined
  /** Hex: the key before it, while the database is being encrypted under the new one. */
  readonly formerStorage?: string | undefined
}

const hex = /^([0-9a-f]{2})*$/

/** @throws CliError `no-profile`, `damaged` */
export async function readAccountJson(profile: Profile): Promise<AccountJson> {
  const json = await readJson(profile.accountFile)
  if (!isRecord(json)) throw damaged(profile.accountFile)
  const { version, publicKey, text, salt, keystore, phrase, storage, formerStorage } = json
  if (version !== (storage === undefined ? accountFileVersion : withStorageVersion)) throw damaged(profile.accountFile)
  const fits =
    typeof publicKey === 'string' &&
    /^0x04[0-9a-f]{128}$/.test(publicKey) &&
    (text === undefined || (typeof text === 'string' && /^zQ3sh[1-9A-HJ-NP-Za-km-z]{40,50}$/.test(text))) &&
    typeof salt === 'string' &&
    /^[0-9a-f]{32}$/.test(salt) &&
    isOptionalHex(phrase) &&
    isOptionalHex(storage) &&
    isOptionalHex(formerStorage)
  if (!fits) throw damaged(profile.accountFile)
  return { publicKey, text, salt, keystore, phrase, storage, formerStorage }
}

/** Replaces `account.json`; what it held before is overwritten. */
export async function writeAccountJson(profile: Profile, account: AccountJson): Promise<void> {
  const version = account.storage === undefined ? accountFileVersion : withStorageVersion
  await writeJson(profile, profile.accountFile, { version, ...account })
}

const isOptionalHex = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && hex.test(value))

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function damaged(path: string): CliError {
  return new CliError('profile', 'damaged', `${path} is damaged, or made by a newer version`)
}
