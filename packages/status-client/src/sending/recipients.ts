import type { Audience, Destination } from '@status-stack/interface'
import type { PublicKey } from '../types.ts'

/** Where an audience is found: our own devices where we are. */
export function destinationOf(to: Audience, self: PublicKey): Destination {
  switch (to.kind) {
    case 'own-devices':
      return { kind: 'identity', publicKey: self }
    case 'identity':
      return { kind: 'identity', publicKey: to.publicKey }
    case 'public':
    case 'contact-code':
      return to
  }
}

/** The person an audience stands for, in the ledger and the policy; none for a public chat or a contact code. */
export function recipientOf(to: Audience, self: PublicKey): PublicKey | undefined {
  if (to.kind === 'own-devices') return self
  return to.kind === 'identity' ? to.publicKey : undefined
}
