import { AccountsError, type KeystoreOptions, sealKeystore, statusGoScrypt } from '@status-stack/status-accounts'
import { damaged, profileError } from './errors.ts'

/** How a new key is encrypted. */
export interface KdfOptions {
  /** Derive with a tenth of the work: for tests, weak machines and random passwords. @default false */
  readonly lightKdf?: boolean | undefined
}

export const costOf = ({ lightKdf }: KdfOptions): KeystoreOptions =>
  lightKdf === true ? { scrypt: statusGoScrypt } : {}

/** A private key under a password, as JSON, and the wrapping key that comes with it. The caller clears it. */
export async function sealKey(privateKey: Uint8Array, password: string, options: KdfOptions) {
  const { text, wrappingKey } = await sealKeystore({ privateKey }, password, costOf(options))
  return { keystore: JSON.parse(text) as unknown, wrappingKey }
}

/** Runs what opens something in a file of the profile. @throws ProfileError `wrong-password`, `damaged` */
export async function opened<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (AccountsError.is(error) && error.code === 'wrong-password')
      throw profileError('wrong-password', 'the password does not open this profile')
    throw damaged(path)
  }
}
