import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { withClient } from '../session.ts'
import { parseKey } from '../target.ts'
import { deviceView } from '../view.ts'

/** Our own devices, or with a key those of a contact. */
export async function listDevices(
  _: object,
  globals: Globals,
  output: Output,
  [who]: readonly string[]
): Promise<void> {
  const publicKey = who === undefined ? undefined : parseKey(who)
  await withClient({ network: 'offline' }, globals, output, async ({ client, show }) => {
    output.note(
      { event: 'this-device', installationId: client.installationId },
      `this device: ${client.installationId}`
    )
    for (const device of publicKey === undefined ? await client.devices() : await client.devicesOf(publicKey))
      show(deviceView(device))
  })
}

export interface PairOptions {
  readonly name: string
  readonly type: string
}

export async function pair(options: PairOptions, globals: Globals, output: Output): Promise<void> {
  await withClient({ network: 'online' }, globals, output, async ({ client }) => {
    await client.pair(options.name, options.type)
    output.data(
      { event: 'paired', name: options.name, installationId: client.installationId },
      `told the other devices: this is ${options.name}; enable it there with: status-stack devices enable ${client.installationId}`
    )
  })
}

export function setDevice(enabled: boolean) {
  return async (
    _: object,
    globals: Globals,
    output: Output,
    [installationId = '']: readonly string[]
  ): Promise<void> => {
    await withClient({ network: 'offline' }, globals, output, async ({ client, show }) => {
      if (enabled) await client.enableDevice(installationId)
      else await client.disableDevice(installationId)
      for (const device of await client.devices())
        if (device.installationId === installationId) show(deviceView(device))
    })
  }
}

export async function syncDevices(_: object, globals: Globals, output: Output): Promise<void> {
  await withClient({ network: 'online' }, globals, output, async ({ client }) => {
    const others = (await client.devices()).filter(({ installationId }) => installationId !== client.installationId)
    if (!others.some(({ enabled }) => enabled))
      output.hint('· no other device is enabled yet: status-stack devices shows them, devices enable ID enables one')
    await client.syncDevices()
    output.data({ event: 'synced' }, 'sent contacts and public chats to the other devices')
  })
}
