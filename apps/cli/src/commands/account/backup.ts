import { existsSync } from 'node:fs'
import { keyHex } from '@status-stack/account-rpc/targets'
import { modules } from '@status-stack/command-line'
import type { Backup } from '@status-stack/profiles'
import { writeNewFile } from '@status-stack/profiles/files'
import { assertNoProfile, readAccount } from '@status-stack/profiles/folder'
import { type Context, defineCommand } from '../../command.ts'
import { CliError, codeOf } from '../../errors.ts'
import { readTextFile } from '../../files.ts'
import { flag, secretOut } from '../../flags.ts'
import { limits } from '../../limits.ts'
import { ofProfile, withPassword } from '../../password.ts'
import { closeProfile, profileOf } from '../../profile.ts'

/** Identity, contacts and messages in one encrypted file, under the profile's password. No sessions: decision 23. */
export const exportAccount = defineCommand({
  name: 'export',
  summary: 'write identity, contacts and messages to an encrypted file',
  flags: [secretOut()],
  examples: [['a backup', 'account export --out backup.json']],
  load: () => modules(import('@status-stack/profiles'), import('../../messenger.ts')),
  run: async (
    { options, globals, output }: Context<{ readonly out: string }>,
    { backupKeystore, formatBackup, withOwnAccount }
  ) => {
    const profile = profileOf(globals)
    // What cannot work is said before the password is asked for.
    await readAccount(profile)
    if (existsSync(options.out)) throw new CliError('failed', 'not-written', `${options.out} exists already`)
    const { keystore, secret } = await withPassword(ofProfile(globals), async password => ({
      keystore: await backupKeystore(profile, password),
      secret: password
    }))
    await withOwnAccount({ network: 'offline' }, globals, output, async ({ stack, publicKey }) => {
      const history = await stack.client.exportAccount(secret)
      await writeNewFile(options.out, formatBackup({ publicKey, keystore, history }))
      output.data(
        { event: 'exported', file: options.out, bytes: history.length },
        `written to ${options.out} (${history.length} bytes of history), under the profile's password`
      )
    })
  }
})

/** Makes a new profile from such a file: a new device of the same identity. */
export const importAccount = defineCommand({
  name: 'import',
  summary: 'make a profile from such a file; this becomes a new device',
  positions: [['<file>', 'what `account export` wrote']],
  flags: [flag('--light-kdf', 'encrypt with less work: for tests and weak machines')],
  examples: [['restore', 'account import backup.json --profile restored']],
  load: () => import('@status-stack/profiles'),
  run: async (
    { options, globals, output, args: [path = ''] }: Context<{ readonly lightKdf?: boolean }>,
    { restoreProfile, openBackup, parseBackup }
  ) => {
    const profile = profileOf(globals)
    assertNoProfile(profile)
    const backup = await readBackup(path, parseBackup)
    const whose = `the backup ${path}, which the profile gets too`
    const { secrets, secret } = await withPassword({ ...globals, whose }, async password => ({
      secrets: await openBackup(backup, password).catch(error => {
        throw codeOf(error) === 'wrong-password' ? error : notBackup(path)
      }),
      secret: password
    }))
    await closeProfile(profile, output)
    const { publicKey, text } = await restoreProfile(profile, { secrets, history: backup.history }, secret, options)
    output.data(
      { event: 'identity', profile: profile.name, publicKey: keyHex(publicKey), text, folder: profile.folder },
      text
    )
    output.hint(`· profile ${profile.name} in ${profile.folder}`)
    output.note({ event: 'imported' }, 'imported as a new device: contacts and messages are here, sessions are not')
  }
})

/** @throws CliError `not-an-export` */
async function readBackup(path: string, parse: (text: string) => Backup): Promise<Backup> {
  const read = { what: 'the backup', maxBytes: limits.exportBytes, code: 'not-an-export', exit: 'failed' } as const
  const text = await readTextFile(path, read)
  try {
    return parse(text)
  } catch {
    throw notBackup(path)
  }
}

const notBackup = (path: string): CliError =>
  new CliError('failed', 'not-an-export', `not a file of \`account export\`: ${path}`)
