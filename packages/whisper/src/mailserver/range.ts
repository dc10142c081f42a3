import { bytesToHex } from '@status-stack/crypto'
import { createBoundedMap } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { HistoryPage, HistoryQuery } from '../whisper-types.ts'
import type { HistoryProgress, HistoryRange, HistoryResume } from './client-types.ts'

type AskPage = (server: string, query: HistoryQuery) => Promise<HistoryPage>

function isFinal(error: unknown, range: HistoryRange): boolean {
  return (
    range.signal?.aborted === true ||
    (WhisperError.is(error) && error.origin === 'caller' && error.code !== 'unknown-peer')
  )
}

/** Whether the same server would fail again. */
function isHopeless(error: unknown): boolean {
  return (
    WhisperError.is(error) &&
    (error.code === 'unknown-peer' || error.code === 'link-closed' || error.code === 'response-without-progress')
  )
}

/** One page from one server, tried again as often as the range allows. */
async function pageOf(ask: AskPage, server: string, query: HistoryQuery, range: HistoryRange): Promise<HistoryPage> {
  const attempts = range.attempts ?? 2
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(server, query)
    } catch (error) {
      if (attempt >= attempts || isHopeless(error) || isFinal(error, range)) throw error
    }
  }
}

/** All servers in the order to be asked; the one that a resume names comes first, because only it knows the cursor. */
function order(servers: readonly string[], resume: HistoryResume | undefined): readonly string[] {
  return resume !== undefined && servers.includes(resume.server)
    ? [resume.server, ...servers.filter(server => server !== resume.server)]
    : servers
}

/**
 * A range over pages and servers. A server that fails, or whose pages bring nothing new, is left for the next one, which is asked for what
 * remains in time: cursors are worth nothing elsewhere, and repeated envelopes are dropped by their hash.
 */
export async function* historyRange(
  ask: AskPage,
  nowSeconds: () => number,
  servers: readonly string[],
  range: HistoryRange
): AsyncGenerator<HistoryProgress, void, void> {
  const toSeconds = range.resume?.toSeconds ?? (range.toSeconds === 0 ? nowSeconds() : range.toSeconds)
  // A repeat beyond the bound is yielded again, and the layers above know it by its hash.
  const seen = createBoundedMap<string, true>({ maxEntries: limits.rangeEnvelopes })
  let received = 0
  let failure: unknown = new WhisperError('unknown-peer', 'history: no mailserver to ask', { origin: 'caller' })
  let page = 0
  let left = { fromSeconds: range.fromSeconds, toSeconds }
  for (const server of order(servers, range.resume)) {
    let cursor = range.resume?.server === server ? range.resume.cursor : undefined
    // That in which the cursors of this server stand.
    const asked = left
    try {
      for (;;) {
        range.signal?.throwIfAborted()
        const answer = await pageOf(ask, server, queryOf(range, asked, cursor), range)
        const fresh = answer.deliveries.filter(({ hash }) => !seen.has(bytesToHex(hash)))
        for (const { hash } of fresh) seen.set(bytesToHex(hash), true)
        received += fresh.length
        cursor = answer.cursor
        left = answer.remaining ?? left
        page += 1
        yield {
          server,
          page,
          deliveries: fresh,
          received,
          ...(cursor === undefined ? {} : { resume: { server, cursor, toSeconds } })
        }
        if (cursor === undefined) return
      }
    } catch (error) {
      failure = error
      if (isFinal(error, range)) throw error
    }
  }
  throw failure
}

function queryOf(
  range: HistoryRange,
  asked: { readonly fromSeconds: number; readonly toSeconds: number },
  cursor: Uint8Array | undefined
): HistoryQuery {
  return {
    interests: range.interests,
    ...asked,
    limit: range.pageLimit ?? limits.maxHistoryLimit,
    signer: range.signer,
    ...(cursor === undefined ? {} : { cursor }),
    ...(range.key === undefined ? {} : { key: range.key }),
    ...(range.timeoutMs === undefined ? {} : { timeoutMs: range.timeoutMs }),
    ...(range.signal === undefined ? {} : { signal: range.signal })
  }
}
