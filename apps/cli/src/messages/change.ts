import type { Account } from '@status-stack/account-rpc'
import type { ChangedFact } from '@status-stack/account-rpc/methods'
import { changedView } from '@status-stack/account-rpc/words'
import type { Context } from '../command.ts'
import { withAccount } from '../session.ts'
import { showReached, type WaitOptions, watchDelivery } from './delivery.ts'

/** Changes one message for all recipients, and follows what is sent for it as `send` does. */
export async function changeMessage(
  { options, globals, output }: Context<WaitOptions>,
  messageId: string,
  work: (account: Account) => Promise<ChangedFact>
): Promise<void> {
  const { wait, simulateNetwork } = options
  await withAccount({ network: 'online', simulateNetwork, brief: true }, globals, output, async session => {
    const { account, publicKey, signal } = session
    const { chat } = await account.message({ messageId })
    const delivery = watchDelivery(account, publicKey)
    const changed = await work(account)
    // Reactions and public messages are not acknowledged: confirmed by a peer is the most there is.
    const bestEffort = changed.event === 'reacted' || chat.kind === 'public'
    const wanted = bestEffort && wait === 'acknowledged' ? 'confirmed' : wait
    await showReached(
      session,
      output,
      reached => changedView(changed, chat, reached, session.names),
      wanted,
      () => delivery.wait(changed.change, wanted, globals.timeout, signal)
    )
  })
}
