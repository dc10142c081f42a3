import { encodeKeyText } from '@status-stack/status-accounts'
import { parseEmoji } from '../emoji.ts'
import { ledgerView } from '../view.ts'
import { done, type Handler } from './command-context.ts'
import type { CommandName } from './command-table.ts'
import { here, messageAt, needed, noArgument, usageError, withMentions } from './references.ts'

type Name = Extract<CommandName, 'reply' | 'react' | 'edit' | 'delete' | 'cancel' | 'ledger'>

export const messageCommands: Readonly<Record<Name, Handler>> = {
  reply: async (context, text) => {
    const state = context.state()
    const { message, rest } = messageAt(state, text, false)
    const content = { text: withMentions(state, needed(rest, 'reply')), replyTo: message.messageId }
    await context.client.send(here(state), content, { signal: context.signal })
  },
  react: async (context, text) => {
    const state = context.state()
    const { message, rest } = messageAt(state, text, false)
    const emoji = parseEmoji(rest)
    const own = message.reactions.some(
      reaction => reaction.emoji === emoji && encodeKeyText(reaction.author) === encodeKeyText(state.self)
    )
    await context.client.react(message.messageId, emoji, !own)
  },
  edit: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    await context.client.edit(message.messageId, withMentions(context.state(), needed(rest, 'edit')))
  },
  delete: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    noArgument(rest, 'delete')
    await context.client.deleteMessage(message.messageId)
  },
  cancel: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    noArgument(rest, 'cancel')
    await context.client.cancel(message.messageId)
    context.say(done('cancelled: what has not arrived is not sent again', 'cancelled'))
  },
  ledger: async (context, text) => {
    const { message } = messageAt(context.state(), text, true)
    const entry = await context.client.ledger(message.messageId)
    if (entry === undefined) throw usageError('nothing is known about its delivery')
    context.page('Delivery', [ledgerView(entry, context.client.publicKey)])
  }
}
