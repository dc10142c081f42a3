import type { PeerLink } from '@status-stack/interface'
import type { LinkFixture } from '@status-stack/interface/testing'
import type { Host } from '../host/types.ts'
import type { Capability } from '../ports.ts'
import { until } from './events.ts'

/**
 * Two hosts with one connection, and the links that their capabilities see: what `peerLinkCases` run on. `a` is the end that dialed.
 *
 * @param start gives a started host with this capability; called first for the dialing end
 * @example
 * ```ts
 * peerLinkCases(() => connectedLinks((capability, end) => startHost(capability, end)))
 * ```
 */
export async function connectedLinks(
  start: (capability: Capability, end: 'dialing' | 'listening') => Promise<Host>
): Promise<LinkFixture> {
  const links = new Map<string, PeerLink>()
  const releases: (() => void)[] = []
  const hold: Capability = {
    name: 'shh',
    version: 6,
    length: 128,
    run: link =>
      new Promise(resolve => {
        links.set(link.peerId, link)
        releases.push(resolve)
      })
  }
  const dialing = await start(hold, 'dialing')
  const listening = await start(hold, 'listening')
  await dialing.dial(listening.enode())
  await until(() => links.size === 2)
  return {
    a: links.get(listening.peerId) as PeerLink,
    b: links.get(dialing.peerId) as PeerLink,
    release: async () => {
      for (const release of releases) release()
      await Promise.all([dialing.stop(), listening.stop()])
    }
  }
}
