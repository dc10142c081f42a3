import type { Attack } from './attacks.ts'
import { contactAttacks, groupAttacks } from './client-attacks.ts'
import { clientMailAttacks } from './client-mail-attacks.ts'
import type { ClientVictim } from './client-victim.ts'
import { confirmationAttacks } from './confirmation-attacks.ts'
import { handshakeAttacks } from './handshake-attacks.ts'
import { mailAttacks } from './mail-attacks.ts'
import { packetAttacks } from './packet-attacks.ts'
import { rpcAttacks } from './rpc-attacks.ts'

/** What the honest ones see when nothing happens, for as long as a short attack takes. */
const nobody: Attack<unknown> = {
  door: 'none',
  name: 'no attack, for two seconds',
  prepare: async () => async () => {
    await new Promise(resolve => setTimeout(resolve, 2000))
    return { bytes: 0, outcome: '' }
  }
}

/** Everything that reaches a node: packets by code, then the mailserver, then JSON-RPC. */
export const nodeAttacks: readonly Attack[] = [
  nobody,
  ...handshakeAttacks,
  ...packetAttacks,
  ...confirmationAttacks,
  ...mailAttacks,
  ...rpcAttacks
]

/** What people and mailservers can do to a messenger. */
export const clientAttacks: readonly Attack<ClientVictim>[] = [
  nobody,
  ...contactAttacks,
  ...groupAttacks,
  ...clientMailAttacks
]
