import type { Client, PublicKey } from '@status-stack/status-client'
import { contactView, hexKey } from '../../view.ts'
import type { Arguments } from '../arguments.ts'
import { type MethodTable, personOf } from './method.ts'

/** Changes one person, and answers what is so afterwards. */
const change =
  (work: (client: Client, publicKey: PublicKey, args: Arguments) => Promise<void>) =>
  async (client: Client, args: Arguments): Promise<object> => {
    const publicKey = personOf(args)
    await work(client, publicKey, args)
    return contactView(await client.contact(publicKey)).event
  }

/** Contacts, and what holds for one of them. */
export const peopleMethods: MethodTable = {
  contacts: { params: [], run: async client => (await client.contacts()).map(contact => contactView(contact).event) },
  contact: { params: ['publicKey'], run: change(async () => {}) },
  verify: {
    params: ['publicKey'],
    run: async (client, args) => {
      const { publicKey, safetyText } = await client.contact(personOf(args))
      return { event: 'verification', publicKey: hexKey(publicKey), safetyText }
    }
  },
  addContact: { params: ['publicKey'], run: change((client, publicKey) => client.addContact(publicKey)) },
  removeContact: { params: ['publicKey'], run: change((client, publicKey) => client.removeContact(publicKey)) },
  block: { params: ['publicKey'], run: change((client, publicKey) => client.block(publicKey)) },
  unblock: { params: ['publicKey'], run: change((client, publicKey) => client.unblock(publicKey)) },
  setPolicy: {
    params: ['publicKey', 'minimum', 'pfs'],
    run: change((client, publicKey, args) =>
      client.setPolicy(publicKey, {
        minimum: args.optionalChoice('minimum', ['auto', 'forward-secret', 'static-key', 'any']),
        pfs: args.optionalChoice('pfs', ['on', 'off'])
      })
    )
  }
}
