import { type AccountRecord, formatAccountRecord, readAccountRecord } from '@status-stack/status-accounts/record'
import { CliError } from './errors.ts'
import { type Profile, readJson, writeJson } from './profile.ts'

/** Of `node.json`. */
export const nodeFileVersion = 1

/** What `account.json` holds: showing the public key loads no cryptography. @throws CliError `no-profile`, `damaged` */
export async function readAccountJson(profile: Profile): Promise<AccountRecord> {
  const json = await readJson(profile.accountFile)
  try {
    return readAccountRecord(json)
  } catch {
    throw damaged(profile.accountFile)
  }
}

/** Replaces `account.json`; what it held before is overwritten. */
export async function writeAccountJson(profile: Profile, account: AccountRecord): Promise<void> {
  await writeJson(profile, profile.accountFile, formatAccountRecord(account))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function damaged(path: string): CliError {
  return new CliError('profile', 'damaged', `${path} is damaged, or made by a newer version`)
}
