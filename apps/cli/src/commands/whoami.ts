import { readAccount } from '@status-stack/profiles/folder'
import { defineCommand } from '../command.ts'
import { profileOf } from '../profile.ts'

/** The public key of the profile; loads no cryptography. */
export const whoami = defineCommand({
  name: 'whoami',
  summary: 'show the public key of the profile; needs no password',
  examples: [
    ['the key to pass on', 'whoami'],
    ['for a program', 'whoami --json']
  ],
  run: async ({ globals, output }) => {
    const profile = profileOf(globals)
    const { publicKey, text: stored } = await readAccount(profile)
    // Files of earlier versions hold no text form.
    const text = stored ?? (await import('../key-forms.ts')).textOfKey(publicKey)
    const { name, folder } = profile
    output.data({ event: 'identity', profile: name, publicKey, text, folder }, text)
    output.hint(`· profile ${name} in ${folder}`)
  }
})
