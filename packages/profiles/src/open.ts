import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { type OpenAccount, openAccount, profileKey } from './account.ts'
import { ProfileError } from './errors.ts'
import type { Profile } from './folder/profile.ts'
import { readAccount } from './folder/record.ts'
import { type Keyring, systemKeyring } from './keyring.ts'

/** What a profile is opened with. */
export interface Unlocking {
  /**
   * Runs `open` with the password that somebody gives, and answers what it answers. `open` throws ProfileError `wrong-password`, after
   * which it may be run with another.
   */
  readonly withPassword: <T>(open: (password: string) => Promise<T>) => Promise<T>
  /** A keyring that keeps the key which the password gives. The password is asked for each time without. */
  readonly keyring?: (() => Promise<Keyring>) | undefined
}

/**
 * Opens the account of a profile: with the key that the keyring holds, where there is one, else with the password, which the keyring
 * then gets the key of.
 *
 * @throws ProfileError `no-profile`, `damaged`, `wrong-password`, `no-keyring`
 * @example
 * ```ts
 * const { identity } = await openProfile(profile, { withPassword: open => open('a long password'), keyring: systemKeyring })
 * ```
 */
export async function openProfile(profile: Profile, { withPassword, keyring: find }: Unlocking): Promise<OpenAccount> {
  // That there is no such profile is said before a password is asked for.
  const name = await nameOf(profile)
  if (find === undefined) return withPassword(password => openAccount(profile, password))
  const keyring = await find()
  const kept = await keyring.get(name)
  const opened = kept === undefined ? undefined : await tryKey(profile, kept)
  if (opened !== undefined) return opened
  return withPassword(async password => {
    const key = await profileKey(profile, password)
    try {
      const account = await openAccount(profile, key)
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
    return await openAccount(profile, key)
  } catch (error) {
    if (ProfileError.is(error) && error.code === 'wrong-password') return undefined
    throw error
  } finally {
    key.fill(0)
  }
}

/**
 * Takes the key of a profile out of the keyring.
 *
 * @returns whether it was there
 * @throws ProfileError `no-profile`, `no-keyring`
 * @example
 * ```ts
 * const wasThere = await forgetKey(profile)
 * ```
 */
export async function forgetKey(profile: Profile, keyring: () => Promise<Keyring> = systemKeyring): Promise<boolean> {
  const name = await nameOf(profile)
  return (await keyring()).remove(name)
}

/** Whose key it is, and of which of this person's profiles: two devices of one identity may be on one machine. */
async function nameOf(profile: Profile): Promise<string> {
  const { publicKey, text, salt } = await readAccount(profile)
  return `${text ?? publicKey} ${salt.slice(0, 8)}`
}
