import { readAccount } from '@status-stack/profiles/folder'
import { defineCommand } from '../../command.ts'
import { ofProfile, withPassword } from '../../password.ts'
import { closeProfile, profileOf } from '../../profile.ts'

/** Shows the recovery phrase. */
export const phrase = defineCommand({
  name: 'phrase',
  summary: 'show the recovery phrase',
  examples: [
    ['to write it down', 'account phrase'],
    ['of another profile', 'account phrase --profile work']
  ],
  load: () => import('@status-stack/profiles'),
  run: async ({ globals, output }, { recoveryPhrase }) => {
    const profile = profileOf(globals)
    await closeProfile(profile, output)
    // Before the password is asked for: that there is no such profile.
    await readAccount(profile)
    const words = await withPassword(ofProfile(globals), password => recoveryPhrase(profile, password))
    output.data({ event: 'phrase', phrase: words }, words)
    output.note(
      { event: 'warning', code: 'secret' },
      '\nAnyone who has these words has the identity. Keep them on paper.'
    )
  }
})
