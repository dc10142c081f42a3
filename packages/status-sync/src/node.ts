import { acceptMessages } from './accept.ts'
import { assertPeer, hexKey } from './bytes.ts'
import { Core } from './core.ts'
import { enqueueMessage } from './enqueue.ts'
import { SyncError } from './errors.ts'
import { resolveOptions, type SyncOptions } from './options.ts'
import type { SyncDeps } from './ports.ts'
import { heardFrom, receivePayload } from './receive.ts'
import { Rounds } from './rounds.ts'
import { longestWaitMs } from './schedule.ts'
import type { Sync } from './sync.ts'

/**
 * A sync node for one identity: takes over messages, repeats them until they are acknowledged or over, and acknowledges
 * what the caller has handled. SPEC: 2/MVDS.
 * @example
 * const sync = createSync({ self, store: memorySyncStore(), clock: { nowMs: Date.now }, output, settled, maxBytes })
 * await sync.enqueue({ peer, body, tracking: 'message-1' })
 * await sync.start()
 * @throws SyncError `invalid-argument`, `invalid-option`
 */
export function createSync(deps: SyncDeps, options: SyncOptions = {}): Sync {
  assertPeer('self', deps.self)
  const core = new Core(deps, resolveOptions(options))
  const rounds = new Rounds(core)

  const sync: Sync = {
    enqueue: async item => {
      await core.load()
      await enqueueMessage(core, item)
    },
    receive: async (peer, bytes, via) => {
      assertPeer('peer', peer)
      return receivePayload(core, new Uint8Array(peer), bytes, via?.device)
    },
    accept: async (peer, ids) => {
      assertPeer('peer', peer)
      for (const id of ids) {
        if (id.length !== 32) {
          throw new SyncError('invalid-argument', `id: expected 32 bytes, got ${id.length}`, { origin: 'caller' })
        }
      }
      await core.load()
      // Kept until they are acknowledged; the caller may reuse its arrays.
      await acceptMessages(
        core,
        new Uint8Array(peer),
        ids.map(id => new Uint8Array(id))
      )
    },
    heard: async peer => {
      assertPeer('peer', peer)
      await core.load()
      heardFrom(core, peer)
      if (core.book.isDirty) await core.flush()
    },
    retry: async peer => {
      if (peer !== undefined) assertPeer('peer', peer)
      await core.load()
      const nowMs = core.nowMs
      for (const key of peer === undefined ? core.acks.peers : [hexKey(peer)]) core.acks.retry(key, nowMs)
      const entries = peer === undefined ? core.book.all() : core.book.of(hexKey(peer))
      for (const entry of entries) if (entry.end === undefined) core.book.apply(entry, { kind: 'retry', nowMs })
      if (core.book.isDirty) await core.flush()
    },
    cancel: async (tracking, peer) => {
      if (peer !== undefined) assertPeer('peer', peer)
      await core.load()
      const key = peer === undefined ? undefined : hexKey(peer)
      for (const entry of core.book.tracked(tracking)) {
        if (key === undefined || key === entry.peerKey) await core.forget(entry)
      }
    },
    delivery: async tracking => {
      await core.load()
      const pending = core.book.tracked(tracking).map(({ record }) => ({
        peer: record.peer,
        state: record.held ? ('held' as const) : ('pending' as const),
        attempts: record.attempts
      }))
      const again = new Set(pending.map(({ peer }) => hexKey(peer)))
      return [...pending, ...core.ended(tracking).filter(({ peer }) => !again.has(hexKey(peer)))]
    },
    missing: async peer => {
      assertPeer('peer', peer)
      await core.load()
      return core.peers.get(peer)?.missing ?? []
    },
    absent: async (peer, ids) => {
      assertPeer('peer', peer)
      await core.load()
      const absent: Uint8Array[] = []
      for (const id of ids) if ((await core.peers.originOf(peer, id)) === undefined) absent.push(id)
      return absent
    },
    nextMs: async () => {
      await core.load()
      let next: number | undefined
      const consider = (atMs: number): void => {
        if (next === undefined || atMs < next) next = atMs
      }
      const reach = core.nowMs + longestWaitMs(core.timing) + core.options.unsentMs
      for (const { record, end, settleAtMs } of core.book.all()) {
        if (end !== undefined) consider(settleAtMs)
        else {
          consider(record.createdMs + core.options.giveUpMs + 1)
          if (!record.held) consider(record.dueMs > reach ? core.nowMs : record.dueMs)
        }
      }
      for (const key of core.acks.peers) {
        const dueMs = core.acks.dueMs(key)
        if (dueMs !== undefined) consider(dueMs)
      }
      return next
    },
    start: async () => {
      await core.load()
      rounds.start()
    },
    stop: () => rounds.stop(),
    tick: async () => {
      await core.load()
      await rounds.tick()
    },
    [Symbol.asyncDispose]: () => rounds.stop()
  }
  return sync
}
