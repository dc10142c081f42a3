import { linkOf } from '@status-stack/account-rpc/targets'
import { readable } from '@status-stack/account-rpc/words'
import { hexToBytes } from '@status-stack/crypto'
import { formatContactLink } from '@status-stack/status-accounts'
import { counted } from '@status-stack/utils'
import { type CommandContext, done, type Handler } from './command-context.ts'
import { type CommandName, commandTable } from './command-table.ts'
import { here, messageAt, namesPerson, personOf, usageError } from './references.ts'
import { namesOf } from './state.ts'

type Name = Extract<CommandName, 'mute' | 'read' | 'copy'>

export const noticeCommands: Readonly<Record<Name, Handler>> = {
  mute: async (context, rest) => {
    if (rest !== '' && rest !== 'on' && rest !== 'off') throw usageError(`usage: ${commandTable.mute.usage}`)
    const on = rest !== 'off'
    await context.account.mute({ chat: here(context.state()), on })
    context.say(done(on ? 'muted: no more notices; /mute off undoes it' : 'no longer muted', on ? 'muted' : 'unmuted'))
  },
  read: async (context, rest) => {
    if (rest !== '' && rest !== 'all') throw usageError(`usage: ${commandTable.read.usage}`)
    const chats = rest === 'all' ? await context.account.chats() : [{ chat: here(context.state()), unread: 1 }]
    let messages = 0
    for (const { chat, unread } of chats) {
      if (unread > 0) messages += (await context.account.seen({ chat }, { signal: context.signal })).messages
    }
    context.say(done(`${counted(messages, 'message')} marked as read`, 'seen'))
  },
  copy: async (context, rest) => {
    const { what, text } = await copied(context, rest)
    if (context.copy === undefined) throw usageError('there is no terminal to copy with')
    if (!context.copy(text)) throw usageError('it is too long for the clipboard of a terminal')
    context.say(done(`copied ${what}, where the terminal allows it`, 'copied'))
  }
}

async function copied(
  context: CommandContext,
  rest: string
): Promise<{ readonly what: string; readonly text: string }> {
  const state = context.state()
  const self = hexToBytes(state.self)
  if (rest === 'link')
    return { what: 'your contact link', text: formatContactLink(linkOf(self, context.peers, undefined)) }
  if (rest === 'key') return { what: 'your public key', text: (await context.account.identity()).text }
  if (namesPerson(rest)) {
    const { text } = await context.account.contact({ publicKey: personOf(state, rest) })
    return { what: 'their public key', text }
  }
  const { message, rest: more } = messageAt(state, rest, false)
  if (more !== '') throw usageError(`usage: ${commandTable.copy.usage}`)
  // As it is shown: what a message holds that acts on a terminal must not reach the next one by the clipboard.
  const text = message.text
    .split('\n')
    .map(line => readable(line, namesOf(state)))
    .join('\n')
  return { what: 'the text', text }
}
