import type { Message } from '@status-stack/status-client'
import { messageView } from '../view.ts'
import { type CommandContext, done } from './command-context.ts'
import { foundLine } from './message-lines.ts'
import { here, needed, usageError } from './references.ts'
import { chatId } from './state.ts'

const searchPage = 200
/** BOUNDED: what one search shows. */
const mostFound = 200
/** Mailservers keep no more, hours. */
const mostHours = 720

/** Reads the whole stored history of the chat, page by page. */
export async function search(context: CommandContext, rest: string): Promise<void> {
  const chat = here(context.state())
  const wanted = needed(rest, 'search').toLocaleLowerCase()
  const found: Message[] = []
  let before: string | undefined
  let read = 0
  try {
    while (found.length < mostFound && !context.signal.aborted) {
      const messages = await context.client.messages(chat, { limit: searchPage, before })
      found.push(...messages.filter(({ text, deleted }) => !deleted && text.toLocaleLowerCase().includes(wanted)))
      read += messages.length
      context.progress(`searching: ${read} messages, ${found.length} found; Escape ends it`)
      before = messages.at(-1)?.messageId
      if (messages.length < searchPage) break
    }
  } finally {
    context.progress()
  }
  const state = context.state()
  const shown = found.slice(0, mostFound)
  const title = `${found.length > mostFound ? `the newest ${mostFound}` : found.length} found in ${read} messages`
  const views = shown.map(message => ({ event: messageView(message).event, text: foundLine(state, message) }))
  context.page(title, views.length === 0 ? [done('nothing found', 'found')] : views)
}

/** Asks the mailservers for this chat; what comes arrives like any other message. */
export async function fetch(context: CommandContext, rest: string): Promise<void> {
  const chat = here(context.state())
  const hours = rest === '' ? undefined : Number(rest)
  if (hours !== undefined && !(hours > 0 && hours <= mostHours))
    throw usageError(`hours are a number above 0, at most ${mostHours}`)
  assertMailserver(context)
  const since = hours === undefined ? {} : { fromSeconds: Math.floor(Date.now() / 1000 - 3600 * hours) }
  let fresh = 0
  const off = context.client.on('message', message => {
    if (chatId(message.chat) === chatId(chat)) fresh += 1
  })
  try {
    const { pages, mailserver } = await context.client.fetchHistory({
      chats: [chat],
      signal: context.signal,
      ...since
    })
    await context.client.idle()
    const text = `${fresh} new ${fresh === 1 ? 'message' : 'messages'} in ${pages} ${pages === 1 ? 'page' : 'pages'} from mailserver ${mailserver.slice(0, 8)}…`
    context.say({ event: { event: 'fetched', messages: fresh, pages, mailserver }, text })
  } finally {
    off()
    context.progress()
  }
}

/** @throws CliError that says how to get one */
export function assertMailserver({ mailservers }: Pick<CommandContext, 'mailservers'>): void {
  if (mailservers.length === 0)
    throw usageError('no mailserver is set', 'put mailservers = ["enode://…"] into the settings file')
}
