import { peerIdOf } from '@status-stack/devp2p-transport'
import { parseNodeAddress } from '@status-stack/relay-node'
import { CliError } from '../errors.ts'
import { hidePassword, withPassword } from './enode-password.ts'

/** A mailserver as its URL names it: a node, and perhaps the password that its requests are closed with. */
export interface MailserverAddress {
  /** Its URL without the password. */
  readonly enode: string
  /** 64 hex digits. */
  readonly peerId: string
  readonly password?: string
}

/**
 * Reads `enode://<id>@host:port` and `enode://<id>:<password>@host:port`, as status-go lists its fleets; also `ws://` and `wss://` URLs.
 * @throws CliError `enode`, which never shows the password
 */
export function parseMailserver(text: string): MailserverAddress {
  const secret = withPassword.exec(text)?.[2]
  const enode = text.replace(withPassword, '$1@')
  try {
    const peerId = peerIdOf(parseNodeAddress(enode).publicKey)
    return secret === undefined || secret === ''
      ? { enode, peerId }
      : { enode, peerId, password: decodeURIComponent(secret) }
  } catch {
    throw new CliError(
      'usage',
      'enode',
      `not the enode URL of a mailserver: ${hidePassword(text).slice(0, 40)}…`,
      'it looks like enode://<128 hex digits>@host:port, or enode://<128 hex digits>:<password>@host:port'
    )
  }
}

/** The same server named twice is asked once, with the first password given. */
export function parseMailservers(texts: readonly string[]): readonly MailserverAddress[] {
  const byId = new Map<string, MailserverAddress>()
  for (const address of texts.map(parseMailserver)) {
    const known = byId.get(address.peerId)
    if (known === undefined) byId.set(address.peerId, address)
    else if (known.password === undefined) byId.set(address.peerId, { ...address, enode: known.enode })
  }
  return [...byId.values()]
}
