import type { PublicKey } from '@status-stack/interface'
import { check } from './arguments.ts'
import { keyId } from './ids.ts'

/** All reasons to listen to a person's contact code. */
export interface Reasons {
  /** Our own public key, 65 bytes. */
  readonly self: PublicKey
  /** Active 1:1 chats: the others' keys. */
  readonly chats: readonly PublicKey[]
  /** Contacts we added and did not block. */
  readonly contacts: readonly PublicKey[]
  /** Members of the groups we are in, by id. */
  readonly groups: readonly (readonly string[])[]
}

/**
 * Whose contact codes we listen to: our own always, and everybody for whom at least one reason stands. Computed from
 * what is there, so leaving a group can only end what nothing else needs.
 *
 * @example
 * ```ts
 * const wanted = contactCodesWanted({ self, chats, contacts, groups: groups.map(({ members }) => members) })
 * ```
 */
export function contactCodesWanted(reasons: Reasons): ReadonlySet<string> {
  check.object('reasons', reasons)
  const { self, chats, contacts, groups } = reasons
  check.array('reasons.chats', chats)
  check.array('reasons.contacts', contacts)
  check.array('reasons.groups', groups)
  return new Set([keyId(self), ...chats.map(keyId), ...contacts.map(keyId), ...groups.flat()])
}
