import type { Account } from '@status-stack/account-rpc'
import type { ContactFact } from '@status-stack/account-rpc/methods'
import type { PolicyLevel } from '@status-stack/status-client'
import type { Option } from 'commander'
import { type Context, type Definition, defineCommand, defineGroup } from '../command.ts'
import { flag, mailserverOption, peerOption, pfsOption, privacyOption } from '../flags.ts'

const load = () => import('../messenger.ts')

const list = defineCommand({
  name: 'list',
  isDefault: true,
  summary: 'list all contacts',
  examples: [['who there is', 'contacts']],
  load,
  run: async ({ globals, output }, { withAccount, contactView }) => {
    await withAccount({ network: 'offline' }, globals, output, async ({ names, show }) => {
      const contacts = names.contacts()
      for (const contact of contacts) show(contactView(contact, names))
      if (contacts.length === 0) output.hint('· none yet: status-stack contacts add zQ3sh…')
    })
  }
})

interface ChangeOptions {
  /** What to call them. */
  readonly name?: string
}

interface Change {
  readonly name: string
  readonly summary: string
  readonly flags?: readonly Option[]
  readonly example: string
  /** Adding tells the other person, so it wants a peer; the rest is local. */
  readonly network: 'online' | 'offline'
  readonly work: (account: Account, publicKey: string, options: ChangeOptions) => Promise<ContactFact>
}

const change = ({ name, summary, flags = [], example, network, work }: Change): Definition =>
  defineCommand({
    name,
    summary,
    positions: [['<who>', 'a name, a public key or a contact link', 'contacts']],
    flags,
    examples: [[summary, example]],
    load,
    run: async (
      { options, globals, output, args: [who = ''] }: Context<ChangeOptions>,
      { assertPerson, findPerson, withLink, withAccount, contactView }
    ) => {
      assertPerson(who)
      await withAccount({ network, brief: true }, withLink(who, globals), output, async ({ account, names, show }) => {
        const contact = await work(account, await findPerson(names, who), options)
        names.learn(contact)
        show(contactView(contact, names))
      })
    }
  })

const add = change({
  name: 'add',
  summary: 'add a contact, and tell them',
  flags: [
    flag('--name <name>', 'what to call them; it stays on this device'),
    peerOption(),
    privacyOption(),
    mailserverOption()
  ],
  example: 'contacts add zQ3sh… --name Bob --peer enode://…@host:30303',
  network: 'online',
  work: async (account, publicKey, { name }) => {
    // A name that cannot be given is refused before they are told.
    if (name !== undefined) await account.setName({ publicKey, name })
    return account.addContact({ publicKey })
  }
})

const name = defineCommand({
  name: 'name',
  summary: 'what to call a person; it stays on this device',
  positions: [
    ['<who>', 'a name, a public key or a contact link', 'contacts'],
    ['[name]', 'at most 64 characters; without it the name is forgotten']
  ],
  examples: [
    ['a friend', 'contacts name zQ3sh… "Bob from work"'],
    ['forget it', 'contacts name zQ3sh…']
  ],
  load,
  run: async (
    { globals, output, args: [who = '', called = ''] },
    { assertPerson, findPerson, withAccount, contactView }
  ) => {
    assertPerson(who)
    await withAccount({ network: 'offline' }, globals, output, async ({ account, names, show }) => {
      const contact = await account.setName({ publicKey: await findPerson(names, who), name: called })
      names.learn(contact)
      show(contactView(contact, names))
    })
  }
})

const remove = change({
  name: 'remove',
  summary: 'remove a contact',
  example: 'contacts remove zQ3sh…',
  network: 'offline',
  work: (account, publicKey) => account.removeContact({ publicKey })
})

const block = change({
  name: 'block',
  summary: 'block a contact',
  example: 'contacts block zQ3sh…',
  network: 'offline',
  work: (account, publicKey) => account.block({ publicKey })
})

const unblock = change({
  name: 'unblock',
  summary: 'unblock a contact',
  example: 'contacts unblock zQ3sh…',
  network: 'offline',
  work: (account, publicKey) => account.unblock({ publicKey })
})

interface PolicyOptions {
  readonly minimum?: PolicyLevel
  readonly pfs?: 'on' | 'off'
}

const policy = defineCommand({
  name: 'policy',
  summary: 'least protection for one person',
  positions: [['<who>', 'a name or a public key', 'contacts']],
  flags: [
    flag('--minimum <level>', 'least protection to send and to show', {
      choices: ['auto', 'forward-secret', 'static-key', 'any']
    }),
    pfsOption()
  ],
  examples: [['only forward-secret', 'contacts policy zQ3sh… --minimum forward-secret']],
  load,
  run: async (
    { options: { minimum, pfs }, globals, output, args: [who = ''] }: Context<PolicyOptions>,
    { assertPerson, findPerson, withAccount, contactView }
  ) => {
    assertPerson(who)
    await withAccount({ network: 'offline' }, globals, output, async ({ account, names, show }) => {
      const publicKey = await findPerson(names, who)
      show(contactView(await account.setPolicy({ publicKey, minimum, pfs }), names))
    })
  }
})

/** People. */
export const contacts = defineGroup({
  name: 'contacts',
  summary: 'people of this profile',
  examples: [
    ['all contacts', 'contacts'],
    ['add a contact, and tell them', 'contacts add zQ3sh… --peer enode://…@host:30303'],
    ['block a contact', 'contacts block zQ3sh…']
  ],
  commands: [list, add, name, remove, block, unblock, policy]
})
