import type { Clock, Scheduler } from '@status-stack/interface'
import { createEmitter, createLifecycle, steadyClock, systemScheduler } from '@status-stack/utils'
import type { Archived, InterestKey, MailserverClient, MailserverPort, Whisper } from '@status-stack/whisper'
import { symmetricKeyFromPassword } from '@status-stack/whisper/wire'
import { check, checkIdentity, checkStore } from './checks.ts'
import { type MailserverLogger, silentLogger, systemClock } from './defaults.ts'
import { MailserverError } from './errors.ts'
import { type MailserverEventName, type MailserverEvents, mailserverEventNames } from './events.ts'
import { type MailserverOptions, resolveOptions } from './options.ts'
import type { EnvelopeStore, RequestIdentity } from './ports.ts'
import { createRetention } from './retention.ts'
import { createHandover } from './serving/handover.ts'
import { createRequests } from './serving/requests.ts'
import { createTurns } from './serving/turns.ts'
import { countEvents, type MailserverStats } from './stats.ts'
import { createSyncClient, type SyncRange, type SyncResult } from './sync.ts'

/** What a mailserver is made of; only the store has no default. */
export interface MailserverDeps {
  /** Where envelopes are kept; opened and closed by the mailserver. */
  readonly store: EnvelopeStore
  /** Opens requests that are sealed to this key; tried before the password. */
  readonly identity?: RequestIdentity | undefined
  /** What retention and open ranges go by. @default the system clock */
  readonly clock?: Clock | undefined
  /** Times the retention and slow readers. @default the system's */
  readonly scheduler?: Scheduler | undefined
  /** Told of failures of the store. @default silent */
  readonly logger?: MailserverLogger | undefined
}

/** The part of a node that a mailserver plugs into. */
export type MailserverNode = Pick<Whisper, 'capability' | 'serve'>

const wakuCapability = 'waku'

/** Archives what a node pools, and answers requests for it. */
export interface Mailserver {
  /** Opens the store and derives the password's key. Idempotent. @throws what the store rejects with */
  readonly start: () => Promise<void>
  /** Ends what is under way, waits for it and closes the store. Idempotent. */
  readonly stop: () => Promise<void>
  /** `stop`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
  /** For `whisper.serve`; refuses while the mailserver is not running. */
  readonly port: Required<MailserverPort>
  /**
   * Serves on a node of Whisper or of Waku, in the form that its protocol has; the returned function ends it. One mailserver may serve on
   * nodes of both: they share the archive, in which an envelope is stored once.
   * @throws MailserverError `invalid-argument`; WhisperError `invalid-argument` when the node has a mailserver already
   */
  readonly attach: (node: MailserverNode) => () => void
  /**
   * Fetches a range from another mailserver, page by page, and archives it. `client` is the `mailserver` of our node, which
   * must be connected to `source` (64 hex digits) and trusts it from now on.
   * @throws MailserverError `sync-failed`, `sync-timeout`, `invalid-argument`; WhisperError `unknown-peer`
   */
  readonly sync: (client: Pick<MailserverClient, 'sync'>, source: string, range: SyncRange) => Promise<SyncResult>
  /** One deletion pass now; answers how many envelopes went. Does nothing without a retention. */
  readonly clean: () => Promise<number>
  /** A snapshot. */
  readonly stats: () => MailserverStats
  /**
   * Calls the handler with each such fact until the answered function is called: what was archived, served, refused and deleted.
   *
   * @throws MailserverError `invalid-argument` for a name that never comes
   */
  readonly on: <Name extends MailserverEventName>(
    event: Name,
    handler: (fact: MailserverEvents[Name]) => void
  ) => () => void
}

/** What opens requests, in the order in which it is tried. */
async function keysOf(
  identity: RequestIdentity | undefined,
  password: string | false
): Promise<readonly InterestKey[]> {
  const keys: InterestKey[] = identity === undefined ? [] : [{ kind: 'asymmetric', identity }]
  if (password !== false) keys.push({ kind: 'symmetric', key: await symmetricKeyFromPassword(password) })
  return keys
}

