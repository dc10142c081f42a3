import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type CompleteEnode, formatEnode, parseCompleteEnode, parseNetRestrict } from '@status-stack/devp2p-transport'
import { parseNat } from '@status-stack/devp2p-transport/nat'
import type { NodeAddress } from '@status-stack/rlpx'
import { check, optionError } from './errors.ts'
import { parseNodeAddress } from './node-host.ts'

/**
 * Reads an enode URL that was given for `what`. @throws RelayError `enode`, `invalid-argument`
 *
 * @example
 * ```ts
 * const { host, tcpPort } = readEnode(text, '--bootnode')
 * ```
 */
export function readEnode(url: string, what: string): CompleteEnode {
  check.text('url', url)
  try {
    return parseCompleteEnode(url)
  } catch {
    throw optionError('enode', `${what} is not an enode URL: ${url.slice(0, 40)}…`)
  }
}

/**
 * Reads the address of a node that was given for `what`: an enode, `ws://` or `wss://` URL. @throws RelayError `enode`
 *
 * @example
 * ```ts
 * const { host, port } = readNode(text, '--peer')
 * ```
 */
export function readNode(url: string, what: string): NodeAddress {
  check.text('url', url)
  try {
    return parseNodeAddress(url)
  } catch {
    throw optionError('enode', `${what} is not an enode, ws or wss URL: ${url.slice(0, 40)}…`)
  }
}

/**
 * Discovery answers come from addresses, so a bootnode with a name is looked up. One that has none now is left out.
 *
 * @example
 * ```ts
 * const bootnodes = await resolveBootnodes(urls, url => console.warn(`no address: ${url}`))
 * ```
 */
export async function resolveBootnodes(
  urls: readonly string[],
  unresolved: (url: string) => void
): Promise<readonly string[]> {
  const resolved = urls.map(async url => {
    const node = readEnode(url, 'a bootnode')
    if (isIP(node.host) !== 0) return [url]
    try {
      return [formatEnode({ ...node, host: (await lookup(node.host)).address })]
    } catch {
      unresolved(url)
      return []
    }
  })
  return (await Promise.all(resolved)).flat()
}

/**
 * Refuses a way of opening ports, or networks to keep to, that cannot be read. @throws RelayError `nat`, `net-restrict` for what the transport could not read
 *
 * @example
 * ```ts
 * checkNetworkOptions('any', '10.0.0.0/8')
 * ```
 */
export function checkNetworkOptions(nat: string, netRestrict: string | undefined): void {
  check.text('nat', nat)
  if (netRestrict !== undefined) check.text('netRestrict', netRestrict)
  try {
    parseNat(nat)
  } catch (error) {
    throw optionError('nat', messageOf(error))
  }
  try {
    if (netRestrict !== undefined) parseNetRestrict(netRestrict)
  } catch (error) {
    throw optionError('net-restrict', messageOf(error))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
