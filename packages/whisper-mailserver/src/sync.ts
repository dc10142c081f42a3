import { bytesToHex, equalBytes } from '@status-stack/crypto'
import type { Scheduler } from '@status-stack/interface'
import { forEachSliced } from '@status-stack/utils'
import type { Archived, MailPeer, MailserverClient, SyncRequest, SyncResponse } from '@status-stack/whisper'
import { bloomLength, decodeEnvelope, envelopeHash, sentSeconds } from '@status-stack/whisper/wire'
import { check } from './checks.ts'
import { MailserverError } from './errors.ts'
import type { EventSource } from './events.ts'
import { cursorLength } from './keys.ts'
import { limits } from './limits.ts'

/** What to fetch from another mailserver. */
export interface SyncRange {
  /** Unix seconds, inclusive. */
  readonly fromSeconds: number
  /** Unix seconds, inclusive. */
  readonly toSeconds: number
  /** 64 bytes. @default everything */
  readonly bloom?: Uint8Array | undefined
  /** Envelopes a page, 1 … 1000. @default 1000 */
  readonly pageLimit?: number | undefined
  /** Where an earlier sync with this source stopped. */
  readonly cursor?: Uint8Array | undefined
  /** Ends the sync, which rejects with its reason; after a day it ends by itself. What has come stays archived. */
  readonly signal?: AbortSignal | undefined
}

/** What a sync brought: envelopes as they came, those we had included. */
export interface SyncResult {
  /** In all pages. */
  readonly envelopes: number
  /** Requests that were answered. */
  readonly pages: number
}

interface Page {
  readonly cursor: Uint8Array
  readonly error: string
}

interface Session {
  envelopes: number
  bumped: () => void
  settle: (page: Page) => void
}

/** The receiving side of syncs between mailservers: packet 123 out, packets 124 in. */
export interface SyncClient {
  readonly fetch: (client: Pick<MailserverClient, 'sync'>, source: string, range: SyncRange) => Promise<SyncResult>
  /** Packet 124 of a trusted peer. SPEC: every envelope is archived unchecked, whatever range was asked for. @throws WhisperError `invalid-envelope` of the peer */
  readonly received: (response: SyncResponse, peer: MailPeer) => Promise<void>
}

function archivedOf(bytes: Uint8Array): Archived {
  const envelope = decodeEnvelope(bytes)
  return {
    bytes,
    hash: envelopeHash(bytes),
    topic: envelope.topic,
    sentSeconds: sentSeconds(envelope),
    expirySeconds: envelope.expiry
  }
}

function checkFetch(client: Pick<MailserverClient, 'sync'>, source: string, range: SyncRange): void {
  check.object('client', client)
  check.function('client.sync', client.sync)
  check.text('source', source)
  check.options('range', range, ['fromSeconds', 'toSeconds', 'bloom', 'pageLimit', 'cursor', 'signal'])
  check.signal('range.signal', range.signal)
  check.integer('range.fromSeconds', range.fromSeconds, 0, 0xffff_ffff)
  check.integer('range.toSeconds', range.toSeconds, 0, 0xffff_ffff)
  if (range.bloom !== undefined) check.bytes('range.bloom', range.bloom, bloomLength)
  if (range.pageLimit !== undefined) check.integer('range.pageLimit', range.pageLimit, 1, limits.maxQueryLimit)
  if (range.cursor !== undefined) check.bytes('range.cursor', range.cursor, { max: cursorLength })
}

function failed(source: string, message: string): MailserverError {
  return new MailserverError('sync-failed', `sync: ${message.slice(0, limits.errorText)}`, {
    origin: 'environment',
    details: { source }
  })
}

/** Whose page is waited for, and how long. */
interface Wait {
  readonly source: string
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly scheduler: Scheduler
}

