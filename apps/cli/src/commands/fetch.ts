import type { FetchRange } from '@status-stack/account-rpc'
import { modules } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import {
  mailserverOption,
  peerOption,
  privacyOption,
  simulateNetworkOption,
  sinceOption,
  timeoutOption,
  untilOption
} from '../flags.ts'

interface FetchOptions extends FetchRange {
  readonly simulateNetwork?: string
}

/** What arrived while this profile was offline, from a mailserver; of the named conversations, or of all. */
export const fetchCommand = defineCommand({
  name: 'fetch',
  summary: 'fetch from a mailserver what arrived while this profile was offline, and print it',
  positions: [['[who...]', 'names, public keys, contact links, #names or ids of groups; everything without', 'chats']],
  flags: [
    sinceOption(),
    untilOption(),
    mailserverOption(),
    peerOption(),
    privacyOption(),
    timeoutOption('longest wait for a mailserver (default: 30)'),
    simulateNetworkOption()
  ],
  examples: [
    ['what was missed', 'fetch --mailserver enode://…'],
    ['a public chat, the last week', 'fetch "#status" --since 7d --mailserver enode://…']
  ],
  load: () => modules(import('../messenger.ts'), import('../mail/fetch.ts')),
  run: async ({ options, globals, output, args: who }: Context<FetchOptions>, kit) => {
    for (const text of who) kit.assertTarget(text)
    const settings = who.reduce((previous, text) => kit.withLink(text, previous), globals)
    if (!(await kit.daemonRuns(globals))) kit.assertMailserver(settings)
    kit.assertRange(options)
    const { simulateNetwork } = options
    const network = { network: 'background', autoHistory: false, simulateNetwork } as const
    await kit.withAccount(network, settings, output, async session => {
      session.account.on('message', message => {
        if (!message.outgoing) session.show(kit.messageView(message, session.names))
      })
      const chats = await Promise.all(who.map(text => kit.findChat(session.names, text)))
      await kit.fetchInto(session, options, chats.length === 0 ? undefined : chats, globals.timeout * 1000, output)
    })
  }
})
