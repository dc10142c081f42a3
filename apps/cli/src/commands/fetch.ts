import type { ChatRef } from '@status-stack/status-client'
import type { Globals } from '../globals.ts'
import { assertMailserver, assertRange, type FetchRange, fetchMissed, whenMailserver } from '../mail/fetch.ts'
import { fetchedView, historyView } from '../mail/view.ts'
import type { Output } from '../output.ts'
import { daemonRuns, type Session, withClient } from '../session.ts'
import { parseTarget, withLink } from '../target.ts'
import { messageView } from '../view.ts'

export interface FetchOptions extends FetchRange {
  readonly chaos?: string
}

/** `fetch`: what arrived while this profile was offline, from a mailserver; of the named conversations, or of all. */
export async function fetchCommand(
  options: FetchOptions,
  globals: Globals,
  output: Output,
  who: readonly string[]
): Promise<void> {
  const chats = who.map(parseTarget)
  const settings = who.reduce((sofar, text) => withLink(text, sofar), globals)
  if (!(await daemonRuns(globals))) assertMailserver(settings)
  assertRange(options)
  await withClient({ network: 'anyway', autoHistory: false, chaos: options.chaos }, settings, output, async session => {
    session.client.on('message', message => {
      if (!message.outgoing) session.show(messageView(message))
    })
    await fetchFor(session, options, chats.length === 0 ? undefined : chats, globals.timeout * 1000, output)
  })
}

/** Fetches with progress, and says what came. */
export async function fetchFor(
  session: Session,
  range: FetchRange,
  chats: readonly ChatRef[] | undefined,
  timeoutMs: number,
  output: Output
): Promise<void> {
  const { client, signal } = session
  for (const chat of chats ?? []) if (chat.kind === 'public') await client.joinPublic(chat.name)
  // A daemon has connections of its own, and says so when none leads to a mailserver.
  if (session.stack !== undefined) await whenMailserver(session.stack, timeoutMs, signal)
  let messages = 0
  const offs = [
    client.on('message', ({ source }) => {
      if (typeof source === 'object') messages++
    }),
    client.on('history', fact => {
      const { event, text } = historyView(fact)
      // The summary says the same as the last event.
      if (fact.state !== 'done' || output.json) output.note(event, text)
    })
  ]
  try {
    const { since, until } = range
    const result = await fetchMissed(client, { since, until, chats, signal })
    const { event, text } = fetchedView(result, messages)
    output.note(event, text)
  } finally {
    for (const off of offs) off()
  }
}
