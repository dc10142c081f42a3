import { type Context, defineCommand } from '../../command.ts'
import { flag } from '../../flags.ts'

/** Deletes the identity of the profile. */
export const remove = defineCommand({
  name: 'remove',
  summary: 'delete the profile: its keys, contacts and messages',
  flags: [flag('--yes', 'do not ask')],
  examples: [['one that you need no more', 'account remove --profile old --yes']],
  load: () => import('../../profile-removal.ts'),
  run: ({ options, globals, output }: Context<{ readonly yes?: boolean }>, { removeProfile }) =>
    removeProfile(globals, output, options.yes)
})
