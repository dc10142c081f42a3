import { bytesToHex } from '@status-stack/crypto'
import type { Audience, Effect, SecurityLayer } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
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
}

/** Owner of the places that sessions need. */
const sessionOwner = 'session'

/** Effects are data of the security layer: this does what they ask. They may repeat. */
export function createSessionEffects(core: Core, ports: EffectPorts): Effects {
  // BOUNDED: limits.deviceSets
  const deviceSets = createBoundedMap<string, string>({ maxEntries: limits.deviceSets })

  const devicesChanged = async (identity: PublicKey): Promise<void> => {
    const devices = await ports.sealer.devices(identity)
    const now = devices
      .filter(device => device.targeted)
      .map(device => device.installationId)
      .sort()
      .join('\n')
    const name = publicKeyHex(identity)
    if (deviceSets.touch(name) === now) return
    deviceSets.set(name, now)
    ports.forgetSizes(identity)
    await ports.retry(identity)
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
    }
  }
}
