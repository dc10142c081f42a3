import { bytesToHex } from '@status-stack/crypto'
import { acceptMessages } from './accept.ts'
import { copyBytes } from './bytes.ts'
import { check, checkPeer } from './checks.ts'
import { Core } from './core.ts'
import { enqueueMessage } from './enqueue.ts'
import { resolveOptions, type SyncOptions } from './options.ts'
import type { SyncDeps } from './ports.ts'
import { knowsPayload, peerActive, receivePayload } from './receive.ts'
import { longestWaitMs } from './schedule.ts'
import { agesOf } from './send.ts'
import type { SendStatus, Sync } from './sync.ts'
import { TickLoop } from './tick-loop.ts'

function checkDeps(deps: SyncDeps): void {
  check.object('deps', deps)
  const { self, store, clock, isKnown, bodyOf } = deps
  checkPeer('self', self)
  for (const port of ['output', 'settled', 'maxBytes'] as const) check.function(port, deps[port])
  check.object('store', store)
  for (const call of ['get', 'list', 'write'] as const) check.function(`store.${call}`, store[call])
  check.object('clock', clock)
  check.function('clock.nowMs', clock.nowMs)
  if (isKnown !== undefined) check.function('isKnown', isKnown)
  if (bodyOf !== undefined) check.function('bodyOf', bodyOf)
  if (store.getMany !== undefined) check.function('store.getMany', store.getMany)
  check.ports(deps, { expiryClock: ['nowMs'], random: ['bytes'], logger: ['warn'], slicer: ['yielded'] })
}

/**
 * A sync node for one identity: takes over messages, repeats them until they are acknowledged or over, and acknowledges
 * what the caller has handled. SPEC: 2/MVDS.
 *
 * @example
 * ```ts
 * const sync = createSync({ self, store: memorySyncStore(), clock: { nowMs: Date.now }, output, settled, maxBytes })
 * await sync.enqueue({ peer, body, tracking: 'message-1' })
 * await sync.start()
 * ```
 * @throws SyncError `invalid-argument`
 */
export function createSync(deps: SyncDeps, options: SyncOptions = {}): Sync {
  checkDeps(deps)
  const core = new Core(deps, resolveOptions(options))
  const ticks = new TickLoop(core)

  const sync: Sync = {
    enqueue: async item => {
      await core.load()
      await enqueueMessage(core, item)
      ticks.appended(bytesToHex(item.peer))
    },
    receive: async (peer, bytes, via) => {
      checkPeer('peer', peer)
      check.bytes('bytes', bytes)
      if (via !== undefined) check.object('via', via)
      if (via?.device !== undefined) check.text('via.device', via.device)
      return receivePayload(core, copyBytes(peer), bytes, via?.device)
    },
    knows: async (peer, bytes) => {
      checkPeer('peer', peer)
      check.bytes('bytes', bytes)
      return knowsPayload(core, copyBytes(peer), bytes)
    },
    accept: async (peer, ids) => {
      checkPeer('peer', peer)
      check.array('ids', ids)
      for (const id of ids) check.bytes('id', id, 32)
      await core.load()
      // Kept until they are acknowledged; the caller may reuse its arrays.
      await acceptMessages(core, copyBytes(peer), ids.map(copyBytes))
    },
    peerActive: async peer => {
      checkPeer('peer', peer)
      await core.load()
      // Stored by the next tick: that someone was heard is no more than a hint.
      peerActive(core, peer)
    },
    retry: async peer => {
      if (peer !== undefined) checkPeer('peer', peer)
      await core.load()
      const nowMs = core.nowMs
      for (const key of peer === undefined ? core.acks.peers : [bytesToHex(peer)]) core.acks.retry(key, nowMs)
      const entries = peer === undefined ? core.records.all() : core.records.of(bytesToHex(peer))
      for (const entry of entries) if (entry.end === undefined) core.records.apply(entry, { kind: 'retry', nowMs })
      if (core.records.isDirty) await core.flush()
    },
    cancel: async (tracking, peer) => {
      check.text('tracking', tracking)
      if (peer !== undefined) checkPeer('peer', peer)
      await core.load()
      const key = peer === undefined ? undefined : bytesToHex(peer)
      const entries = core.records.tracked(tracking)
      await core.forget(entries.filter(({ peerKey }) => key === undefined || key === peerKey))
    },
    delivery: async tracking => {
      check.text('tracking', tracking)
      await core.load()
      return statusesOf(core, tracking)
    },
    nextMs: async () => {
      await core.load()
      return nextDueMs(core)
    },
    start: async () => {
      await core.load()
      ticks.start()
    },
    stop: () => ticks.stop(),
    tick: async () => {
      await core.load()
      await ticks.tick()
    },
    [Symbol.asyncDispose]: () => ticks.stop()
  }
  return sync
}

/** Where a message stands: what is pending, and for whom it has ended. */
function statusesOf(core: Core, tracking: string): readonly SendStatus[] {
  const pending = core.records.tracked(tracking).map(({ record }) => ({
    peer: record.peer,
    state: record.held ? ('held' as const) : ('pending' as const),
    attempts: record.attempts
  }))
  const again = new Set(pending.map(({ peer }) => bytesToHex(peer)))
  return [...pending, ...core.ended(tracking).filter(({ peer }) => !again.has(bytesToHex(peer)))]
}

/** When a tick has something to do next: something is due, given up or told. */
function nextDueMs(core: Core): number | undefined {
  let next: number | undefined
  const consider = (atMs: number): void => {
    if (next === undefined || atMs < next) next = atMs
  }
  const { giveUpMs, requestGiveUpMs, lagMs } = agesOf(core)
  const reach = core.nowMs + longestWaitMs(core.timing) + core.options.unsentMs
  for (const { record, end, settleAtMs } of core.records.all()) {
    if (end !== undefined) consider(settleAtMs)
    else {
      consider(record.createdMs + (record.kind === 'request' ? requestGiveUpMs : giveUpMs) + 1 + lagMs)
      if (!record.held) consider(record.dueMs > reach ? core.nowMs : record.dueMs)
    }
  }
  for (const key of core.acks.peers) {
    const dueMs = core.acks.dueMs(key)
    if (dueMs !== undefined) consider(dueMs)
  }
  return next
}
