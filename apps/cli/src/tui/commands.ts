import { formatContactLink, formatQrPayload } from '@status-stack/status-accounts'
import { CliError } from '../errors.ts'
import { parseMailservers } from '../mail/address.ts'
import type { CommandContext, Handler } from './command-context.ts'
import { done } from './command-context.ts'
import { type CommandName, isCommand, meantCommand } from './command-table.ts'
import { chatCommands } from './commands-chats.ts'
import { fetch, search } from './commands-history.ts'
import { messageCommands } from './commands-messages.ts'
import { peopleCommands } from './commands-people.ts'
import { commandHelp, helpPage } from './help.ts'
import { qrRows } from './qr.ts'
import { noArgument } from './references.ts'

const handlers: Readonly<Record<CommandName, Handler>> = {
  ...chatCommands,
  ...messageCommands,
  ...peopleCommands,
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
    const { self, width, height } = context.state()
    // Without its password: the recipient of the link must get that in another way.
    const [mailserver] = parseMailservers(context.mailservers).map(({ enode }) => enode)
    const link = { publicKey: self, enodes: context.peers, ...(mailserver === undefined ? {} : { mailserver }) }
    const whole = qrRows(formatQrPayload(link))
    const fits = !context.screen || (whole.length + 4 <= height && (whole[0]?.length ?? 0) + 2 <= width)
    const picture = fits ? whole : qrRows(formatQrPayload({ publicKey: self }))
    const text = formatContactLink(link)
    const small = 'The picture holds the key alone: the window is too small for the peers.'
    const views = [{ event: { event: 'link', link: text }, text }, ...(fits ? [] : [done(small)])]
    context.page('Your contact link', views, picture)
  },
  peers: async context => {
    const views = context.client.peers().map(({ peerId, remoteAddress }) => ({
      event: {
        event: 'peer',
        state: 'connected',
        peerId,
        ...(remoteAddress === undefined ? {} : { address: remoteAddress })
      },
      text: `${peerId.slice(0, 16)}… ${remoteAddress ?? ''}`
    }))
    context.page('Peers', views.length === 0 ? [done('no peers', 'peers')] : views)
  },
  retry: async context => {
    await context.client.retry()
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

function unknown(name: string): CliError {
  const meant = meantCommand(name)
  return new CliError(
    'usage',
    'unknown-command',
    `unknown command: /${name.slice(0, 40)}`,
    meant === undefined ? '/help lists them' : `did you mean /${meant}?`
  )
}

/** Runs one `/command`. @throws CliError `chat-command`, `unknown-command`, and what the client throws */
export async function runCommand(context: CommandContext, name: string, rest: string): Promise<void> {
  if (!isCommand(name)) throw unknown(name)
  await handlers[name](context, rest)
}
