import { randomBytes } from '@status-stack/crypto'
import { AccountsError, unwrapStorageKey, wrapStorageKey } from '@status-stack/status-accounts'
import type { AccountRecord } from '@status-stack/status-accounts/record'
import type { ClassicLevel } from 'classic-level'
import { damaged, readAccountJson, writeAccountJson } from './account-file.ts'
import { CliError } from './errors.ts'
import type { Profile } from './profile.ts'

/** What opens the storage key of a profile. Cleared by the caller. */
export interface StorageAccess {
  /** 32 bytes that come with the password; another password gives others. */
  readonly wrappingKey: Uint8Array
  /** 32 bytes derived from the private key: the storage key of profiles of version 1. */
  readonly derivedKey: Uint8Array
}

const keyBytes = 32

/** 32 random bytes: nothing that another file or password could lead to. */
const newStorageKey = (): Uint8Array => randomBytes(keyBytes)

function unwrap(profile: Profile, sealed: string, { wrappingKey }: StorageAccess): Uint8Array {
  try {
    return unwrapStorageKey(sealed, wrappingKey)
  } catch (error) {
    if (!AccountsError.is(error) || error.code !== 'wrong-password') throw damaged(profile.accountFile)
    // The file was read anew: another process has changed the password since this one was told it.
    throw new CliError('password', 'wrong-password', 'the password of this profile has just been changed')
  }
}

/**
 * The storage key of a profile whose database is open, and so held by this process alone. Finishes a change of the key that was
 * interrupted. A profile of version 1, whose key followed from its private key for ever, gets one of its own.
 * @throws CliError `wrong-password`, `damaged`; ClientError of `changeStorageKey`
 */
export async function settleStorageKey(
  profile: Profile,
  database: ClassicLevel<string, Uint8Array>,
  access: StorageAccess
): Promise<Uint8Array> {
  const account = await readAccountJson(profile)
  if (account.storage === undefined) {
    return replaceStorageKey(profile, database, access.derivedKey, access.wrappingKey)
  }
  const current = unwrap(profile, account.storage, access)
  if (account.formerStorage === undefined) return current
  await finish(profile, database, account, unwrap(profile, account.formerStorage, access), current)
  return current
}

/**
 * Gives the database a new storage key. In this order: the file names both keys before the database knows the new one, and forgets
 * the old one after the database has. A process that ends between is followed by `settleStorageKey`.
 */
export async function replaceStorageKey(
  profile: Profile,
  database: ClassicLevel<string, Uint8Array>,
  former: Uint8Array,
  wrappingKey: Uint8Array
): Promise<Uint8Array> {
  const account = await readAccountJson(profile)
  const current = newStorageKey()
  const [storage, formerStorage] = [current, former].map(key => wrapStorageKey(key, wrappingKey))
  const both = { ...account, storage, formerStorage }
  await writeAccountJson(profile, both)
  await finish(profile, database, both, former, current)
  return current
}

async function finish(
  profile: Profile,
  database: ClassicLevel<string, Uint8Array>,
  account: AccountRecord,
  from: Uint8Array,
  to: Uint8Array
): Promise<void> {
  // Only who has a database open needs it; those who make an account do not wait for it to load.
  const { changeStorageKey } = await import('@status-stack/status-client')
  await changeStorageKey({ database, from, to })
  const { formerStorage: _, ...settled } = account
  await writeAccountJson(profile, settled)
  from.fill(0)
}