/**
 * A mailserver over a store, to be plugged into a node.
 *
 * @example
 * ```ts
 * const mailserver = createMailserver({ store: createLevelStore({ location }) })
 * await mailserver.start()
 * mailserver.attach(whisper)
 * ```
 * @throws MailserverError `invalid-argument`
 */
export function createMailserver(deps: MailserverDeps, given: MailserverOptions = {}): Mailserver {
  check.object('deps', deps)
  checkStore(deps.store)
  if (deps.identity !== undefined) checkIdentity(deps.identity)
  check.ports(deps, { clock: ['nowMs'], scheduler: ['after'], logger: ['debug', 'error'] })
  const { store, identity, clock = systemClock, scheduler = systemScheduler, logger = silentLogger } = deps
  const options = resolveOptions(given, identity !== undefined)
  const events = createEmitter<MailserverEvents>(mailserverEventNames, check, (event, error) =>
    logger.error('a listener failed', { event, error: String(error) })
  )
  const counts = countEvents(events)
  let keys: readonly InterestKey[] = []
  let stopped = new AbortController()
  let isRunning = false

  const assertRunning = (): void => {
    if (!isRunning)
      throw new MailserverError('not-running', 'mailserver: not started, or stopped', { origin: 'caller' })
  }

  const keep = async (envelopes: readonly Archived[], source: 'live' | 'sync'): Promise<void> => {
    assertRunning()
    if (envelopes.length === 0) return
    await store.put(envelopes)
    const bytes = envelopes.reduce((sum, envelope) => sum + envelope.bytes.length, 0)
    events.emit('archived', { envelopes: envelopes.length, bytes, source })
  }

  const steady = steadyClock(clock)
  const turns = createTurns(options, steady, scheduler)
  const handover = createHandover(steady, scheduler, options.handoverTimeoutMs)
  const requests = createRequests({
    store,
    options,
    clock,
    steady,
    scheduler,
    logger,
    events,
    turns,
    handover,
    keys: () => keys
  })
  const retention = createRetention(store, options, { clock, scheduler, logger, events })
  const syncClient = createSyncClient(envelopes => keep(envelopes, 'sync'), options.syncTimeoutMs, {
    scheduler,
    events,
    stopped: () => stopped.signal
  })

  const begin = async (): Promise<void> => {
    if (isRunning) return
    await store.open()
    keys = await keysOf(identity, options.password)
    stopped = new AbortController()
    handover.start()
    isRunning = true
    retention.start()
  }

  const end = async (): Promise<void> => {
    isRunning = false
    const reason = new MailserverError('not-running', 'mailserver: stopped', { origin: 'environment' })
    stopped.abort(reason)
    handover.stop(reason)
    await retention.stop()
    await turns.idle()
    await store.close()
  }
  const { start, stop } = createLifecycle(begin, end)

  /** @param binary whether the form from before RLP is read too, which Waku never had */
  const answer =
    (binary: boolean): Required<MailserverPort>['request'] =>
    async (request, peer) => {
      assertRunning()
      await requests.history(request, peer, binary)
    }

  const port: Required<MailserverPort> = {
    archive: { accept: envelopes => keep(envelopes, 'live') },
    request: answer(true),
    syncRequest: async (request, peer) => {
      assertRunning()
      await requests.sync(request, peer)
    },
    syncResponse: syncClient.received
  }

  return {
    start,
    stop,
    [Symbol.asyncDispose]: stop,
    port,
    attach: node => {
      check.object('node', node)
      check.object('node.capability', node.capability)
      check.function('node.serve', node.serve)
      return node.serve(node.capability.name === wakuCapability ? { ...port, request: answer(false) } : port)
    },
    sync: async (client, source, range) => {
      assertRunning()
      return syncClient.fetch(client, source, range)
    },
    clean: async () => {
      assertRunning()
      return retention.pass()
    },
    stats: () => ({ ...counts, running: turns.running() }),
    on: events.on
  }
}
