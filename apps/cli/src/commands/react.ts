import { emojis } from '@status-stack/account-rpc/methods'
import { modules } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import { deliveryOptions, flag } from '../flags.ts'
import type { WaitOptions } from '../messages/delivery.ts'

/** Gives a message one of the six reactions, or takes it back. */
export const react = defineCommand({
  name: 'react',
  summary: 'react to a message',
  positions: [
    ['<message>', 'message id: 0x…'],
    ['<emoji>', emojis.join(', '), 'reactions']
  ],
  flags: [flag('--off', 'take the reaction back'), ...deliveryOptions()],
  examples: [
    ['love it', 'react 0x3e91… love --peer enode://…@host:30303'],
    ['take it back', 'react 0x3e91… love --off --peer enode://…@host:30303']
  ],
  load: () => modules(import('@status-stack/account-rpc'), import('../messages/change.ts')),
  run: async (context: Context<WaitOptions & { readonly off?: boolean }>, kit) => {
    const [message = '', name = ''] = context.args
    const messageId = kit.parseMessageId(message)
    const emoji = kit.parseEmoji(name)
    const on = context.options.off !== true
    await kit.changeMessage(context, messageId, account => account.react({ messageId, emoji, on }))
  }
})
