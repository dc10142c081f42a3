import { confirmReceipt } from './confirm.ts'
import { PfsError } from './errors.ts'
import { findDevice, newestFirst, targetsOf } from './installations.ts'
import { identity33 } from './keys.ts'
import { createLock } from './lock.ts'
import { openFrom } from './open.ts'
import { resolveOptions, type SealerOptions } from './options.ts'
import { standingEffects } from './peers.ts'
import type { SealerDeps } from './ports.ts'
import { currentPrekey, refreshPrekeys } from './prekeys.ts'
import { sealFor } from './seal.ts'
import { tidySessions } from './sessions.ts'
import { sealedSizeFor } from './size.ts'
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

/**
 * The full sealer: X3DH, Double Ratchet and static-key fallback for one device of one identity.
 * Makes the first prekey if the store is empty.
 *
 * @example
 * const alice = await createSealer({ identity, store: memorySessionStore(), clock, random }, { installationId: 'phone' })
 * const sealed = await alice.seal(bytes, { kind: 'identity', publicKey: bob, reach: 'known-devices' })
 *
 * @throws PfsError `invalid-option`; `identity-mismatch`, `installation-mismatch` when the store is somebody else's;
 * `record-corrupt`, `record-version`
 */
export async function createSealer(deps: SealerDeps, options: SealerOptions): Promise<Sealer> {
  const resolved = resolveOptions(options)
  const lock = createLock()
  const write = <T>(work: (tx: Transaction) => Promise<T>) => lock(() => transact(deps, resolved, work))
  const read = <T>(work: (tx: Transaction) => Promise<T>) => lock(() => transact(deps, resolved, work, 'read'))
  await write(async tx => refreshPrekeys(tx, await tx.self()))
  return {
    seal: (bytes, to) => write(tx => sealFor(tx, bytes, to)),
    open: (bytes, { sender }) => write(tx => openFrom(tx, bytes, sender)),
    confirm: receipt => write(tx => confirmReceipt(tx, receipt)),
    sealedSize: (length, to) => read(tx => sealedSizeFor(tx, length, to)),
    standing: () => read(standingEffects),
    devices: identity => read(tx => listDevices(tx, identity)),
    tidy: async ({ signal } = {}) => {
      const identities = await write(async tx => {
        refreshPrekeys(tx, await tx.self())
        return (await tx.index()).entries.map(({ identity }) => identity)
      })
      for (const identity of identities) {
        signal?.throwIfAborted()
        await write(async tx => tidySessions(tx, await tx.self(), await tx.peer(identity)))
      }
    },
    enable: (installationId, on) => write(tx => enableDevice(tx, installationId, on))
  }
}
