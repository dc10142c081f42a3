import { isLink, readLink } from '@status-stack/account-rpc/targets'
import type { Globals } from './globals.ts'

/** The settings with what a contact link adds to them: the peers and the mailserver where its owner is found. */
export function withLink<T extends Pick<Globals, 'peers' | 'mailservers'>>(text: string, globals: T): T {
  if (!isLink(text)) return globals
  const { enodes = [], mailserver } = readLink(text)
  return {
    ...globals,
    peers: [...new Set([...globals.peers, ...enodes])],
    mailservers: [...new Set([...globals.mailservers, ...(mailserver === undefined ? [] : [mailserver])])]
  }
}
