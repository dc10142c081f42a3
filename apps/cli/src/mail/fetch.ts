import { AccountError, type FetchRange, unreachable } from '@status-stack/account-rpc'
import type { ChatJson } from '@status-stack/account-rpc/methods'
import { fetchedView, historyView } from '@status-stack/account-rpc/words'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import type { Session } from '../session.ts'
import type { Stack } from '../stack.ts'
import { parseMailservers } from './address.ts'

/** @throws CliError `no-mailserver` with what to do about it, `enode` */
export function assertMailserver(globals: Pick<Globals, 'mailservers'>): void {
  if (parseMailservers(globals.mailservers).length > 0) return
  throw noMailserver()
}

export const noMailserver = (): CliError =>
  new CliError(
    'usage',
    'no-mailserver',
    'no mailserver is set',
    'give --mailserver ENODE, STATUS_STACK_MAILSERVERS, or mailservers in the settings file; a contact link may name one'
  )

/** What one more attempt takes of the time at least: servers that hang up at once are not asked for ever. */
const leastWaitMs = 1000

/**
 * Asks, and asks again when the only connected server was lost: it may come back, and another one may be on its way. All waits together
 * take `timeoutMs`; then the last failure is the answer.
 * @throws AccountError `mailserver-unreachable` and those of `ask`; the reason of the signal
 */
async function askWithin<T>(
  stack: Pick<Stack, 'whenMailserver'>,
  timeoutMs: number,
  signal: AbortSignal,
  ask: () => Promise<T>
): Promise<T> {
  let leftMs = timeoutMs
  const wait = async (): Promise<void> => {
    const began = performance.now()
    if (!(await stack.whenMailserver({ timeoutMs: leftMs, signal })))
      throw unreachable(`could be reached in ${leftMs / 1000} s`)
    leftMs -= Math.max(leastWaitMs, performance.now() - began)
  }
  await wait()
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isLost(error) || leftMs <= 0 || signal.aborted) throw error
      await wait().catch(late => {
        throw isLost(late) ? error : late
      })
    }
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof AccountError && (error.code === 'mailserver-lost' || error.code === 'mailserver-unreachable')

const interrupted = (): CliError => new CliError('interrupted', 'interrupted', 'interrupted')

/** Fetches into the store with progress, and says what came; of all chats when none are given. */
export async function fetchInto(
  session: Session,
  { since, until }: FetchRange,
  chats: readonly ChatJson[] | undefined,
  timeoutMs: number,
  output: Output
): Promise<void> {
  const { account, signal } = session
  for (const chat of chats ?? []) if (chat.kind === 'public') await account.joinChat({ chat })
  let messages = 0
  const offs = [
    account.on('message', ({ outgoing }) => {
      // A mailserver relays as well: what was sent a moment ago comes from it in both ways.
      if (!outgoing) messages++
    }),
    account.on('history', fact => {
      const { event, text } = historyView(fact)
      // The summary says the same as the last event.
      if (fact.state !== 'done' || output.json) output.note(event, text)
    })
  ]
  try {
    const ask = () => account.fetch({ since, until, chats }, { signal })
    // A daemon has connections of its own, and says so when none leads to a mailserver.
    const asking = session.stack === undefined ? ask() : askWithin(session.stack, timeoutMs, signal, ask)
    const found = await asking.catch(error => {
      throw signal.aborted ? interrupted() : error
    })
    const { event, text } = fetchedView(found, messages)
    output.note(event, text)
  } finally {
    for (const off of offs) off()
  }
}
