import type { Account } from '@status-stack/account-rpc'
import type { ContactFact, DeviceFact } from '@status-stack/account-rpc/methods'
import type { KeyHex } from '@status-stack/account-rpc/targets'
import { contactView, deviceView, personName, type View } from '@status-stack/account-rpc/words'
import { type CommandContext, done, type Handler } from './command-context.ts'
import { type CommandName, commandTable, policyLevels } from './command-table.ts'
import { namesPerson, needed, noArgument, personHere, personOf, usageError, wordsOf } from './references.ts'
import { namesOf } from './state.ts'

type Name = Extract<
  CommandName,
  'contacts' | 'add' | 'name' | 'remove' | 'block' | 'unblock' | 'policy' | 'verify' | 'devices' | 'whoami'
>

/** Says what holds for a person, by the name that they have now. */
function sayContact(context: CommandContext, contact: ContactFact): void {
  const { people, naming } = context.state()
  const named = { naming, people: { ...people, [contact.publicKey]: personName(contact.publicKey, contact, naming) } }
  context.say(contactView(contact, namesOf(named)))
}

/** Changes one person and says what is so afterwards. */
const person =
  (name: CommandName, work: (account: Account, publicKey: KeyHex) => Promise<ContactFact>): Handler =>
  async (context, rest) => {
    const publicKey = personOf(context.state(), needed(rest, name))
    sayContact(context, await work(context.account, publicKey))
  }

export const peopleCommands: Readonly<Record<Name, Handler>> = {
  contacts: async context => {
    const contacts = await context.account.contacts()
    context.page(
      'Contacts',
      contacts.length === 0
        ? [done('none yet: /add WHO', 'contacts')]
        : contacts.map(contact => contactView(contact, namesOf(context.state())))
    )
  },
  add: person('add', (account, publicKey) => account.addContact({ publicKey })),
  name: async (context, rest) => {
    const [first = '', name = ''] = /^(\S*)\s*([\s\S]*)$/.exec(rest)?.slice(1) ?? []
    const named = namesPerson(first)
    const publicKey = personHere(context.state(), named ? first : undefined, 'name')
    const given = (named ? name : rest).replace(/^"(.*)"$/, '$1').trim()
    sayContact(context, await context.account.setName({ publicKey, name: given }))
  },
  remove: async (context, rest) => {
    const publicKey = personOf(context.state(), needed(rest, 'remove'))
    const chat = context.state().conversation?.chat
    if (chat?.kind === 'group') {
      await context.account.removeFromGroup({ group: chat.id, publicKey })
      context.say(done('removed from the group', 'removed'))
    } else sayContact(context, await context.account.removeContact({ publicKey }))
  },
  block: person('block', (account, publicKey) => account.block({ publicKey })),
  unblock: person('unblock', (account, publicKey) => account.unblock({ publicKey })),
  policy: async (context, rest) => {
    const words = wordsOf(rest)
    const setting = (word: string): boolean => word.startsWith('pfs=') || policyLevels.some(level => level === word)
    const [who, ...more] = words.filter(word => !setting(word))
    if (more.length > 0) throw usageError(`usage: ${commandTable.policy.usage}`)
    const publicKey = personHere(context.state(), who, 'policy')
    const minimum = policyLevels.find(level => words.includes(level))
    const pfs = words.find(word => word.startsWith('pfs='))?.slice(4)
    if (pfs !== undefined && pfs !== 'on' && pfs !== 'off') throw usageError('pfs is on or off')
    const changing = minimum !== undefined || pfs !== undefined
    const { account } = context
    const contact = await (changing ? account.setPolicy({ publicKey, minimum, pfs }) : account.contact({ publicKey }))
    const text = `at least ${contact.minimum}, PFS ${contact.pfs}`
    context.say({ event: contact, text: `${contact.text}  ${text}` })
  },
  verify: async (context, rest) => {
    const publicKey = personHere(context.state(), rest === '' ? undefined : rest, 'verify')
    const { safetyText, text } = await context.account.contact({ publicKey })
    const groups = safetyText.split(' ')
    const lines = [
      text,
      '',
      'Both of you see the same numbers, or a third party is between you:',
      ...[0, 4, 8].map(start => `  ${groups.slice(start, start + 4).join(' ')}`)
    ]
    const event = { event: 'verification', publicKey, text, safetyText }
    context.page('Verify', [{ event, text: lines.join('\n') }])
  },
  devices,
  whoami: async (context, rest) => {
    noArgument(rest, 'whoami')
    const identity = await context.account.identity()
    const profile = await context.account.profile()
    const shown = profile.ensName === '' ? [] : [{ event: profile, text: `ENS name ${profile.ensName}` }]
    const key = [{ event: identity, text: identity.text }, done(identity.publicKey, 'key')]
    context.page('Your public key', [...key, ...shown])
  }
}

async function devices(context: CommandContext, rest: string): Promise<void> {
  const { account } = context
  const [first, second = '', ...more] = wordsOf(rest)
  const wrong = (): Error => usageError(`usage: ${commandTable.devices.usage}`)
  switch (first) {
    case 'pair':
      if (second === '') throw wrong()
      await account.pair({ name: [second, ...more].join(' '), type: 'terminal' })
      return context.say(
        done(
          `told your other devices; enable it there with: /devices enable ${(await account.identity()).installationId}`,
          'paired'
        )
      )
    case 'enable':
    case 'disable':
      if (second === '' || more.length > 0) throw wrong()
      if (first === 'enable') await account.enableDevice({ installationId: second })
      else await account.disableDevice({ installationId: second })
      break
    case 'sync':
      if (second !== '') throw wrong()
      await account.syncDevices()
      return context.say(done('sent contacts and public chats to your other devices', 'synced'))
    case undefined:
      break
    default:
      if (second !== '') throw wrong()
      return showDevices(
        context,
        await account.devices({ publicKey: personOf(context.state(), first) }),
        'no device is known'
      )
  }
  const { installationId } = await account.identity()
  const own = { event: { event: 'this-device', installationId }, text: `this device: ${installationId}` }
  await showDevices(context, await account.devices(), 'no other device of yours is known', own)
}

async function showDevices(
  context: CommandContext,
  found: readonly DeviceFact[],
  none: string,
  own?: View
): Promise<void> {
  const rows = found.length === 0 ? [done(none, 'devices')] : found.map(deviceView)
  context.page('Devices', own === undefined ? rows : [own, ...rows])
}
