import { CliError } from './errors.ts'
import { type Profile, readJson } from './profile.ts'

export const accountFileVersion = 1

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
}

const hex = /^([0-9a-f]{2})*$/

/** @throws CliError `no-profile`, `damaged` */
export async function readAccountJson(profile: Profile): Promise<AccountJson> {
  const json = await readJson(profile.accountFile)
  if (!isRecord(json) || json['version'] !== accountFileVersion) throw damaged(profile.accountFile)
  const { publicKey, text, salt, keystore, phrase } = json
  const fits =
    typeof publicKey === 'string' &&
    /^0x04[0-9a-f]{128}$/.test(publicKey) &&
    (text === undefined || (typeof text === 'string' && /^zQ3sh[1-9A-HJ-NP-Za-km-z]{40,50}$/.test(text))) &&
    typeof salt === 'string' &&
    /^[0-9a-f]{32}$/.test(salt) &&
    (phrase === undefined || (typeof phrase === 'string' && hex.test(phrase)))
  if (!fits) throw damaged(profile.accountFile)
  return { publicKey, text, salt, keystore, phrase }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function damaged(path: string): CliError {
  return new CliError('profile', 'damaged', `${path} is damaged, or made by a newer version`)
}
