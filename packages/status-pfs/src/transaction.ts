import { bytesToHex, concatBytes, equalBytes, utf8Bytes } from '@status-stack/crypto'
import { PfsError } from './errors.ts'
import { compress, generateKeyPair } from './keys.ts'
import { limits } from './limits.ts'
import type { ResolvedOptions } from './options.ts'
import type { SealerDeps, SessionStore } from './ports.ts'
import { decodePeer, encodePeer, newPeer, type PeerRecord } from './records/peer.ts'
import { decodeIndex, encodeIndex, type PeerIndex } from './records/peer-index.ts'
import { decodeSelf, encodeSelf, type SelfRecord } from './records/self.ts'
import { wipePeer, wipeSelf } from './records/wipe.ts'
import type { StepMeter } from './step-meter.ts'

const selfId = utf8Bytes('pfs/self')
const indexId = utf8Bytes('pfs/peers')
const peerPrefix = utf8Bytes('pfs/peer/')

/** Store id of the record of one identity (33 bytes). Session state is found through it, so it never mixes two identities. */
function peerRecordId(identity: Uint8Array): Uint8Array {
  return concatBytes(peerPrefix, identity)
}

/** The records one call works on. They are loaded once, changed in place and written together at the end. */
export interface Transaction {
  readonly deps: SealerDeps
  readonly options: ResolvedOptions
  readonly nowMs: number
  /** The time by which something is erased for good. */
  readonly expiryMs: number
  /** Our own identity, 33 bytes. */
  readonly own: Uint8Array
  /** Outlives the transaction: one that is run again after a conflict is charged twice. */
  readonly meter: StepMeter
  readonly self: () => Promise<SelfRecord>
  readonly index: () => Promise<PeerIndex>
  /** The record of an identity (33 bytes), a new one if there is none; a new one is written only when changed. */
  readonly peer: (identity: Uint8Array) => Promise<PeerRecord>
  /** Deletes the record of an identity at the end. */
  readonly forget: (identity: Uint8Array) => Promise<void>
}

interface Slot {
  readonly id: Uint8Array
  readonly before: Uint8Array
  readonly revision: number
  /** `undefined` deletes. */
  after: () => Uint8Array | undefined
  readonly wipe: () => void
}

const nothing = new Uint8Array(0)

async function load<T>(
  store: SessionStore,
  id: Uint8Array,
  codec: {
    readonly decode: (bytes: Uint8Array) => T
    readonly encode: (value: T) => Uint8Array
    readonly fresh: () => { readonly value: T; readonly keep: boolean }
    readonly wipe: (value: T) => void
  }
): Promise<{ readonly value: T; readonly slot: Slot }> {
  const stored = await store.get(id)
  const { value, keep } = stored === undefined ? codec.fresh() : { value: codec.decode(stored.record), keep: true }
  // A fresh record that stays as it is need not be stored.
  const before = stored === undefined ? (keep ? nothing : codec.encode(value)) : stored.record
  return {
    value,
    slot: {
      id,
      before,
      revision: stored?.revision ?? 0,
      after: () => codec.encode(value),
      wipe: () => codec.wipe(value)
    }
  }
}

function freshSelf(deps: SealerDeps, options: ResolvedOptions, own: Uint8Array, nowMs: number): SelfRecord {
  const pair = generateKeyPair(deps.random)
  return {
    identity: own,
    installationId: options.installationId,
    recoveredMs: 0,
    prekeys: [{ pair, version: 1, createdMs: nowMs, replacedMs: 0 }]
  }
}

function assertSelf(self: SelfRecord, own: Uint8Array, options: ResolvedOptions): void {
  if (!equalBytes(self.identity, own)) {
    throw new PfsError('identity-mismatch', 'store: it belongs to another identity', { origin: 'caller' })
  }
  if (self.installationId !== options.installationId) {
    throw new PfsError(
      'installation-mismatch',
      'store: it belongs to another installation; a new installation starts with an empty store',
      { origin: 'caller' }
    )
  }
}

async function commit(store: SessionStore, slots: readonly Slot[]): Promise<boolean> {
  for (const slot of slots) {
    const after = slot.after()
    if (after === undefined) {
      if (slot.revision !== 0 && !(await store.delete(slot.id, slot.revision))) return false
    } else if (!equalBytes(after, slot.before) && !(await store.put(slot.id, after, slot.revision))) {
      return false
    }
  }
  return true
}

async function runOnce<T>(
  deps: SealerDeps,
  options: ResolvedOptions,
  meter: StepMeter,
  work: (tx: Transaction) => Promise<T>,
  write: boolean
): Promise<{ readonly result: T } | undefined> {
  const { store } = deps
  const own = compress(deps.identity.publicKey)
  const nowMs = Math.floor(deps.clock.nowMs())
  const expiryMs = Math.floor((deps.expiryClock ?? deps.clock).nowMs())
  // Index first, then self, then peers: a crash in between leaves an index entry or a prekey too many, never one too few.
  let index: { value: PeerIndex; slot: Slot } | undefined
  let self: { value: SelfRecord; slot: Slot } | undefined
  const peers = new Map<string, { value: PeerRecord; slot: Slot }>()
  const tx: Transaction = {
    deps,
    options,
    nowMs,
    expiryMs,
    own,
    meter,
    index: async () => {
      index ??= await load(store, indexId, {
        decode: decodeIndex,
        encode: encodeIndex,
        fresh: () => ({ value: { entries: [] }, keep: false }),
        wipe: value => {
          for (const { secret } of value.entries) secret?.fill(0)
        }
      })
      return index.value
    },
    self: async () => {
      if (self === undefined) {
        self = await load(store, selfId, {
          decode: decodeSelf,
          encode: encodeSelf,
          fresh: () => ({ value: freshSelf(deps, options, own, nowMs), keep: true }),
          wipe: wipeSelf
        })
        assertSelf(self.value, own, options)
      }
      return self.value
    },
    peer: async identity => {
      const key = bytesToHex(identity)
      let peer = peers.get(key)
      if (peer === undefined) {
        peer = await load(store, peerRecordId(identity), {
          decode: decodePeer,
          encode: encodePeer,
          fresh: () => ({ value: newPeer(identity), keep: false }),
          wipe: wipePeer
        })
        peers.set(key, peer)
      }
      return peer.value
    },
    forget: async identity => {
      await tx.peer(identity)
      const peer = peers.get(bytesToHex(identity))
      if (peer !== undefined) peer.slot.after = () => undefined
    }
  }
  const slots = () => [index, self, ...peers.values()].flatMap(loaded => (loaded === undefined ? [] : [loaded.slot]))
  try {
    const result = await work(tx)
    return !write || (await commit(store, slots())) ? { result } : undefined
  } finally {
    for (const slot of slots()) slot.wipe()
  }
}

/**
 * Runs `work` on freshly loaded records and stores what it changed; on a lost compare-and-set it starts over, so `work`
 * must have no other effect than its result. Secrets it loaded are erased at the end (best effort).
 * @throws PfsError `store-conflict`
 */
export async function transact<T>(
  deps: SealerDeps,
  options: ResolvedOptions,
  meter: StepMeter,
  work: (tx: Transaction) => Promise<T>,
  mode: 'write' | 'read' = 'write'
): Promise<T> {
  // BOUNDED: maxConflicts
  for (let tries = 0; tries < limits.maxConflicts; tries++) {
    const done = await runOnce(deps, options, meter, work, mode === 'write')
    if (done !== undefined) return done.result
  }
  throw new PfsError('store-conflict', `store: ${limits.maxConflicts} conflicting writes in a row`, {
    origin: 'environment'
  })
}