/** Resolves at the final packet of a page; every packet that brings something restarts the clock. */
function pageOf(session: Session, { source, signal, timeoutMs, scheduler }: Wait): Promise<Page> {
  return new Promise((resolve, reject) => {
    let cancel: () => void = () => undefined
    const end = (settle: () => void): void => {
      cancel()
      signal.removeEventListener('abort', abort)
      settle()
    }
    const abort = (): void => end(() => reject(signal.reason))
    session.bumped = () => {
      cancel()
      cancel = scheduler.after(timeoutMs, () => {
        end(() =>
          reject(
            new MailserverError('sync-timeout', `sync: the source was silent for ${timeoutMs} ms`, {
              origin: 'environment',
              details: { source, timeoutMs }
            })
          )
        )
      })
    }
    session.settle = page => end(() => resolve(page))
    if (signal.aborted) {
      abort()
      return
    }
    signal.addEventListener('abort', abort, { once: true })
    session.bumped()
  })
}

export function createSyncClient(
  store: (envelopes: readonly Archived[]) => Promise<void>,
  timeoutMs: number,
  ports: { readonly scheduler: Scheduler; readonly events: EventSource; readonly stopped: () => AbortSignal }
): SyncClient {
  const { scheduler, events, stopped } = ports
  // BOUNDED: one per source, as long as its caller waits.
  const sessions = new Map<string, Session>()

  const run = async (
    session: Session,
    client: Pick<MailserverClient, 'sync'>,
    source: string,
    range: SyncRange,
    late: AbortSignal
  ): Promise<SyncResult> => {
    const signal = AbortSignal.any([late, stopped(), ...(range.signal === undefined ? [] : [range.signal])])
    let cursor = range.cursor ?? new Uint8Array(0)
    for (let pages = 1; ; pages++) {
      const before = session.envelopes
      // Listening first: an answer may come before the request has left.
      const page = pageOf(session, { source, signal, timeoutMs, scheduler })
      page.catch(() => undefined)
      const request: SyncRequest = {
        lower: range.fromSeconds,
        upper: range.toSeconds,
        bloom: range.bloom ?? new Uint8Array(bloomLength).fill(0xff),
        limit: range.pageLimit ?? limits.maxQueryLimit,
        cursor
      }
      await client.sync(source, request)
      const { cursor: next, error } = await page
      if (error !== '') throw failed(source, `the source refused: ${error}`)
      if (next.length === 0) return { envelopes: session.envelopes, pages }
      // BOUNDED: a page that says there is more has to bring something and to go on.
      if (session.envelopes === before || equalBytes(next, cursor)) throw failed(source, 'the source goes in circles')
      cursor = next
    }
  }

  return {
    fetch: async (client, source, range) => {
      checkFetch(client, source, range)
      if (sessions.has(source)) {
        throw new MailserverError('invalid-argument', 'sync: one with this source is under way', { origin: 'caller' })
      }
      const nothing = (): void => undefined
      const session: Session = { envelopes: 0, bumped: nothing, settle: nothing }
      sessions.set(source, session)
      const late = new AbortController()
      const cancel = scheduler.after(limits.longestSyncMs, () =>
        late.abort(failed(source, 'it came to no end in a day'))
      )
      try {
        return await run(session, client, source, range, late.signal)
      } finally {
        cancel()
        session.settle({ cursor: new Uint8Array(0), error: '' })
        sessions.delete(source)
      }
    },
    received: async (response, peer) => {
      const session = sessions.get(peer.peerId)
      if (response.envelopes.length > 0) session?.bumped()
      const envelopes: Archived[] = []
      await forEachSliced(response.envelopes, bytes => void envelopes.push(archivedOf(bytes)))
      let { error } = response
      try {
        await store(envelopes)
      } catch (cause) {
        // Going on would skip what was not stored.
        session?.settle({ cursor: new Uint8Array(0), error: 'what it sent could not be stored' })
        throw cause
      }
      if (session !== undefined) session.envelopes += envelopes.length
      if (!response.final && error === '') return
      error = error.slice(0, limits.errorText)
      events.emit('syncfinished', { peerId: peer.peerId, cursor: bytesToHex(response.cursor), error })
      session?.settle({ cursor: response.cursor, error })
    }
  }
}
