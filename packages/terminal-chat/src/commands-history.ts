import { searchHistory } from '@status-stack/account-rpc'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import { momentForms, parseMoment } from '@status-stack/account-rpc/methods'
import { chatId } from '@status-stack/account-rpc/targets'
import { fetchedView } from '@status-stack/account-rpc/words'
import { counted } from '@status-stack/utils'
import { type CommandContext, done } from './command-context.ts'
import { foundLine } from './message-lines.ts'
import { here, needed, usageError } from './references.ts'

/** BOUNDED: what one search shows. */
const mostFound = 200

/** `--all TEXT` looks into all chats, `-- TEXT` looks for a text that begins with a dash. */
function wantedOf(rest: string): { readonly all: boolean; readonly text: string } {
  const [, all, text = ''] = /^(?:(--all)(?:\s+|$))?(?:--\s+)?([\s\S]*)$/.exec(rest) ?? []
  return { all: all !== undefined, text: needed(text, 'search') }
}

/** Reads the stored history of this chat, or of all, backwards until enough is found; hits are shown as they are found. */
export async function search(context: CommandContext, rest: string): Promise<void> {
  const { all, text } = wantedOf(rest)
  const chat = all ? undefined : here(context.state())
  const found: MessageFact[] = []
  let read = 0
  let where = ''
  const hits = (): readonly MessageFact[] => found.slice(0, mostFound)
  const title = (): string => {
    const count = found.length > mostFound ? `the newest ${mostFound}` : String(found.length)
    return `${count} found in ${counted(read, 'message')}${where}`
  }
  try {
    for await (const step of searchHistory(context.account, { text, chat, signal: context.signal })) {
      found.push(...step.messages)
      read = step.read
      if (all) where = ` of ${step.chatsDone} of ${counted(step.chats, 'chat')}`
      context.progress(`searching: ${read} messages, ${found.length} found; Escape ends it`)
      if (step.messages.length > 0) context.hits?.(title(), hits())
      if (found.length >= mostFound) break
    }
  } catch (error) {
    if (!context.signal.aborted) throw error
  } finally {
    context.progress()
  }
  const summary = `${context.signal.aborted ? 'ended: ' : ''}${title()}`
  if (found.length > 0 && context.hits !== undefined) return context.hits(summary, hits())
  const state = context.state()
  const views = hits().map(message => ({ event: message, text: foundLine(state, message, all) }))
  context.page(summary, views.length === 0 ? [done('nothing found', 'found')] : views)
}

/** Asks the mailservers for this chat; what comes arrives like any other message. */
export async function fetch(context: CommandContext, rest: string): Promise<void> {
  const { account } = context
  const chat = here(context.state())
  const since = rest === '' ? undefined : momentOf(rest)
  // A daemon has mailservers of its own, and says so when it has none.
  if (context.state().daemon === undefined && context.mailservers.length === 0) throw context.noMailserver()
  let fresh = 0
  const off = account.on('message', message => {
    if (chatId(message.chat) === chatId(chat)) fresh += 1
  })
  try {
    const fetched = await account.fetch({ chats: [chat], since }, { signal: context.signal })
    context.say(fetchedView(fetched, fresh))
  } finally {
    off()
    context.progress()
  }
}

/** `HOURS`, or a moment as `fetch --since` takes it. */
function momentOf(text: string): number {
  const hours = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  const now = Date.now()
  const moment = Number.isNaN(hours) ? parseMoment(text, now) : Math.floor(now / 1000 - 3600 * hours)
  if (moment === undefined || moment < 0 || hours === 0)
    throw usageError(`not a time to fetch from: ${text}`, `${momentForms}, or hours as a number`)
  return moment
}
