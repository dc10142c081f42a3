import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { formatEnode, parseCompleteEnode, parseNat, parseNetRestrict } from '@status-stack/devp2p-transport'
import { CliError } from '../errors.ts'

/** Reads an enode URL that was given for `what`. @throws CliError `enode` */
export function readEnode(url: string, what: string): ReturnType<typeof parseCompleteEnode> {
  try {
    return parseCompleteEnode(url)
  } catch {
    throw new CliError(
      'usage',
      'enode',
      `${what} is not an enode URL: ${url.slice(0, 40)}…`,
      'it looks like enode://<128 hex digits>@host:port'
    )
  }
}

/** Discovery answers come from addresses, so a bootnode with a name is looked up. One that has none now is left out. */
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

/** @throws CliError `nat`, `net-restrict` for what the transport could not read */
export function checkNetworkWords(nat: string, netRestrict: string | undefined): void {
  try {
    parseNat(nat)
  } catch (error) {
    throw new CliError('usage', 'nat', messageOf(error), 'known are none, any, upnp, pmp, pmp:IP and extip:IP')
  }
  try {
    if (netRestrict !== undefined) parseNetRestrict(netRestrict)
  } catch (error) {
    throw new CliError('usage', 'net-restrict', messageOf(error), 'for example 10.0.0.0/8,192.168.0.0/16,fd00::/8')
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
