import { bytesToHex } from '@status-stack/crypto'
import type { Audience, Effect, SecurityLayer } from '@status-stack/interface'
import { createBoundedMap, createTokenBucket, steadyClock, type TokenBucket } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { isSelf } from '../composition/core.ts'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { ListenTarget } from '../listening/subscriptions.ts'
import type { DeviceRecord } from '../storage/records.ts'
import type { DeviceInfo, PublicKey } from '../types.ts'

export interface EffectPorts {
  readonly sealer: Pick<SecurityLayer, 'devices'>
  readonly listen: (target: ListenTarget, owner: string) => Promise<void>
  readonly forgetSizes: (identity: PublicKey) => void
  /** Wakes what waits for this identity. */
  readonly retry: (identity: PublicKey) => Promise<void>
  readonly advertise: (to: Audience) => Promise<unknown>
}

export interface Effects {
  /** Applies and awaits all; only advertisements go on in the background. */
  readonly apply: (effects: readonly Effect[]) => Promise<void>
  /** Wakes what waits for people whose devices changed more often than that wakes it. */
  readonly tick: () => Promise<void>
}

/** The devices of a person that get copies, and how often a change of them may still wake what waits for the person. */
interface KnownDevices {
  readonly set: string
  readonly wakes: TokenBucket
}

/** Owner of the places that sessions need. */
const sessionOwner = 'session'

/** Effects are data of the security layer: this does what they ask. They may repeat. */
export function createSessionEffects(core: Core, ports: EffectPorts): Effects {
  // BOUNDED: limits.deviceSets
  const known = createBoundedMap<string, KnownDevices>({ maxEntries: limits.deviceSets })
  // BOUNDED: people in `known`; those whom the next `tick` that may wakes
  const late = new Map<string, PublicKey>()
  const clock = steadyClock(core.clock)

  /**
   * A device costs its owner a line in a bundle, and us all that waits for the person once more, with its proof of work: so the owner cannot
   * have it at will.
   */
  const wake = async (name: string, identity: PublicKey, { wakes }: KnownDevices): Promise<void> => {
    // BOUNDED: limits.deviceWakes, limits.deviceWakeMs
    if (wakes.take(clock.nowMs()) > 0) {
      late.set(name, identity)
      return
    }
    late.delete(name)
    await ports.retry(identity)
  }

  const devicesChanged = async (identity: PublicKey): Promise<void> => {
    const devices = await ports.sealer.devices(identity)
    const now = devices
      .filter(device => device.targeted)
      .map(device => device.installationId)
      .sort()
      .join('\n')
    const name = publicKeyHex(identity)
    const before = known.touch(name)
    if (before?.set === now) return
    const { deviceWakes, deviceWakeMs } = limits
    const wakes = before?.wakes ?? createTokenBucket(1000 / deviceWakeMs, clock.nowMs(), deviceWakes)
    const after = { set: now, wakes }
    known.set(name, after)
    ports.forgetSizes(identity)
    await wake(name, identity, after)
  }

  const found = async (installationId: string): Promise<void> => {
    const record = await core.store.get<DeviceRecord>(core.keys.device(installationId))
    const device: DeviceInfo = {
      installationId,
      own: true,
      enabled: false,
      name: record?.name ?? '',
      deviceType: record?.deviceType ?? ''
    }
    core.emit('device', { device, change: 'found' })
  }

  return {
    apply: async effects => {
      for (const effect of effects) {
        switch (effect.kind) {
          case 'rendezvous':
            await ports.listen({ kind: 'rendezvous', peer: effect.peer, secret: effect.secret }, sessionOwner)
            break
          case 'devices-changed':
            await devicesChanged(effect.identity)
            break
          case 'own-device-found':
            await found(effect.installationId)
            break
          case 'advertise': {
            const { to } = effect
            if (to.kind === 'identity' && isSelf(core, to.publicKey)) break
            core.background.run('advertise', async () => {
              await ports.advertise(to)
            })
            core.log.debug('advertising our bundle', {
              to: to.kind === 'identity' ? bytesToHex(to.publicKey).slice(0, 8) : to.kind
            })
            break
          }
        }
      }
    },
    tick: async () => {
      for (const [name, identity] of late) {
        const devices = known.get(name)
        if (devices === undefined) late.delete(name)
        else await wake(name, identity, devices)
      }
    }
  }
}
