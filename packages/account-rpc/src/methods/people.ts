import type { ContactFact, VerificationFact } from '../facts.ts'
import { method, result } from '../method.ts'
import { choice, optional, person, text } from '../params.ts'

const contact = result<ContactFact>('`contact`')

/** Contacts, and what holds for one of them. */
export const peopleMethods = {
  contacts: method({ doc: 'all contacts', params: {}, result: result<readonly ContactFact[]>('list of `contact`') }),
  contact: method({ doc: 'one person', params: { publicKey: person }, result: contact }),
  verify: method({
    doc: 'what two people compare to know that they have each other’s key',
    params: { publicKey: person },
    result: result<VerificationFact>('`verification`: `safetyText`, the same on both sides')
  }),
  setName: method({
    doc: 'what this account calls a person, on this device only; an empty `name` forgets it',
    params: { publicKey: person, name: text },
    result: contact
  }),
  addContact: method({ doc: 'adds a contact, and tells them', params: { publicKey: person }, result: contact }),
  removeContact: method({ doc: 'removes a contact', params: { publicKey: person }, result: contact }),
  block: method({ doc: 'blocks a contact', params: { publicKey: person }, result: contact }),
  unblock: method({ doc: 'unblocks a contact', params: { publicKey: person }, result: contact }),
  setPolicy: method({
    doc: 'sets the least protection for one person: `minimum` is `auto`, `forward-secret`, `static-key` or `any`, `pfs` is `on` or `off`',
    params: {
      publicKey: person,
      minimum: optional(choice('auto', 'forward-secret', 'static-key', 'any')),
      pfs: optional(choice('on', 'off'))
    },
    result: contact
  })
}
