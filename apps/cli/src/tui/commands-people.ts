import { encodeKeyText } from '@status-stack/status-accounts'
import type { Client, PublicKey } from '@status-stack/status-client'
import { contactView, deviceView, hexKey, type View } from '../view.ts'
import { type CommandContext, done, type Handler } from './command-context.ts'
import { type CommandName, commandTable, policyLevels } from './command-table.ts'
import { needed, noArgument, personHere, personOf, usageError, wordsOf } from './references.ts'

type Name = Extract<
  CommandName,
  'contacts' | 'add' | 'remove' | 'block' | 'unblock' | 'policy' | 'verify' | 'devices' | 'whoami'
>

async function showContact(context: CommandContext, publicKey: PublicKey): Promise<void> {
  context.say(contactView(await context.client.contact(publicKey)))
}

/** Changes one person and says what is so afterwards. */
const person =
  (name: CommandName, work: (client: Client, publicKey: PublicKey) => Promise<void>): Handler =>
  async (context, rest) => {
    const publicKey = personOf(context.state(), needed(rest, name))
    await work(context.client, publicKey)
    await showContact(context, publicKey)
  }

export const peopleCommands: Readonly<Record<Name, Handler>> = {
  contacts: async context => {
    const contacts = await context.client.contacts()
    context.page(
      'Contacts',
      contacts.length === 0 ? [done('none yet: /add WHO', 'contacts')] : contacts.map(contactView)
    )
  },
  add: person('add', (client, publicKey) => client.addContact(publicKey)),
  remove: async (context, rest) => {
    const publicKey = personOf(context.state(), needed(rest, 'remove'))
    const chat = context.state().conversation?.chat
    if (chat?.kind === 'group') {
      await context.client.removeFromGroup(chat.id, publicKey)
      context.say(done('removed from the group', 'removed'))
    } else {
      await context.client.removeContact(publicKey)
      await showContact(context, publicKey)
    }
  },
  block: person('block', (client, publicKey) => client.block(publicKey)),
  unblock: person('unblock', (client, publicKey) => client.unblock(publicKey)),
  policy: async (context, rest) => {
    const words = wordsOf(rest)
    const setting = (word: string): boolean => word.startsWith('pfs=') || policyLevels.some(level => level === word)
    const [who, ...more] = words.filter(word => !setting(word))
    if (more.length > 0) throw usageError(`usage: ${commandTable.policy.usage}`)
    const publicKey = personHere(context.state(), who, 'policy')
    const minimum = policyLevels.find(level => words.includes(level))
    const pfs = words.find(word => word.startsWith('pfs='))?.slice(4)
    if (pfs !== undefined && pfs !== 'on' && pfs !== 'off') throw usageError('pfs is on or off')
    if (minimum !== undefined || pfs !== undefined) await context.client.setPolicy(publicKey, { minimum, pfs })
    const contact = await context.client.contact(publicKey)
    const text = `at least ${contact.minimum}, PFS ${contact.pfs}`
    context.say({ event: contactView(contact).event, text: `${encodeKeyText(publicKey)}  ${text}` })
  },
  verify: async (context, rest) => {
    const publicKey = personHere(context.state(), rest === '' ? undefined : rest, 'verify')
    const { safetyText } = await context.client.contact(publicKey)
    const groups = safetyText.split(' ')
    const text = encodeKeyText(publicKey)
    const lines = [
      text,
      '',
      'Both of you see the same numbers, or a third party is between you:',
      ...[0, 4, 8].map(start => `  ${groups.slice(start, start + 4).join(' ')}`)
    ]
    const event = { event: 'verification', publicKey: hexKey(publicKey), text, safetyText }
    context.page('Verify', [{ event, text: lines.join('\n') }])
  },
  devices,
  whoami: async (context, rest) => {
    noArgument(rest, 'whoami')
    const { publicKey, installationId } = context.client
    const text = encodeKeyText(publicKey)
    context.page('Your public key', [
      { event: { event: 'identity', publicKey: hexKey(publicKey), text, installationId }, text },
      done(hexKey(publicKey), 'key')
    ])
  }
}

async function devices(context: CommandContext, rest: string): Promise<void> {
  const { client } = context
  const [first, second = '', ...more] = wordsOf(rest)
  const wrong = (): Error => usageError(`usage: ${commandTable.devices.usage}`)
  switch (first) {
    case 'pair':
      if (second === '') throw wrong()
      await client.pair([second, ...more].join(' '), 'terminal')
      return context.say(
        done(`told your other devices; enable it there with: /devices enable ${client.installationId}`, 'paired')
      )
    case 'enable':
    case 'disable':
      if (second === '' || more.length > 0) throw wrong()
      if (first === 'enable') await client.enableDevice(second)
      else await client.disableDevice(second)
      break
    case 'sync':
      if (second !== '') throw wrong()
      await client.syncDevices()
      return context.say(done('sent contacts and public chats to your other devices', 'synced'))
    case undefined:
      break
    default:
      if (second !== '') throw wrong()
      return showDevices(context, await client.devicesOf(personOf(context.state(), first)), 'no device is known')
  }
  const { installationId } = client
  const own = { event: { event: 'this-device', installationId }, text: `this device: ${installationId}` }
  await showDevices(context, await client.devices(), 'no other device of yours is known', own)
}

async function showDevices(
  context: CommandContext,
  found: Awaited<ReturnType<Client['devices']>>,
  none: string,
  own?: View
): Promise<void> {
  const rows = found.length === 0 ? [done(none, 'devices')] : found.map(device => deviceView(device))
  context.page('Devices', own === undefined ? rows : [own, ...rows])
}
