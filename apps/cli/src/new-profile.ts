import { keyHex } from '@status-stack/account-rpc/targets'
import { hexToBytes } from '@status-stack/crypto'
import { createAccount } from '@status-stack/profiles'
import { assertNoProfile } from '@status-stack/profiles/folder'
import type { AccountSecrets } from '@status-stack/status-accounts'
import { CliError } from './errors.ts'
import { readTextFile } from './files.ts'
import type { Globals } from './globals.ts'
import { limits } from './limits.ts'
import type { Output } from './output.ts'
import { ofProfile, readPassword } from './password.ts'
import { closeProfile, profileOf } from './profile.ts'

export { newSecrets, secretsOfPhrase } from '@status-stack/profiles'

/** A private key of 64 hex digits in a file. @throws CliError `private-key-file`, `unreadable` */
export async function readPrivateKey(path: string): Promise<Uint8Array> {
  const text = await readSecretText(path, 'private key file')
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(text)) {
    throw new CliError('failed', 'private-key-file', `the private key file does not hold 64 hex digits: ${path}`)
  }
  return hexToBytes(text)
}

/** The text of a file with one secret. @throws CliError `unreadable` */
export async function readSecretText(path: string, what: string): Promise<string> {
  const read = { what: `the ${what}`, maxBytes: limits.secretFileBytes, code: 'unreadable', exit: 'failed' } as const
  return (await readTextFile(path, read)).trim()
}

/** Makes the profile of an identity, and says what its owner should know. The secrets are cleared. */
export async function makeProfile(
  secrets: AccountSecrets,
  options: { readonly lightKdf?: boolean },
  globals: Globals,
  output: Output
): Promise<void> {
  const profile = profileOf(globals)
  assertNoProfile(profile)
  const password = await readPassword(ofProfile(globals), 'create')
  await closeProfile(profile, output)
  output.verbose('· encrypting the key')
  const account = await createAccount(profile, secrets, password, options)
  secrets.privateKey.fill(0)
  secrets.entropy?.fill(0)
  output.data(
    {
      event: 'identity',
      profile: profile.name,
      publicKey: keyHex(account.publicKey),
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
