import { type AccountRecord, formatAccountRecord, readAccountRecord } from '@status-stack/status-accounts/record'
import { damaged } from '../errors.ts'
import { existsAlready, type Profile, readJson, writeJson, writeNewJson } from './profile.ts'

/**
 * What `account.json` holds: the public key can be shown without a password, and without loading cryptography.
 *
 * @throws ProfileError `no-profile`, `damaged`
 * @example
 * ```ts
 * const { publicKey } = await readAccount(profile)
 * ```
 */
export async function readAccount(profile: Profile): Promise<AccountRecord> {
  const json = await readJson(profile.accountFile)
  try {
    return readAccountRecord(json)
  } catch {
    throw damaged(profile.accountFile)
  }
}

/** Replaces `account.json`; what it held before is overwritten. */
export async function writeAccount(profile: Profile, account: AccountRecord): Promise<void> {
  await writeJson(profile, profile.accountFile, formatAccountRecord(account))
}

/** Writes the `account.json` of a profile that has none. @throws ProfileError `profile-exists` where another process has been faster */
export async function writeNewAccount(profile: Profile, account: AccountRecord): Promise<void> {
  if (!(await writeNewJson(profile, profile.accountFile, formatAccountRecord(account)))) throw existsAlready(profile)
}
