import { type Context, defineCommand } from '../command.ts'
import {
  bootnodeOption,
  discoverySwitch,
  peerOption,
  pfsOption,
  privacyOption,
  simulateNetworkOption,
  timeoutOption
} from '../flags.ts'

/** Tries now what waits for an answer, of one person or of all. */
export const retry = defineCommand({
  name: 'retry',
  summary: 'try now what is waiting',
  positions: [['[who]', 'only what waits for this person: a name or a public key', 'contacts']],
  flags: [
    peerOption(),
    privacyOption(),
    discoverySwitch(),
    bootnodeOption(),
    timeoutOption('longest wait for a peer (default: 30)'),
    pfsOption(),
    simulateNetworkOption()
  ],
  examples: [['everything', 'retry --peer enode://…@host:30303']],
  load: () => import('../messenger.ts'),
  run: async (
    { options: { simulateNetwork }, globals, output, args: [who] }: Context<{ readonly simulateNetwork?: string }>,
    { assertPerson, findPerson, withAccount }
  ) => {
    if (who !== undefined) assertPerson(who)
    await withAccount({ network: 'online', simulateNetwork }, globals, output, async ({ account, names }) => {
      const publicKey = who === undefined ? undefined : await findPerson(names, who)
      await account.retry({ publicKey })
      const to = publicKey === undefined ? 'all recipients' : names.person(publicKey).text
      output.data(
        { event: 'retried', ...(publicKey === undefined ? {} : { recipient: publicKey }) },
        `tried again for ${to}`
      )
    })
  }
})
