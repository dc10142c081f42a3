import { decompressPublicKey } from '@status-stack/crypto'
import { createMutex, timeSlicer } from '@status-stack/utils'
import { check } from './checks.ts'
import { confirmReceipt } from './confirm.ts'
import { PfsError } from './errors.ts'
import { findDevice, isOwn, newestFirst, targetsOf } from './installations.ts'
import { identity33 } from './keys.ts'
import { openFrom } from './open.ts'
import { resolveOptions, type SealerOptions } from './options.ts'
import { forgetPeer, standingEffects } from './peers.ts'
import type { IdentityKey, SealerDeps } from './ports.ts'
import { currentPrekey, refreshPrekeys } from './prekeys.ts'
import { sealFor } from './seal.ts'
import { isOutlived, tidySessions } from './sessions.ts'
import { maxPlaintextFor, sealedSizeFor } from './size.ts'
import { createStepMeter } from './step-meter.ts'
import { type Transaction, transact } from './transaction.ts'
import type { Device, Sealer } from './types.ts'

async function listDevices(tx: Transaction, identity: Uint8Array): Promise<readonly Device[]> {
  const peer = await tx.peer(identity33(identity))
  const targets = targetsOf(tx, peer)
  const others = newestFirst(peer.devices).map(device => ({
    installationId: device.installationId,
    self: false,
    enabled: device.enabled,
    targeted: targets.includes(device),
    heardFrom: device.heardFrom,
    strongest: device.strongest,
    version: device.version,
    bundleMs: Number(device.timestamp / 1_000_000n)
  }))
  if (identity33(identity).some((byte, i) => byte !== tx.own[i])) return others
  const prekey = currentPrekey(await tx.self())
  const mine: Device = {
    installationId: tx.options.installationId,
    self: true,
    enabled: true,
    targeted: false,
    heardFrom: true,
    strongest: 'none',
    version: prekey.version,
    bundleMs: prekey.createdMs
  }
  return [mine, ...others]
}

async function enableDevice(tx: Transaction, installationId: string, on: boolean): Promise<void> {
  const device = findDevice(await tx.peer(tx.own), installationId)
  if (device === undefined) {
    throw new PfsError('unknown-device', 'installation: not a known device of our identity', { origin: 'caller' })
  }
  device.enabled = on
}

/** An identity key that takes public keys of 33 bytes too, as this layer holds them. */
function withCompressedKeys(identity: IdentityKey): IdentityKey {
  return {
    publicKey: identity.publicKey,
    sign: digest => identity.sign(digest),
    ecdhX: publicKey => identity.ecdhX(publicKey.length === 33 ? decompressPublicKey(publicKey) : publicKey)
  }
}

function checkDeps(deps: SealerDeps): SealerDeps {
  check.object('deps', deps)
  const { identity, store, clock, expiryClock, random, isKnown } = deps
  check.object('identity', identity)
  identity33(identity.publicKey, 'identity.publicKey')
  check.bytes('identity.publicKey', identity.publicKey, 65)
  check.function('identity.sign', identity.sign)
  check.function('identity.ecdhX', identity.ecdhX)
  check.object('store', store)
  for (const call of ['get', 'put', 'delete'] as const) check.function(`store.${call}`, store[call])
  check.object('clock', clock)
  check.function('clock.nowMs', clock.nowMs)
  check.object('random', random)
  check.function('random.bytes', random.bytes)
  if (isKnown !== undefined) check.function('isKnown', isKnown)
  check.ports(deps, { expiryClock: ['nowMs'] })
  return { identity: withCompressedKeys(identity), store, clock, expiryClock, random, isKnown }
}

async function tidyPeer(tx: Transaction, identity: Uint8Array): Promise<void> {
  const peer = await tx.peer(identity)
  tidySessions(tx, await tx.self(), peer)
  if (!isOwn(tx, identity) && isOutlived(tx, peer)) await forgetPeer(tx, identity)
}

/** Erases what is old in every record, one record at a time. */
async function tidyAll(write: Run, signal: AbortSignal | undefined): Promise<void> {
  const identities = await write(async tx => {
    refreshPrekeys(tx, await tx.self())
    // Our own other devices have a record too, which the index need not list.
    return [tx.own, ...(await tx.index()).entries.map(({ identity }) => identity)]
  })
  for (const identity of identities) {
    signal?.throwIfAborted()
    await write(tx => tidyPeer(tx, identity))
    await timeSlicer.yielded(signal)
  }
}

type Run = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>

/**
 * The full sealer: X3DH, Double Ratchet and static-key fallback for one device of one identity. It makes the first prekey if
 * the store is empty. Calls on one sealer run one after the other; several sealers may share a store.
 *
 * @example
 * ```ts
 * const alice = await createSealer({ identity, store: memorySessionStore(), clock, random }, { installationId: 'phone' })
 * const sealed = await alice.seal(bytes, { kind: 'identity', publicKey: bob, reach: 'known-devices' })
 * ```
 * @throws PfsError `invalid-argument`, `invalid-public-key`; `identity-mismatch`, `installation-mismatch`
 * when the store belongs to another identity or device; `record-corrupt`, `record-version`
 */
export async function createSealer(deps: SealerDeps, options: SealerOptions): Promise<Sealer> {
  const checked = checkDeps(deps)
  const resolved = resolveOptions(options)
  const mutex = createMutex()
  const meter = createStepMeter()
  const write: Run = work => mutex.run(() => transact(checked, resolved, meter, work))
  const read: Run = work => mutex.run(() => transact(checked, resolved, meter, work, 'read'))
  await write(async tx => refreshPrekeys(tx, await tx.self()))
  return {
    seal: async (bytes, to) => {
      check.bytes('bytes', bytes)
      return write(tx => sealFor(tx, bytes, to))
    },
    open: async (bytes, from) => {
      check.bytes('bytes', bytes)
      check.object('from', from)
      return write(tx => openFrom(tx, bytes, from.sender))
    },
    confirm: receipt => write(tx => confirmReceipt(tx, receipt)),
    sealedSize: async (length, to) => {
      check.integer('length', length, 0, Number.MAX_SAFE_INTEGER)
      return read(tx => sealedSizeFor(tx, length, to))
    },
    maxPlaintext: async (limit, to) => {
      check.integer('limit', limit, 0, Number.MAX_SAFE_INTEGER)
      return read(tx => maxPlaintextFor(tx, limit, to))
    },
    initialEffects: () => read(standingEffects),
    devices: identity => read(tx => listDevices(tx, identity)),
    expire: ({ signal } = {}) => tidyAll(write, signal),
    enable: async (installationId, on) => {
      check.text('installationId', installationId)
      check.boolean('on', on)
      return write(tx => enableDevice(tx, installationId, on))
    }
  }
}
