import { defineCommand } from '../command.ts'

/** Marks a conversation as read. */
export const seen = defineCommand({
  name: 'seen',
  summary: 'mark a conversation as read',
  positions: [['<who>', 'a public key, #name of a public chat, or the id of a group', 'chats']],
  examples: [['a channel', 'seen "#status"']],
  load: () => import('../messenger.ts'),
  run: async ({ globals, output, args: [who = ''] }, { parseTarget, withAccount, chatJson, chatName }) => {
    const chat = parseTarget(who)
    await withAccount({ network: 'offline' }, globals, output, async ({ account }) => {
      const { messages } = await account.seen({ chat: who })
      output.data({ event: 'seen', chat: chatJson(chat), messages }, `${messages} marked as read in ${chatName(chat)}`)
    })
  }
})
