import { isStackError } from '@status-stack/interface'
import type { ChatRef, Client, HistoryResult } from '@status-stack/status-client'
import { AccountError } from './errors.ts'

/** A range of time. */
export interface FetchRange {
  /** Unix seconds; what was missed of each place without. */
  readonly since?: number | undefined
  /** Unix seconds; now without. */
  readonly until?: number | undefined
}

/** What to ask a mailserver for. */
export interface FetchQuery extends FetchRange {
  /** Peer id of the one to ask. */
  readonly mailserver?: string | undefined
  /** Only places of these conversations: the server learns of no others. @default all */
  readonly chats?: readonly ChatRef[] | undefined
  /** Ends the request; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Refuses a range that ends before it begins. @throws AccountError `range`
 *
 * @example
 * ```ts
 * assertRange({ since, until })
 * ```
 */
export function assertRange({ since, until }: FetchRange): void {
  if (since !== undefined && until !== undefined && since >= until)
    throw new AccountError('range', 'the range ends before it begins', '--since comes before --until')
}

/**
 * Asks a mailserver, and says in words why it failed.
 * @throws AccountError `mailserver-refused`, `mailserver-timeout`, `mailserver-lost`, `mailserver-flood`, `mailserver-unreachable`
 *
 * @example
 * ```ts
 * const { deliveries } = await fetchHistory(client, { since: Math.floor(Date.now() / 1000) - 86_400 })
 * ```
 */
export async function fetchHistory(client: Pick<Client, 'fetchHistory'>, query: FetchQuery): Promise<HistoryResult> {
  const { since, until, ...rest } = query
  try {
    return await client.fetchHistory({ ...rest, fromSeconds: since, toSeconds: until })
  } catch (error) {
    query.signal?.throwIfAborted()
    throw failureOf(error)
  }
}

function failureOf(error: unknown): unknown {
  if (!isStackError(error) || error.code !== 'history-failed') return error
  const { cause } = error
  switch (isStackError(cause) ? cause.code : undefined) {
    case undefined:
      return unreachable('is connected')
    case 'request-refused': {
      // The server's own words.
      const text = cause instanceof Error ? cause.message.replace(/^.*refused: /, '') : ''
      const password = text.includes('decrypt')
      return new AccountError(
        'mailserver-refused',
        `the mailserver refused: ${text}`,
        password ? 'it may need a password: enode://<id>:<password>@host:port' : undefined
      )
    }
    case 'request-timeout':
      return new AccountError('mailserver-timeout', 'the mailserver did not answer in time')
    case 'link-closed':
    case 'unknown-peer':
      return new AccountError('mailserver-lost', 'the connection to the mailserver was lost')
    case 'response-too-large':
      return new AccountError('mailserver-flood', 'the mailserver sent more than a page may hold')
    default:
      return error
  }
}

/**
 * None could be asked.
 *
 * @example
 * ```ts
 * if (servers.length === 0) throw unreachable('no mailserver is connected')
 * ```
 */
export const unreachable = (what: string): AccountError =>
  new AccountError('mailserver-unreachable', `no mailserver ${what}`, 'check --mailserver, and that the server runs')
