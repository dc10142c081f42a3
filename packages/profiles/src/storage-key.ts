import { randomBytes } from '@status-stack/crypto'
import { AccountsError, unwrapStorageKey, wrapStorageKey } from '@status-stack/status-accounts'
import type { AccountRecord } from '@status-stack/status-accounts/record'
import type { ClassicLevel } from 'classic-level'
import { damaged, profileError } from './errors.ts'
import type { Profile } from './folder/profile.ts'
import { readAccount, writeAccount } from './folder/record.ts'

/** The database of a profile: texts to bytes. */
export type Database = ClassicLevel<string, Uint8Array>

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
    throw profileError('wrong-password', 'the password of this profile has just been changed')
  }
}

/**
 * The storage key of a profile whose database is open, and so held by this process alone. Finishes a change of the key that was
 * interrupted. A profile of version 1, whose key followed from its private key for ever, gets one of its own.
 *
 * @returns 32 bytes, as `createClient` takes them
 * @throws ProfileError `wrong-password`, `damaged`; ClientError of `changeStorageKey`
 * @example
 * ```ts
 * const { identity, storage } = await openAccount(profile, password)
 * const database = await openDatabase(profile)
 * const storageKey = await settleStorageKey(profile, database, storage)
 * ```
 */
export async function settleStorageKey(
  profile: Profile,
  database: Database,
  access: StorageAccess
): Promise<Uint8Array> {
  const account = await readAccount(profile)
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
  database: Database,
  former: Uint8Array,
  wrappingKey: Uint8Array
): Promise<Uint8Array> {
  const account = await readAccount(profile)
  const current = newStorageKey()
  const [storage, formerStorage] = [current, former].map(key => wrapStorageKey(key, wrappingKey))
  const both = { ...account, storage, formerStorage }
  await writeAccount(profile, both)
  await finish(profile, database, both, former, current)
  return current
}

async function finish(
  profile: Profile,
  database: Database,
  account: AccountRecord,
  from: Uint8Array,
  to: Uint8Array
): Promise<void> {
  // Only who has a database open needs it; those who make an account do not wait for it to load.
  const { changeStorageKey } = await import('@status-stack/status-client')
  await changeStorageKey({ database, from, to })
  const { formerStorage: _, ...settled } = account
  await writeAccount(profile, settled)
  from.fill(0)
}
