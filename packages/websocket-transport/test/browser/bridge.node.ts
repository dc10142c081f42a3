import { generatePrivateKey } from '@status-stack/crypto'
import type { PeerLink } from '@status-stack/interface'
import { type Capability, createHost, type Host } from '@status-stack/rlpx'
import { type WebSocketServerOptions, webSocketServerCarrier } from '../../src/server/index.node.ts'

/** URLs of nodes in Node: what arrives at `left` leaves at `right`, and the other way. */
export interface Bridge {
  readonly left: string
  readonly right: string
  /** Lets in pages of one origin, which is not the test's. */
  readonly shut: string
  /** Has no place for a peer. */
  readonly full: string
  readonly stop: () => Promise<void>
}

/** Carries packets on as fast as the other side takes them. */
async function carry(from: PeerLink, to: PeerLink): Promise<void> {
  for await (const { code, payload } of from.packets()) await to.send(code, payload)
}

/** A capability whose links wait for their partner of the other one, in the order in which they come. */
function waiting(): { readonly capability: Capability; readonly next: () => Promise<PeerLink> } {
  const links: PeerLink[] = []
  const takers: ((link: PeerLink) => void)[] = []
  return {
    next: () =>
      new Promise(resolve => {
        const link = links.shift()
        if (link === undefined) takers.push(resolve)
        else resolve(link)
      }),
    capability: {
      name: 'shh',
      version: 6,
      length: 128,
      // The bridge closes it.
      run: link => {
        const taker = takers.shift()
        if (taker === undefined) links.push(link)
        else taker(link)
        return new Promise(() => undefined)
      }
    }
  }
}

/** Nodes in Node for the tests that run in a browser. */
export async function startBridge(): Promise<Bridge> {
  const left = waiting()
  const right = waiting()
  const hosts: Host[] = []
  const listening = async (
    capability: Capability,
    server: WebSocketServerOptions,
    options: { readonly maxPeers?: number } = {}
  ): Promise<string> => {
    const host = createHost(
      { privateKey: generatePrivateKey(), capabilities: [capability], carrier: webSocketServerCarrier(server) },
      { maxPeers: 1000, stopTimeoutMs: 100, ...options }
    )
    await host.start()
    hosts.push(host)
    return host.enode()
  }
  const urls = {
    left: await listening(left.capability, { origins: 'any' }),
    right: await listening(right.capability, { origins: 'any' }),
    shut: await listening(waiting().capability, { origins: ['https://app.example.org'] }),
    full: await listening(waiting().capability, { origins: 'any' }, { maxPeers: 0 })
  }
  const pair = async (): Promise<void> => {
    for (;;) {
      const [a, b] = [await left.next(), await right.next()]
      const close = (): void => {
        void a.close('done')
        void b.close('done')
      }
      carry(a, b).then(close, close)
      carry(b, a).then(close, close)
    }
  }
  void pair()
  return {
    ...urls,
    stop: async () => {
      await Promise.all(hosts.map(host => host.stop()))
    }
  }
}
