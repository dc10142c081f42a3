import type { PolicyLevel } from '@status-stack/status-client'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { withClient } from '../session.ts'
import { parsePerson, withLink } from '../target.ts'
import { contactView } from '../view.ts'

export async function listContacts(_: object, globals: Globals, output: Output): Promise<void> {
  await withClient({ network: 'offline' }, globals, output, async ({ client, show }) => {
    const contacts = await client.contacts()
    for (const contact of contacts) show(contactView(contact))
    if (contacts.length === 0) output.hint('· none yet: status-stack contacts add zQ3sh…')
  })
}

type Change = 'add' | 'remove' | 'block' | 'unblock'

/** Adding tells the other person, so it wants a peer; the rest is local. */
export function changeContact(change: Change) {
  return async (_: object, globals: Globals, output: Output, [who = '']: readonly string[]): Promise<void> => {
    const publicKey = parsePerson(who)
    await withClient(
      { network: change === 'add' ? 'online' : 'offline' },
      withLink(who, globals),
      output,
      async ({ client, show }) => {
        if (change === 'add') await client.addContact(publicKey)
        else if (change === 'remove') await client.removeContact(publicKey)
        else if (change === 'block') await client.block(publicKey)
        else await client.unblock(publicKey)
        show(contactView(await client.contact(publicKey)))
      }
    )
  }
}

export interface PolicyOptions {
  readonly minimum?: PolicyLevel
  readonly pfs?: 'on' | 'off'
}

export async function setPolicy(
  options: PolicyOptions,
  globals: Globals,
  output: Output,
  [who = '']: readonly string[]
): Promise<void> {
  const publicKey = parsePerson(who)
  await withClient(
    { network: 'offline' },
    { ...globals, pfs: globals.resolved.values.pfs },
    output,
    async ({ client, show }) => {
      await client.setPolicy(publicKey, { minimum: options.minimum, pfs: options.pfs })
      show(contactView(await client.contact(publicKey)))
    }
  )
}
