import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { type OpenAccount, openAccount, openAccountWith, profileKey } from './account.ts'
import { readAccountJson } from './account-file.ts'
import { CliError } from './errors.ts'
import type { Globals } from './globals.ts'
import { type Keyring, systemKeyring } from './keyring.ts'
import { ofProfile, withPassword } from './password.ts'
import type { Profile } from './profile.ts'

/**
 * Opens the account of a profile: with the key that the system's keyring holds, where the person asked for that, else with the
 * password, which the keyring then gets the key of.
 * @throws CliError `no-profile`, `damaged`, `wrong-password`, `no-keyring`
 */
export async function openProfile(
  profile: Profile,
  globals: Pick<Globals, 'keyring' | 'passwordFile' | 'profile'>,
  keyringOf: () => Promise<Keyring> = systemKeyring
): Promise<OpenAccount> {
  // That there is no such profile is said before a password is asked for.
  const name = await nameOf(profile)
  const source = ofProfile(globals)
  if (globals.keyring !== 'on') return withPassword(source, password => openAccount(profile, password))
  const keyring = await keyringOf()
  const kept = await keyring.get(name)
  const opened = kept === undefined ? undefined : await tryKey(profile, kept)
  if (opened !== undefined) return opened
  return withPassword(source, async password => {
    const key = await profileKey(profile, password)
    try {
      const account = await openAccountWith(profile, key)
      await keyring.set(name, bytesToHex(key))
      return account
    } finally {
      key.fill(0)
    }
  })
}

/** `undefined` for a key that does not open the profile any more: its password was changed since. */
async function tryKey(profile: Profile, hex: string): Promise<OpenAccount | undefined> {
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined
  const key = hexToBytes(hex)
  try {
    return await openAccountWith(profile, key)
  } catch (error) {
    if (error instanceof CliError && error.code === 'wrong-password') return undefined
    throw error
  } finally {
    key.fill(0)
  }
}

/** Takes the key of a profile out of the keyring. Answers whether it was there. @throws CliError `no-profile`, `no-keyring` */
export async function forgetKey(profile: Profile, keyringOf: () => Promise<Keyring> = systemKeyring): Promise<boolean> {
  const name = await nameOf(profile)
  return (await keyringOf()).remove(name)
}

/** Whose key it is, and of which of this person's profiles: two devices of one identity may be on one machine. */
async function nameOf(profile: Profile): Promise<string> {
  const { publicKey, text, salt } = await readAccountJson(profile)
  return `${text ?? publicKey} ${salt.slice(0, 8)}`
}
