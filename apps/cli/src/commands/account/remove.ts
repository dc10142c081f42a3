import { type Context, defineCommand } from '../../command.ts'
import { removalFlags } from '../../flags.ts'
import type { RemovalFlags } from '../../profile-removal.ts'

/** Deletes the identity of the profile. */
export const remove = defineCommand({
  name: 'remove',
  summary: 'delete the profile: its keys, contacts and messages',
  flags: removalFlags(),
  examples: [
    ['one that you need no more', 'account remove --profile old --yes'],
    ['one whose password is forgotten', 'account remove --profile old --without-password --yes']
  ],
  load: () => import('../../profile-removal.ts'),
  run: ({ options, globals, output }: Context<RemovalFlags>, { removeProfile }) =>
    removeProfile(globals, output, options, globals.resolved.origins.profile === 'flag')
})
