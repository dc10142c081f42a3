import { type ReadonlySignal, signal } from '@preact/signals'
import { keyHex, shortKey } from '@status-stack/account-rpc/targets'
import { type Client, type Contact, type PublicKey, shownName } from '@status-stack/status-client'
import { printable } from '@status-stack/utils'

/** Everybody the account knows something about. */
export interface People {
  readonly all: ReadonlySignal<ReadonlyMap<string, Contact>>
  /** A verified name, else the key cut short; safe to show. Read inside a view, it follows changes. */
  readonly nameOf: (publicKey: PublicKey) => string
  readonly contactOf: (publicKey: PublicKey) => Contact | undefined
  readonly stop: () => void
}

/** Follows the contacts of a client; `self` is called "you". */
export async function createPeople(client: Pick<Client, 'contacts' | 'on' | 'publicKey'>): Promise<People> {
  const self = keyHex(client.publicKey)
  const all = signal<ReadonlyMap<string, Contact>>(new Map())
  const learn = (contacts: readonly Contact[]): void => {
    all.value = new Map([...all.value, ...contacts.map(contact => [keyHex(contact.publicKey), contact] as const)])
  }
  const stop = client.on('contact', contact => learn([contact]))
  learn(await client.contacts())
  const contactOf = (publicKey: PublicKey): Contact | undefined => all.value.get(keyHex(publicKey))
  return {
    all,
    contactOf,
    nameOf: publicKey => {
      if (keyHex(publicKey) === self) return 'You'
      const contact = contactOf(publicKey)
      const name = contact === undefined ? undefined : shownName(contact)
      return name === undefined ? shortKey(publicKey) : printable(name)
    },
    stop
  }
}
