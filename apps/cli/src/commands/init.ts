import { hexToBytes } from '@status-stack/crypto'
import { accountOfMnemonic, entropyOfMnemonic, generateMnemonic } from '@status-stack/status-accounts'
import { type AccountSecrets, createAccount } from '../account.ts'
import { CliError } from '../errors.ts'
import { readTextFile } from '../files.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import type { Output } from '../output.ts'
import { ask, canAsk, readPassword } from '../password.ts'
import { closeProfile, profileExists, profileOf } from '../profile.ts'
import { hexKey } from '../view.ts'

export interface InitOptions {
  /** File with a private key of 64 hex digits, to take an identity over. */
  readonly privateKeyFile?: string
  /** Less work to derive the key: for tests and weak machines. */
  readonly lightKdf?: boolean
}

export interface RecoverOptions {
  /** File with the recovery phrase; asked for without. */
  readonly phraseFile?: string
  readonly lightKdf?: boolean
}

/** `init`: a new identity from a new recovery phrase, or from a private key. */
export async function init(options: InitOptions, globals: Globals, output: Output): Promise<void> {
  const secrets =
    options.privateKeyFile === undefined
      ? await fromPhrase(generateMnemonic())
      : { privateKey: await importKey(options.privateKeyFile) }
  await make(secrets, options, globals, output)
}

/** `account recover`: the identity of a phrase, on a new device. */
export async function recover(options: RecoverOptions, globals: Globals, output: Output): Promise<void> {
  const phrase =
    options.phraseFile === undefined ? await askPhrase() : await readText(options.phraseFile, 'recovery phrase file')
  await make(await fromPhrase(phrase), options, globals, output)
}

async function make(
  secrets: AccountSecrets,
  options: { readonly lightKdf?: boolean },
  globals: Globals,
  output: Output
): Promise<void> {
  const profile = profileOf(globals)
  if (profileExists(profile)) {
    throw new CliError(
      'profile',
      'profile-exists',
      `profile ${profile.name} exists already: ${profile.folder}`,
      'choose another name with --profile'
    )
  }
  const password = await readPassword(globals, 'create')
  await closeProfile(profile, output)
  output.verbose('· encrypting the key')
  const account = await createAccount(profile, secrets, password, options)
  secrets.privateKey.fill(0)
  secrets.entropy?.fill(0)
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
  output.note(
    { event: 'made', folder: profile.folder },
    `\nThis is your public key: pass it on to people who should be able to write to you.\nThe profile is in ${profile.folder}; nothing opens it without its password.${secrets.entropy === undefined ? '' : '\nWrite down the phrase that \u0060status-stack account phrase\u0060 shows: it brings the identity back when the disk is lost.'}`
  )
}

async function askPhrase(): Promise<string> {
  if (canAsk()) return ask('Recovery phrase')
  throw new CliError(
    'usage',
    'no-phrase',
    'the recovery phrase is needed and there is no terminal to ask on',
    'use --phrase-file FILE'
  )
}

async function fromPhrase(phrase: string): Promise<AccountSecrets> {
  try {
    return { privateKey: (await accountOfMnemonic(phrase)).chat.privateKey, entropy: entropyOfMnemonic(phrase) }
  } catch {
    throw new CliError(
      'failed',
      'phrase',
      'these are not the words of a recovery phrase: a word or the checksum does not fit'
    )
  }
}

async function importKey(path: string): Promise<Uint8Array> {
  const text = await readText(path, 'private key file')
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) {
    throw new CliError('failed', 'private-key-file', `the private key file does not hold 64 hex digits: ${path}`)
  }
  return hexToBytes(text)
}

async function readText(path: string, what: string): Promise<string> {
  const read = { what: `the ${what}`, maxBytes: limits.secretFileBytes, code: 'unreadable', exit: 'failed' } as const
  return (await readTextFile(path, read)).trim()
}
