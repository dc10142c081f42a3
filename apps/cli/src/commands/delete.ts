import { modules } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import { deliveryOptions, flag } from '../flags.ts'
import type { WaitOptions } from '../messages/delivery.ts'
import { confirm } from '../messages/input.ts'

/** Deletes a message of ours for all recipients. */
export const deleteMessage = defineCommand({
  name: 'delete',
  summary: 'delete a message of yours for everyone',
  positions: [['<message>', 'message id: 0x…']],
  flags: [flag('--yes', 'do not ask'), ...deliveryOptions()],
  examples: [['take it back', 'delete 0x3e91… --yes --peer enode://…@host:30303']],
  load: () => modules(import('@status-stack/account-rpc'), import('../messages/change.ts')),
  run: async (context: Context<WaitOptions & { readonly yes?: boolean }>, { parseMessageId, changeMessage }) => {
    const messageId = parseMessageId(context.args[0] ?? '')
    await confirm(`Delete message ${messageId.slice(0, 10)}… for all recipients?`, context.options.yes)
    await changeMessage(context, messageId, account => account.delete({ messageId }))
  }
})
