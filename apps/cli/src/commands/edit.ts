import { modules } from '@status-stack/command-line'
import { type Context, defineCommand } from '../command.ts'
import { deliveryOptions } from '../flags.ts'
import type { WaitOptions } from '../messages/delivery.ts'
import { readText } from '../messages/input.ts'

/** Another text for a message of ours. */
export const edit = defineCommand({
  name: 'edit',
  summary: 'change the text of a message of yours',
  positions: [
    ['<message>', 'message id: 0x…'],
    ['[text]', 'what it says from now on; - or nothing: from stdin']
  ],
  flags: deliveryOptions(),
  examples: [
    ['say it better', 'edit 0x3e91… "hello everybody" --peer enode://…@host:30303'],
    ['from a file', 'edit 0x3e91… --peer enode://…@host:30303 < notes.txt']
  ],
  load: () => modules(import('@status-stack/account-rpc'), import('../messages/change.ts')),
  run: async (context: Context<WaitOptions>, { parseMessageId, changeMessage }) => {
    const [message = '', given] = context.args
    const messageId = parseMessageId(message)
    const text = await readText(given)
    await changeMessage(context, messageId, account => account.edit({ messageId, text }))
  }
})
