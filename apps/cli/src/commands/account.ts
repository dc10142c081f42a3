import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { AccountsError, decryptKeystore, encryptKeystore } from '@status-stack/status-accounts'
import { importAccount } from '@status-stack/status-client'
import { changePassword, createAccount, exportSecrets, openAccount, recoveryPhrase } from '../account.ts'
import { readAccountJson } from '../account-file.ts'
import { CliError } from '../errors.ts'
import { readTextFile } from '../files.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import { confirm } from '../messages/input.ts'
import { peerFilePath } from '../network/peer-file.ts'
import type { Output } from '../output.ts'
import { readPassword, withPassword } from '../password.ts'
import { eraseFile, writeNewFile } from '../private-files.ts'
import { closeProfile, profileExists, profileOf } from '../profile.ts'
import { withOwnClient } from '../session.ts'
import { openDatabase } from '../stack.ts'
import { settleStorageKey } from '../storage-key.ts'
import { hexKey } from '../view.ts'

const fileKind = 'status-stack/account/1'

export interface PasswordOptions {
  readonly newPasswordFile?: string
}

export async function password(options: PasswordOptions, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  await closeProfile(profile, output)
  // Looked at before a database is made for a profile that does not exist.
  await readAccountJson(profile)
  const database = await openDatabase(profile)
  try {
    let to: string | undefined
    await withPassword(globals, async from => {
      // Asked for after the old one, and once.
      to ??= await readPassword({ passwordFile: options.newPasswordFile }, 'create', {
        ignoreEnvironment: true,
        flag: '--new-password-file'
      })
      await changePassword(profile, database, from, to)
    })
  } finally {
    await database.close()
  }
  output.data(
    { event: 'password-changed', profile: globals.profile },
    `the password of profile ${globals.profile} is changed`
  )
}

export async function phrase(_: object, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  await closeProfile(profile, output)
  const words = await withPassword(globals, password => recoveryPhrase(profile, password))
  output.data({ event: 'phrase', phrase: words }, words)
  output.note(
    { event: 'warning', code: 'secret' },
    '\nAnyone who has these words has the identity. Keep them on paper.'
  )
}

export interface ExportOptions {
  readonly out: string
}

/** Identity, contacts and messages in one encrypted file, under the profile's password. No sessions: decision 23. */
export async function exportProfile(options: ExportOptions, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  const { keystore, secret } = await withPassword(globals, async password => {
    const { privateKey } = await exportSecrets(profile, password)
    const text = await encryptKeystore({ privateKey }, password)
    privateKey.fill(0)
    return { keystore: JSON.parse(text) as unknown, secret: password }
  })
  await withOwnClient({ network: 'offline' }, globals, output, async ({ client }) => {
    const history = await client.exportAccount(secret)
    const file = {
      kind: fileKind,
      publicKey: hexKey(client.publicKey),
      keystore,
      history: Buffer.from(history).toString('base64')
    }
    await writeNewFile(options.out, `${JSON.stringify(file)}\n`)
    output.data(
      { event: 'exported', file: options.out, bytes: history.length },
      `written to ${options.out} (${history.length} bytes of history), under the profile's password`
    )
  })
}

export interface ImportOptions {
  readonly lightKdf?: boolean
}

/** Makes a new profile from such a file: a new device of the same identity. */
export async function importProfile(
  options: ImportOptions,
  globals: Globals,
  output: Output,
  [path = '']: readonly string[]
): Promise<void> {
  const profile = profileOf(globals)
  if (profileExists(profile))
    throw new CliError(
      'profile',
      'profile-exists',
      `profile ${profile.name} exists already: ${profile.folder}`,
      'choose another name with --profile'
    )
  const { keystore, history } = await readExport(path)
  const { privateKey, secret } = await withPassword(globals, async password => ({
    privateKey: await openExport(path, keystore, password),
    secret: password
  }))
  await closeProfile(profile, output)
  const account = await createAccount(profile, { privateKey }, secret, options)
  const opened = await openAccount(profile, secret)
  const database = await openDatabase(profile)
  try {
    const storageKey = await settleStorageKey(profile, database, opened.storage)
    await importAccount({ identity: opened.identity, database, storageKey }, history, secret)
  } finally {
    await database.close()
  }
  output.data(
    {
      event: 'identity',
      profile: profile.name,
      publicKey: hexKey(account.publicKey),
      text: account.text,
      folder: profile.folder
    },
    account.text
  )
  output.hint(`· profile ${profile.name} in ${profile.folder}`)
  output.note({ event: 'imported' }, 'imported as a new device: contacts and messages are here, sessions are not')
}

/** @throws CliError `wrong-password`, `not-an-export` */
async function openExport(path: string, keystore: unknown, password: string): Promise<Uint8Array> {
  try {
    return (await decryptKeystore(JSON.stringify(keystore), password)).privateKey
  } catch (error) {
    if (AccountsError.is(error) && error.code === 'wrong-password')
      throw new CliError('password', 'wrong-password', 'the password does not open this file')
    throw notAnExport(path)
  }
}

async function readExport(path: string): Promise<{ readonly keystore: unknown; readonly history: Uint8Array }> {
  const text = await readTextFile(path, { what: 'the backup', maxBytes: limits.exportBytes, ...unreadable })
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw notAnExport(path)
  }
  const record = typeof file === 'object' && file !== null ? (file as Readonly<Record<string, unknown>>) : {}
  if (record['kind'] !== fileKind || typeof record['history'] !== 'string') throw notAnExport(path)
  return { keystore: record['keystore'], history: new Uint8Array(Buffer.from(record['history'], 'base64')) }
}

export interface RemoveOptions {
  readonly yes?: boolean
}

/** Deletes the identity of a profile with everything of it, from the database's files too. The key of a node stays. */
export async function removeProfile(options: RemoveOptions, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  // A profile that does not exist is named before anything is asked.
  await readAccountJson(profile)
  await confirm(`Delete profile ${profile.name} with its keys, contacts and messages?`, options.yes)
  await withOwnClient({ network: 'offline', notes: false, autoHistory: false }, globals, output, async ({ client }) => {
    await client.wipe()
    // While the profile is ours: from here on nothing opens what may be left of the database.
    await eraseFile(profile.accountFile)
  })
  await rm(profile.databaseFolder, { recursive: true, force: true })
  // A node's peers stay with its key.
  if (!existsSync(profile.nodeFile)) await rm(peerFilePath(profile), { force: true })
  // What is not of the identity keeps the folder.
  await rmdir(profile.folder).catch(() => {})
  output.data(
    { event: 'account-removed', profile: profile.name, folder: profile.folder },
    `profile ${profile.name} is deleted from ${profile.folder}`
  )
}

const unreadable = { code: 'not-an-export', exit: 'failed' } as const

function notAnExport(path: string): CliError {
  return new CliError('failed', 'not-an-export', `not a file of \`account export\`: ${path}`)
}
