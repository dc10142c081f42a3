import type { SecurityLayer } from '@status-stack/interface'
import type { Core } from '../composition/core.ts'
import type { Composition } from '../composition/join-layers.ts'
import { callerError } from '../errors.ts'
import type { DeviceRecord, SelfRecord } from '../storage/records.ts'
import type { ChatRef, DeviceInfo, PublicKey } from '../types.ts'

type Layers = Pick<Composition, 'messageSender' | 'contacts' | 'sync'> & {
  readonly sealer: Pick<SecurityLayer, 'devices' | 'enable'>
}

/** Several devices of one identity: each is enabled by hand on each other one. SPEC: flows, "Multi-device pairing". */
export function createDevices(core: Core, layers: Layers, saveSelf: (change: Partial<SelfRecord>) => Promise<void>) {
  const own: ChatRef = { kind: 'one-to-one', publicKey: core.self }

  const list = async (publicKey: PublicKey, ours: boolean): Promise<readonly DeviceInfo[]> => {
    const devices = await layers.sealer.devices(publicKey)
    return Promise.all(
      devices.map(async ({ installationId, enabled, self }) => {
        const record = ours ? await core.store.get<DeviceRecord>(core.keys.device(installationId)) : undefined
        const profile = core.profile()
        return {
          installationId,
          own: ours,
          enabled,
          name: self ? profile.deviceName : (record?.name ?? ''),
          deviceType: self ? profile.deviceType : (record?.deviceType ?? '')
        }
      })
    )
  }

  const enable = async (installationId: string, on: boolean): Promise<void> => {
    const known = (await list(core.self, true)).find(device => device.installationId === installationId)
    if (known === undefined || installationId === core.profile().installationId) {
      throw callerError('unknown-device', 'no other device of this account has this id')
    }
    await layers.sealer.enable(installationId, on)
    await layers.sync.retry(core.self)
    core.emit('device', { device: { ...known, enabled: on }, change: on ? 'enabled' : 'disabled' })
  }

  return {
    own: () => list(core.self, true),
    of: (publicKey: PublicKey) => list(publicKey, false),
    pair: async (name: string, deviceType: string): Promise<void> => {
      await layers.messageSender.send({
        chat: { kind: 'own-devices' },
        ref: own,
        content: { kind: 'pair', installationId: core.profile().installationId, name, deviceType }
      })
      await saveSelf({ deviceName: name, deviceType })
    },
    enable: (installationId: string): Promise<void> => enable(installationId, true),
    disable: (installationId: string): Promise<void> => enable(installationId, false),
    /** Everything another device needs to go on: profile, public chats, contacts. Repeating it changes nothing. */
    syncAll: async (): Promise<void> => {
      const chat = { kind: 'own-devices' } as const
      await layers.contacts.syncProfile()
      for (const record of core.chatCache.chats()) {
        if (record.chat.kind !== 'public' || !record.active) continue
        await layers.messageSender.send({
          chat,
          ref: own,
          content: { kind: 'sync-public-chat', name: record.chat.name }
        })
      }
      for (const contact of core.chatCache.contacts())
        if (contact.added) await layers.contacts.syncContact(contact.publicKey)
    }
  }
}
