import { keyHex } from '@status-stack/account-rpc/targets'
import { decryptKeystore } from '@status-stack/status-accounts'
import { importAccount } from '@status-stack/status-client'
import { type AccountSecrets, createAccount, openAccount } from './account.ts'
import { openDatabase } from './database.ts'
import type { Profile } from './profile.ts'
import { settleStorageKey } from './storage-key.ts'

/** The private key in a backup. @throws AccountsError `wrong-password`, and others for what is no keystore */
export async function openExport(keystore: unknown, password: string): Promise<Uint8Array> {
  return (await decryptKeystore(JSON.stringify(keystore), password)).privateKey
}

/** Makes a profile of the identity and puts the history of a backup into its store. */
export async function restoreProfile(
  profile: Profile,
  secrets: AccountSecrets,
  history: Uint8Array,
  password: string,
  options: { readonly lightKdf?: boolean }
): Promise<{ readonly publicKey: string; readonly text: string }> {
  const account = await createAccount(profile, secrets, password, options)
  const opened = await openAccount(profile, password)
  const database = await openDatabase(profile)
  try {
    const storageKey = await settleStorageKey(profile, database, opened.storage)
    await importAccount({ identity: opened.identity, database, storageKey }, history, password)
  } finally {
    await database.close()
  }
  return { publicKey: keyHex(account.publicKey), text: account.text }
}
