import type { SyncLayer } from '@status-stack/interface'
import { createMutex } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { limits } from '../limits.ts'
import type { OutboxRecord } from '../storage/records.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { MessageId } from '../types.ts'
import { createOutboxEntries } from './outbox-entries.ts'
import { createOutboxQueue, type OutboxQueue } from './outbox-queue.ts'
import { createOncePoster, type OncePorts } from './post-once.ts'
import { createSyncHandOver } from './sync-hand-over.ts'

export interface OutboxPorts extends Pick<OncePorts, 'poster' | 'connected' | 'peersConfirm'> {
  /** Waits so many milliseconds, or until the client stops. */
  readonly rest: (ms: number) => Promise<void>
  readonly enqueue: SyncLayer['enqueue']
}

/** Between the client's store and the layers below: what a crash or a missing link interrupted is taken up again. */
export interface Outbox {
  readonly stage: (unit: Unit, record: OutboxRecord) => void
  /** A message whose way is still being prepared waits for that, whatever pumps meanwhile; the returned function lets it go. */
  readonly hold: (messageId: MessageId) => () => void
  /**
   * Hands over what waits: reliable messages to sync, the rest to the transport when there is a link. Calls that come while one waits
   * for its turn share it. Ends early when the client stops: what is left is taken up at the next start.
   */
  readonly pump: () => Promise<void>
  /** The same for a message that was just stored: at once, or shortly after the last pass together with others that come until then. */
  readonly pumpSoon: () => Promise<void>
  /** Ends the pass under way and begins no other: what is queued stays for the next start. Confirmations are still noted. */
  readonly end: () => void
  /** Deletes the entry of a message, and says whether there was one. `queuedMs`: as the ledger has it. */
  readonly cancel: (entry: { readonly messageId: MessageId; readonly queuedMs: number }) => Promise<boolean>
}

export function createOutbox(core: Core, ports: OutboxPorts): Outbox {
  const { run: serial } = createMutex()
  // BOUNDED: messages whose `send` has answered a short while ago
  const held = new Set<MessageId>()
  const isHeld = (messageId: MessageId): boolean => held.has(messageId)
  let waitingPump: Promise<void> | undefined
  let resting: Promise<void> | undefined
  let lastPassMs = Number.NEGATIVE_INFINITY
  const ending = new AbortController()
  core.stopping.addEventListener('abort', () => ending.abort())

  const entries = createOutboxEntries(core, ({ via }, key, record) => queueOf(via).wrote(key, record))
  const once = createOncePoster(core, entries, {
    ...ports,
    isHeld,
    ending: ending.signal,
    pump: () => pump()
  })

  const toSync = createSyncHandOver(core, entries, { enqueue: ports.enqueue, isHeld, ending: ending.signal })
  const syncQueue = createOutboxQueue(core.store, core.keys.outboxOf('sync'), {
    handle: toSync,
    room: () => limits.outboxPage,
    atOnce: limits.outboxPage
  })
  const onceQueue = createOutboxQueue(core.store, core.keys.outboxOf('once'), {
    handle: async ([record]) => (record === undefined ? [] : [await once.post(record)]),
    room: () => limits.postsUnconfirmed - once.unconfirmed(),
    atOnce: 1
  })
  const queueOf = ({ kind }: Pick<OutboxRecord['via'], 'kind'>): OutboxQueue =>
    kind === 'sync' ? syncQueue : onceQueue

  const pump = (): Promise<void> => {
    waitingPump ??= serial(async () => {
      waitingPump = undefined
      if (ending.signal.aborted) return
      try {
        await syncQueue.pass()
        if (ports.connected()) await onceQueue.pass()
      } finally {
        lastPassMs = core.clock.nowMs()
      }
    })
    return waitingPump
  }

  const pumpSoon = (): Promise<void> => {
    const restMs = lastPassMs + limits.outboxRestMs - core.clock.nowMs()
    // A clock that was set back since makes nobody wait.
    if (restMs <= 0 || restMs > limits.outboxRestMs) return pump()
    resting ??= ports.rest(restMs).then(() => {
      resting = undefined
      return pump()
    })
    return resting
  }

  return {
    stage: entries.put,
    hold: messageId => {
      held.add(messageId)
      return () => void held.delete(messageId)
    },
    pump,
    pumpSoon,
    end: () => ending.abort(),
    cancel: ({ messageId, queuedMs }) =>
      once.changing(async () => {
        const kinds = ['sync', 'once'] as const
        for (const kind of kinds) {
          const place = { messageId, queuedMs, via: { kind } }
          if ((await entries.read(place)) === undefined) continue
          // On the disk before a confirmation, or its want, is noted: that would bring the entry back.
          const unit = core.store.unit()
          entries.remove(unit, place)
          await unit.commit()
          return true
        }
        return false
      })
  }
}
