import type { Client, PublicKey } from '@status-stack/status-client'
import { contactFact } from '../fact-makers.ts'
import type { ContactFact } from '../facts.ts'
import { type Implementations, type MethodContext, personOf } from '../implementation.ts'
import type { peopleMethods } from '../methods/people.ts'
import { keyHex } from '../targets.ts'

/** Changes one person, and answers what is so afterwards. */
const change =
  <P extends { readonly publicKey: string }>(
    work: (client: Client, publicKey: PublicKey, params: P) => Promise<void>
  ) =>
  async (params: P, { client }: MethodContext): Promise<ContactFact> => {
    const publicKey = personOf(params)
    await work(client, publicKey, params)
    return contactFact(await client.contact(publicKey))
  }

/** Contacts, and what holds for one of them. */
export const peopleImplementations: Implementations<typeof peopleMethods> = {
  contacts: async (_, { client }) => (await client.contacts()).map(contactFact),
  contact: change(async () => {}),
  verify: async (params, { client }) => {
    const { publicKey, safetyText } = await client.contact(personOf(params))
    return { event: 'verification', publicKey: keyHex(publicKey), safetyText }
  },
  setName: change((client, publicKey, { name }) => client.setName(publicKey, name)),
  addContact: change((client, publicKey) => client.addContact(publicKey)),
  removeContact: change((client, publicKey) => client.removeContact(publicKey)),
  block: change((client, publicKey) => client.block(publicKey)),
  unblock: change((client, publicKey) => client.unblock(publicKey)),
  setPolicy: change((client, publicKey, { minimum, pfs }) => client.setPolicy(publicKey, { minimum, pfs }))
}
