import { defineCommand } from '../../command.ts'
import { profileOf } from '../../profile.ts'

/** Takes back what --keyring has put into the keyring of the system. */
export const forgetKey = defineCommand({
  name: 'forget-key',
  summary: 'take the key of this profile out of the keyring of the system: its password is asked for again',
  examples: [['after --keyring', 'account forget-key']],
  load: () => import('@status-stack/profiles'),
  run: async ({ globals, output }, kit) => {
    const { name } = profileOf(globals)
    const found = await kit.forgetKey(profileOf(globals))
    output.data(
      { event: 'key-forgotten', profile: name, found },
      found ? `the keyring has the key of profile ${name} no more` : `the keyring had no key of profile ${name}`
    )
  }
})
