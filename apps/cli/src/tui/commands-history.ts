import type { Message } from '@status-stack/status-client'
import { assertMailserver, fetchMissed } from '../mail/fetch.ts'
import { momentForms, parseMoment } from '../mail/time.ts'
import { fetchedView } from '../mail/view.ts'
import { messageView } from '../view.ts'
import { type CommandContext, done } from './command-context.ts'
import { foundLine } from './message-lines.ts'
import { here, needed, usageError } from './references.ts'
import { chatId } from './state.ts'

/** BOUNDED: what one search shows. */
const mostFound = 200

/** Reads the stored history of the chat backwards, until enough is found. */
export async function search(context: CommandContext, rest: string): Promise<void> {
  const chat = here(context.state())
  const wanted = needed(rest, 'search')
  const found: Message[] = []
  let read = 0
  try {
    for await (const step of context.client.search(chat, wanted)) {
      found.push(...step.messages)
      read += step.read
      context.progress(`searching: ${read} messages, ${found.length} found; Escape ends it`)
      if (found.length >= mostFound || context.signal.aborted) break
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
  const since = rest === '' ? undefined : momentOf(rest)
  assertMailserver(context)
  let fresh = 0
  const off = context.client.on('message', message => {
    if (chatId(message.chat) === chatId(chat)) fresh += 1
  })
  try {
    const result = await fetchMissed(context.client, { chats: [chat], since, signal: context.signal })
    await context.client.idle()
    context.say(fetchedView(result, fresh))
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
