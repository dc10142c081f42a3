import type { ChatRef, Client, HistoryResult } from '@status-stack/status-client'
import { CliError, codeOf } from '../errors.ts'
import type { Globals } from '../globals.ts'
import { printable } from '../output.ts'
import type { Stack } from '../stack.ts'
import { parseMailservers } from './address.ts'

export interface FetchRange {
  /** Unix seconds; what was missed of each place without. */
  readonly since?: number | undefined
  /** Unix seconds; now without. */
  readonly until?: number | undefined
}

/** @throws CliError `range` */
export function assertRange({ since, until }: FetchRange): void {
  if (since !== undefined && until !== undefined && since >= until)
    throw new CliError('usage', 'range', 'the range ends before it begins', '--since comes before --until')
}

/** @throws CliError `no-mailserver` with what to do about it, `enode` */
export function assertMailserver(globals: Pick<Globals, 'mailservers'>): void {
  if (parseMailservers(globals.mailservers).length > 0) return
  throw new CliError(
    'usage',
    'no-mailserver',
    'no mailserver is set',
    'give --mailserver ENODE, STATUS_STACK_MAILSERVERS, or mailservers in the settings file; a contact link may name one'
  )
}

/**
 * Waits for a mailserver: the best one that can be reached, which is known when every better one has refused a connection.
 * @throws CliError `mailserver-unreachable`, `interrupted`
 */
export async function whenMailserver(stack: Stack, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const { client, host, mailservers, unreachable } = stack
  const attached = (): ReadonlySet<string> => new Set(client.peers().map(({ peerId }) => peerId))
  const best = (): boolean => {
    const here = attached()
    const first = mailservers.find(({ peerId }) => here.has(peerId) || !unreachable.has(peerId))
    return first !== undefined && here.has(first.peerId)
  }
  if (best()) return
  await new Promise<void>((resolve, reject) => {
    const finish = (then: () => void): void => {
      off()
      host.removeEventListener('dialfailed', look)
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      then()
    }
    // After the listeners that keep `unreachable`, whatever their order.
    const look = (): void => queueMicrotask(() => best() && finish(resolve))
    const onAbort = (): void => finish(() => reject(interrupted()))
    const off = client.on('peer', look)
    host.addEventListener('dialfailed', look)
    signal.addEventListener('abort', onAbort, { once: true })
    const timer = setTimeout(() => {
      const here = attached()
      if (mailservers.some(({ peerId }) => here.has(peerId))) finish(resolve)
      else finish(() => reject(unreachableError(`could be reached in ${timeoutMs / 1000} s`)))
    }, timeoutMs)
    if (signal.aborted) onAbort()
  })
}

export interface FetchQuery extends FetchRange {
  /** Peer id of the one to ask. */
  readonly mailserver?: string | undefined
  readonly chats?: readonly ChatRef[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** @throws CliError `mailserver-refused`, `mailserver-timeout`, `mailserver-lost`, `mailserver-unreachable`, `interrupted` */
export async function fetchMissed(client: Pick<Client, 'fetchHistory'>, query: FetchQuery): Promise<HistoryResult> {
  const { since, until, ...rest } = query
  try {
    return await client.fetchHistory({ ...rest, fromSeconds: since, toSeconds: until })
  } catch (error) {
    if (query.signal?.aborted === true) throw interrupted()
    throw failureOf(error)
  }
}

function failureOf(error: unknown): unknown {
  if (codeOf(error) !== 'history-failed' || !(error instanceof Error)) return error
  const { cause } = error
  switch (codeOf(cause)) {
    case undefined:
      return unreachableError('is connected')
    case 'request-refused': {
      // The server's own words.
      const text = printable(cause instanceof Error ? cause.message.replace(/^.*refused: /, '') : '')
      const password = text.includes('decrypt')
      return new CliError(
        'failed',
        'mailserver-refused',
        `the mailserver refused: ${text}`,
        password ? 'its password is another one: enode://<id>:<password>@host:port' : undefined
      )
    }
    case 'request-timeout':
      return new CliError('failed', 'mailserver-timeout', 'the mailserver did not answer in time')
    case 'link-closed':
    case 'unknown-peer':
      return new CliError('failed', 'mailserver-lost', 'the connection to the mailserver was lost')
    case 'response-too-large':
      return new CliError('failed', 'mailserver-flood', 'the mailserver sent more than one page may have')
    default:
      return error
  }
}

const interrupted = (): CliError => new CliError('interrupted', 'interrupted', 'interrupted')

const unreachableError = (what: string): CliError =>
  new CliError(
    'unreachable',
    'mailserver-unreachable',
    `no mailserver ${what}`,
    'check --mailserver, and that the server runs'
  )
