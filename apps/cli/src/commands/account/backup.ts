import { existsSync } from 'node:fs'
import { readAccountJson } from '../../account-file.ts'
import { type Context, defineCommand, modules } from '../../command.ts'
import { CliError, codeOf } from '../../errors.ts'
import { readTextFile } from '../../files.ts'
import { flag } from '../../flags.ts'
import { limits } from '../../limits.ts'
import { ofProfile, withPassword } from '../../password.ts'
import { writeNewFile } from '../../private-files.ts'
import { assertNoProfile, closeProfile, profileOf } from '../../profile.ts'

const fileKind = 'status-stack/account/1'

/** Identity, contacts and messages in one encrypted file, under the profile's password. No sessions: decision 23. */
export const exportAccount = defineCommand({
  name: 'export',
  summary: 'write identity, contacts and messages to an encrypted file',
  flags: [flag('--out <file>', 'where to; must not exist', { required: true })],
  examples: [['a backup', 'account export --out backup.json']],
  load: () =>
    modules(import('../../account.ts'), import('../../messenger.ts'), import('@status-stack/status-accounts')),
  run: async (
    { options, globals, output }: Context<{ readonly out: string }>,
    { exportSecrets, encryptKeystore, withOwnAccount }
  ) => {
    const profile = profileOf(globals)
    // What cannot work is said before the password is asked for.
    await readAccountJson(profile)
    if (existsSync(options.out)) throw new CliError('failed', 'not-written', `${options.out} exists already`)
    const { keystore, secret } = await withPassword(ofProfile(globals), async password => {
      const { privateKey } = await exportSecrets(profile, password)
      const text = await encryptKeystore({ privateKey }, password)
      privateKey.fill(0)
      return { keystore: JSON.parse(text) as unknown, secret: password }
    })
    await withOwnAccount({ network: 'offline' }, globals, output, async ({ stack, publicKey }) => {
      const history = await stack.client.exportAccount(secret)
      const file = { kind: fileKind, publicKey, keystore, history: Buffer.from(history).toString('base64') }
      await writeNewFile(options.out, `${JSON.stringify(file)}\n`)
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
  load: () => import('../../restore.ts'),
  run: async (
    { options, globals, output, args: [path = ''] }: Context<{ readonly lightKdf?: boolean }>,
    { restoreProfile, openExport }
  ) => {
    const profile = profileOf(globals)
    assertNoProfile(profile)
    const { keystore, history } = await readExport(path)
    const whose = `the backup ${path}, which the profile gets too`
    const { privateKey, secret } = await withPassword({ ...globals, whose }, async password => ({
      privateKey: await openExport(keystore, password).catch(error => {
        throw codeOf(error) === 'wrong-password'
          ? new CliError('password', 'wrong-password', 'the password does not open this file')
          : notAnExport(path)
      }),
      secret: password
    }))
    await closeProfile(profile, output)
    const identity = await restoreProfile(profile, { privateKey }, history, secret, options)
    output.data({ event: 'identity', profile: profile.name, ...identity, folder: profile.folder }, identity.text)
    output.hint(`· profile ${profile.name} in ${profile.folder}`)
    output.note({ event: 'imported' }, 'imported as a new device: contacts and messages are here, sessions are not')
  }
})

async function readExport(path: string): Promise<{ readonly keystore: unknown; readonly history: Uint8Array }> {
  const read = { what: 'the backup', maxBytes: limits.exportBytes, code: 'not-an-export', exit: 'failed' } as const
  const text = await readTextFile(path, read)
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

function notAnExport(path: string): CliError {
  return new CliError('failed', 'not-an-export', `not a file of \`account export\`: ${path}`)
}
