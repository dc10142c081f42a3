import { parseEmoji } from '@status-stack/account-rpc'
import { ledgerView } from '@status-stack/account-rpc/words'
import { done, type Handler } from './command-context.ts'
import type { CommandName } from './command-table.ts'
import { here, messageAt, needed, noArgument, usageError, withMentions } from './references.ts'
import { namesOf } from './state.ts'

type Name = Extract<CommandName, 'reply' | 'react' | 'edit' | 'delete' | 'cancel' | 'ledger'>

export const messageCommands: Readonly<Record<Name, Handler>> = {
  reply: async (context, text) => {
    const state = context.state()
    const { message, rest } = messageAt(state, text, false)
    const content = { text: withMentions(state, needed(rest, 'reply')), replyTo: message.messageId }
    await context.account.send({ chat: here(state), ...content }, { signal: context.signal })
  },
  react: async (context, text) => {
    const state = context.state()
    const { message, rest } = messageAt(state, text, false)
    const emoji = parseEmoji(rest)
    const own = message.reactions.some(reaction => reaction.emoji === emoji && reaction.author === state.self)
    await context.account.react({ messageId: message.messageId, emoji, on: !own })
  },
  edit: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    const edited = withMentions(context.state(), needed(rest, 'edit'))
    await context.account.edit({ messageId: message.messageId, text: edited })
  },
  delete: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    noArgument(rest, 'delete')
    await context.account.delete({ messageId: message.messageId })
  },
  cancel: async (context, text) => {
    const { message, rest } = messageAt(context.state(), text, true)
    noArgument(rest, 'cancel')
    await context.account.cancel({ messageId: message.messageId })
    context.say(done('cancelled: what has not arrived is not sent again', 'cancelled'))
  },
  ledger: async (context, text) => {
    const { message } = messageAt(context.state(), text, true)
    const entry = await context.account.ledger({ messageId: message.messageId })
    if (entry === null) throw usageError('nothing is known about its delivery')
    context.page('Delivery', [ledgerView(entry, namesOf(context.state()))])
  }
}
