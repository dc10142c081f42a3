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
  positions: [['[who]', 'only what waits for this public key', 'contacts']],
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
    { parseKey, withAccount, shortKey }
  ) => {
    const to = who === undefined ? 'all recipients' : shortKey(parseKey(who))
    await withAccount({ network: 'online', simulateNetwork }, globals, output, async ({ account }) => {
      await account.retry({ publicKey: who })
      output.data({ event: 'retried', ...(who === undefined ? {} : { recipient: who }) }, `tried again for ${to}`)
    })
  }
})
