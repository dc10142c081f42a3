import { linkOf } from '@status-stack/account-rpc/targets'
import { hexToBytes } from '@status-stack/crypto'
import { formatContactLink, formatQrPayload } from '@status-stack/status-accounts'
import type { CommandContext, Handler } from './command-context.ts'
import { done } from './command-context.ts'
import { type CommandName, isCommand } from './command-table.ts'
import { chatCommands } from './commands-chats.ts'
import { fetch, search } from './commands-history.ts'
import { mediaCommands } from './commands-media.ts'
import { messageCommands } from './commands-messages.ts'
import { noticeCommands } from './commands-notices.ts'
import { peopleCommands } from './commands-people.ts'
import { ChatError } from './errors.ts'
import { commandHelp, helpPage } from './help.ts'
import { qrRows } from './qr.ts'
import { noArgument } from './references.ts'
import { meantCommand } from './slips.ts'

const handlers: Readonly<Record<CommandName, Handler>> = {
  ...chatCommands,
  ...messageCommands,
  ...peopleCommands,
  ...mediaCommands,
  ...noticeCommands,
  help: async (context, rest) => {
    const name = rest.replace(/^\//, '')
    if (name === '') return context.page('Help', helpPage(context.screen))
    if (!isCommand(name)) throw unknown(name)
    context.page(`Help: /${name}`, commandHelp(name))
  },
  search,
  fetch,
  editor: async (context, rest) => {
    noArgument(rest, 'editor')
    await context.edit()
  },
  qr: async context => {
    const { self: key, width, height } = context.state()
    const self = hexToBytes(key)
    const link = linkOf(self, context.peers, context.mailservers[0])
    const whole = qrRows(formatQrPayload(link))
    const fits = !context.screen || (whole.length + 4 <= height && (whole[0]?.length ?? 0) + 2 <= width)
    const picture = fits ? whole : qrRows(formatQrPayload({ publicKey: self }))
    const text = formatContactLink(link)
    const small = 'The picture holds the key alone: the window is too small for the peers.'
    const views = [{ event: { event: 'link', link: text }, text }, ...(fits ? [] : [done(small)])]
    context.page('Your contact link', views, picture)
  },
  peers: async context => {
    const peers = await context.account.peers()
    const views = peers.map(peer => ({ event: peer, text: `${peer.peerId.slice(0, 16)}… ${peer.address ?? ''}` }))
    context.page('Peers', views.length === 0 ? [done('no peers', 'peers')] : views)
  },
  retry: async context => {
    await context.account.retry()
    context.say(done('tried again', 'retried'))
  },
  notices: async context => {
    const views = context
      .state()
      .notices.toReversed()
      .map(text => done(text, 'notice'))
    context.page('What happened', views.length === 0 ? [done('nothing yet', 'notice')] : views)
  },
  quit: async context => context.quit()
}

function unknown(name: string): ChatError {
  const meant = meantCommand(name)
  return new ChatError(
    'caller',
    'unknown-command',
    `unknown command: /${name.slice(0, 40)}`,
    meant === undefined ? '/help lists them' : `did you mean /${meant}?`
  )
}

/** Runs one `/command`. @throws ChatError `chat-command`, `unknown-command`, and what the client throws */
export async function runCommand(context: CommandContext, name: string, rest: string): Promise<void> {
  if (!isCommand(name)) throw unknown(name)
  await handlers[name](context, rest)
}
