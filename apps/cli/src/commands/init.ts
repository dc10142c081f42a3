import { readFile } from 'node:fs/promises'
import { generatePrivateKey, hexToBytes } from '@status-stack/crypto'
import { createAccount } from '../account.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { readPassword } from '../password.ts'
import { profileExists, profileOf } from '../profile.ts'
import { hexKey } from '../view.ts'

export interface InitOptions {
  /** File with a private key of 64 hex digits, to take an identity over. */
  readonly privateKeyFile?: string
  /** Less work to derive the key: for tests and weak machines. */
  readonly lightKdf?: boolean
}

export async function init(options: InitOptions, globals: Globals, output: Output): Promise<void> {
  const profile = profileOf(globals)
  if (profileExists(profile)) {
    throw new CliError(
      'profile',
      'profile-exists',
      `profile ${profile.name} exists already: ${profile.folder}`,
      'choose another name with --profile'
    )
  }
  const privateKey =
    options.privateKeyFile === undefined ? generatePrivateKey() : await importKey(options.privateKeyFile)
  const password = await readPassword(globals, 'create')
  output.verbose('· encrypting the key')
  const account = await createAccount(profile, privateKey, password, options)
  privateKey.fill(0)
  output.data(
    {
      event: 'identity',
      profile: profile.name,
      publicKey: hexKey(account.publicKey),
      text: account.text,
      folder: profile.folder
    },
    `${account.text}\n\nThis is your public key: pass it on to people who should be able to write to you.\nThe profile is in ${profile.folder}; without its password nothing opens it.`
  )
}

async function importKey(path: string): Promise<Uint8Array> {
  let text: string
  try {
    text = (await readFile(path, 'utf8')).trim()
  } catch {
    throw new CliError('failed', 'private-key-file', `the private key file cannot be read: ${path}`)
  }
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) {
    throw new CliError('failed', 'private-key-file', `the private key file does not hold 64 hex digits: ${path}`)
  }
  return hexToBytes(text)
}
