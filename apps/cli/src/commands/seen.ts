import { defineCommand } from '../command.ts'

/** Marks a conversation as read. */
export const seen = defineCommand({
  name: 'seen',
  summary: 'mark a conversation as read',
  positions: [['<who>', 'a name, a public key, #name of a public chat, or the id of a group', 'chats']],
  examples: [['a channel', 'seen "#status"']],
  load: () => import('../messenger.ts'),
  run: async ({ globals, output, args: [who = ''] }, { assertTarget, findChat, withAccount, chatTitle }) => {
    assertTarget(who)
    await withAccount({ network: 'offline' }, globals, output, async ({ account, names }) => {
      const chat = await findChat(names, who)
      const { messages } = await account.seen({ chat })
      output.data({ event: 'seen', chat, messages }, `${messages} marked as read in ${chatTitle(chat, names)}`)
    })
  }
})
