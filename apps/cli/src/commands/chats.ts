import { modules } from '@status-stack/command-line'
import { readAccount } from '@status-stack/profiles/folder'
import { type Context, defineCommand, defineGroup } from '../command.ts'
import { flag } from '../flags.ts'
import { assertAnswerable, confirm } from '../messages/input.ts'
import { profileOf } from '../profile.ts'

const load = () => import('../messenger.ts')
const offline = { network: 'offline' } as const

/** `#name`, with or without its mark. */
const channel = (text: string): string => (text.startsWith('#') ? text : `#${text}`)

const list = defineCommand({
  name: 'list',
  isDefault: true,
  summary: 'all of them, with what is unread',
  examples: [
    ['what there is', 'chats'],
    ['for a program', 'chats list --json']
  ],
  load,
  run: async ({ globals, output }, { withAccount, chatView }) => {
    await withAccount(offline, globals, output, async ({ names, show }) => {
      const chats = names.chats()
      for (const chat of chats) show(chatView(chat, names))
      if (chats.length === 0)
        output.hint('· none yet: status-stack send --to zQ3sh…, or status-stack chats join "#status"')
    })
  }
})

const join = defineCommand({
  name: 'join',
  summary: 'join a public chat',
  positions: [['<name>', '#name']],
  examples: [['a public chat', 'chats join "#status"']],
  load,
  run: async ({ globals, output, args: [name = ''] }, { assertTarget, withAccount }) => {
    const chat = channel(name)
    assertTarget(chat)
    await withAccount(offline, globals, output, async ({ account }) => {
      await account.joinChat({ chat })
      output.data({ event: 'joined', name: chat.slice(1) }, `joined ${chat}`)
    })
  }
})

const leave = defineCommand({
  name: 'leave',
  summary: 'leave a public chat',
  positions: [['<name>', '#name', 'channels']],
  examples: [['a public chat', 'chats leave "#status"']],
  load,
  run: async ({ globals, output, args: [name = ''] }, { assertTarget, assertKnown, findChat, withAccount }) => {
    const chat = channel(name)
    assertTarget(chat)
    await withAccount(offline, globals, output, async ({ account, names }) => {
      await assertKnown(names, await findChat(names, chat), chat, true)
      await account.leaveChat({ chat })
      output.data({ event: 'left', name: chat.slice(1) }, `left ${chat}`)
    })
  }
})

const clear = defineCommand({
  name: 'clear',
  summary: 'delete the stored messages of a conversation',
  positions: [['<who>', 'a name, a public key, #name, or the id of a group', 'chats']],
  flags: [flag('--yes', 'do not ask')],
  examples: [
    ['a public chat, without being asked', 'chats clear "#status" --yes'],
    ['a person', 'chats clear zQ3sh… --yes']
  ],
  load,
  run: async (
    { options, globals, output, args: [who = ''] }: Context<{ readonly yes?: boolean }>,
    { assertTarget, assertKnown, findChat, withAccount, chatTitle }
  ) => {
    assertTarget(who)
    // A profile that does not exist is named before anything is asked, and so is that nobody is there to answer.
    await readAccount(profileOf(globals))
    assertAnswerable(options.yes)
    await withAccount(offline, globals, output, async ({ account, names }) => {
      const chat = await findChat(names, who)
      const title = chatTitle(chat, names)
      await assertKnown(names, chat, title)
      await confirm(`Delete all stored messages of ${title} on this device?`, options.yes)
      await account.clearChat({ chat })
      output.data({ event: 'cleared', chat }, `cleared ${title}`)
    })
  }
})

const accept = defineCommand({
  name: 'accept',
  summary: 'accept the message request of a stranger',
  positions: [['<who>', 'a public key, or the name that you gave them', 'contacts']],
  examples: [['a new person', 'chats accept zQ3sh…']],
  load,
  run: async ({ globals, output, args: [who = ''] }, { assertTarget, findChat, withAccount, chatTitle }) => {
    assertTarget(who)
    await withAccount(offline, globals, output, async ({ account, names }) => {
      const chat = await findChat(names, who)
      await account.joinChat({ chat })
      output.data({ event: 'accepted', chat }, `accepted ${chatTitle(chat, names)}`)
    })
  }
})

const stats = defineCommand({
  name: 'stats',
  summary: 'count what is stored of a conversation: messages, authors, files',
  positions: [['<who>', 'a name, a public key, #name, or the id of a group', 'chats']],
  examples: [['a public chat', 'chats stats "#status"']],
  load: () => modules(load(), import('@status-stack/account-rpc/conversation')),
  run: async ({ globals, output, args: [who = ''] }, kit) => {
    kit.assertTarget(who)
    await kit.withAccount(offline, globals, output, async ({ account, names }) => {
      const chat = await kit.findChat(names, who)
      const found = await kit.chatStatistics(account, chat)
      output.data({ event: 'chat-stats', chat, ...found }, kit.statisticsText(kit.chatTitle(chat, names), found, names))
    })
  }
})

const mute = defineCommand({
  name: 'mute',
  summary: 'let a conversation ring no more, on this device',
  positions: [['<who>', 'a name, a public key, #name, or the id of a group', 'chats']],
  flags: [flag('--off', 'let it ring again')],
  examples: [
    ['a busy chat', 'chats mute "#status"'],
    ['hear of it again', 'chats mute "#status" --off']
  ],
  load,
  run: async (
    { options, globals, output, args: [who = ''] }: Context<{ readonly off?: boolean }>,
    { assertTarget, findChat, withAccount, chatTitle }
  ) => {
    assertTarget(who)
    const on = options.off !== true
    await withAccount(offline, globals, output, async ({ account, names }) => {
      const chat = await findChat(names, who)
      await account.mute({ chat, on })
      if (on) output.data({ event: 'muted', chat }, `muted ${chatTitle(chat, names)}`)
      else output.data({ event: 'unmuted', chat }, `no longer muted: ${chatTitle(chat, names)}`)
    })
  }
})

/** Conversations. */
export const chats = defineGroup({
  name: 'chats',
  summary: 'conversations of this profile',
  examples: [
    ['what there is, with what is unread', 'chats'],
    ['join a public chat', 'chats join "#status"'],
    ['accept a stranger', 'chats accept zQ3sh…']
  ],
  commands: [list, join, leave, clear, accept, mute, stats]
})
