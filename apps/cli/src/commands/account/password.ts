import { readAccount } from '@status-stack/profiles/folder'
import { type Context, defineCommand } from '../../command.ts'
import { flag } from '../../flags.ts'
import { ofProfile, readPassword, withPassword } from '../../password.ts'
import { closeProfile, profileOf } from '../../profile.ts'

interface PasswordOptions {
  readonly newPasswordFile?: string
  readonly lightKdf?: boolean
}

/** Changes the password, and with it the key of the database. */
export const password = defineCommand({
  name: 'password',
  summary: 'change the password',
  flags: [
    flag('--new-password-file <file>', 'file with the new one; asked for without'),
    flag('--light-kdf', 'encrypt with less work: for tests and weak machines')
  ],
  examples: [
    ['asks for the new one', 'account password'],
    ['without a terminal', 'account password --password-file password.txt --new-password-file new-password.txt']
  ],
  load: () => import('@status-stack/profiles'),
  run: async ({ options, globals, output }: Context<PasswordOptions>, { changePassword, openDatabase }) => {
    const profile = profileOf(globals)
    await closeProfile(profile, output)
    // Looked at before a database is made for a profile that does not exist.
    await readAccount(profile)
    const database = await openDatabase(profile)
    try {
      let to: string | undefined
      await withPassword(ofProfile(globals), async from => {
        // Asked for after the old one, and once.
        to ??= await readPassword({ ...ofProfile(globals), passwordFile: options.newPasswordFile }, 'create', {
          ignoreEnvironment: true,
          flag: '--new-password-file'
        })
        await changePassword(profile, database, { from, to }, options)
      })
    } finally {
      await database.close()
    }
    output.data(
      { event: 'password-changed', profile: globals.profile },
      `the password of profile ${globals.profile} is changed`
    )
  }
})
