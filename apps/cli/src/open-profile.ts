import { type Keyring, type OpenAccount, openProfile, systemKeyring } from '@status-stack/profiles'
import type { Profile } from '@status-stack/profiles/folder'
import type { Globals } from './globals.ts'
import { ofProfile, withPassword } from './password.ts'

/** Opens the account of a profile as the settings say: with the keyring of the system or without. @throws ProfileError as `openProfile` */
export const openWithSettings = (
  profile: Profile,
  globals: Pick<Globals, 'keyring' | 'passwordFile' | 'profile'>,
  keyring: () => Promise<Keyring> = systemKeyring
): Promise<OpenAccount> =>
  openProfile(profile, {
    withPassword: open => withPassword(ofProfile(globals), open),
    keyring: globals.keyring === 'on' ? keyring : undefined
  })
