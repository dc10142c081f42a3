import { type Context, type Definition, defineCommand, defineGroup } from '../command.ts'
import { flag, peerOption, privacyOption } from '../flags.ts'

const load = () => import('../messenger.ts')

const list = defineCommand({
  name: 'list',
  isDefault: true,
  summary: 'our other devices, or those of a contact',
  positions: [['[who]', 'a name or a public key', 'contacts']],
  examples: [
    ['our own', 'devices'],
    ['a contact’s', 'devices list Bob']
  ],
  load,
  run: async ({ globals, output, args: [who] }, { assertPerson, findPerson, withAccount, deviceView }) => {
    if (who !== undefined) assertPerson(who)
    await withAccount({ network: 'offline' }, globals, output, async ({ account, names, show }) => {
      const { installationId } = await account.identity()
      output.note({ event: 'this-device', installationId }, `this device: ${installationId}`)
      const publicKey = who === undefined ? undefined : await findPerson(names, who)
      for (const device of await account.devices({ publicKey })) show(deviceView(device))
    })
  }
})

const pair = defineCommand({
  name: 'pair',
  summary: 'tell the other devices about this one',
  flags: [
    flag('--name <name>', 'what they should call it', { required: true }),
    flag('--type <type>', 'what it is', { fallback: 'terminal' }),
    peerOption(),
    privacyOption()
  ],
  examples: [['this is the laptop', 'devices pair --name laptop --peer enode://…@host:30303']],
  load,
  run: async (
    { options, globals, output }: Context<{ readonly name: string; readonly type: string }>,
    { withAccount }
  ) => {
    const { name, type } = options
    await withAccount({ network: 'online', brief: true }, globals, output, async ({ account }) => {
      await account.pair({ name, type })
      const { installationId } = await account.identity()
      output.data(
        { event: 'paired', name, installationId },
        `told the other devices: this is ${name}; enable it there with: status-stack devices enable ${installationId}`
      )
    })
  }
})

const setEnabled = (enabled: boolean): Definition => {
  const name = enabled ? 'enable' : 'disable'
  return defineCommand({
    name,
    summary: enabled ? 'send copies to one of your devices' : 'stop sending copies to one of your devices',
    positions: [['<installation>', 'its installation id']],
    examples: [[enabled ? 'one that has paired' : 'one that was lost', `devices ${name} 7ec7eea3-…`]],
    load,
    run: async ({ globals, output, args: [installationId = ''] }, { withAccount, deviceView }) => {
      await withAccount({ network: 'offline' }, globals, output, async ({ account, show }) => {
        await (enabled ? account.enableDevice({ installationId }) : account.disableDevice({ installationId }))
        for (const device of await account.devices())
          if (device.installationId === installationId) show(deviceView(device))
      })
    }
  })
}

const sync = defineCommand({
  name: 'sync',
  summary: 'send contacts and public chats to our other devices',
  flags: [peerOption(), privacyOption()],
  examples: [['all of them', 'devices sync --peer enode://…@host:30303']],
  load,
  run: async ({ globals, output }, { withAccount }) => {
    await withAccount({ network: 'online', brief: true }, globals, output, async ({ account }) => {
      const { installationId: own } = await account.identity()
      const others = (await account.devices()).filter(({ installationId }) => installationId !== own)
      if (!others.some(({ enabled }) => enabled))
        output.hint('· no other device is enabled yet: status-stack devices shows them, devices enable ID enables one')
      await account.syncDevices()
      output.data({ event: 'synced' }, 'sent contacts and public chats to the other devices')
    })
  }
})

/** Devices of this identity. */
export const devices = defineGroup({
  name: 'devices',
  summary: 'devices of this identity, and pairing',
  examples: [
    ['our own', 'devices'],
    ['on a new device: tell the others', 'devices pair --name laptop --peer enode://…@host:30303'],
    ['on an old one: send it copies', 'devices enable 7ec7eea3-…']
  ],
  commands: [list, pair, setEnabled(true), setEnabled(false), sync]
})
