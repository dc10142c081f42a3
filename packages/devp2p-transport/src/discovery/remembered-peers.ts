import { type CompleteEnode, formatEnode, parseCompleteEnode, peerIdOf } from '@status-stack/rlpx'
import { limits } from '../limits.ts'
import type { Clock } from '../ports.ts'

/** A peer that served us well, kept over restarts. */
export interface RememberedPeer {
  /** Its complete enode URL. */
  readonly enode: string
  /** When we last connected to it, Unix milliseconds. */
  readonly lastSeenMs: number
}

/** Where good peers are remembered. */
export interface PeerStore {
  /** What was saved last; asked once, at start. */
  readonly load: () => Promise<readonly RememberedPeer[]>
  /** Stores the list in place of the one before. */
  readonly save: (peers: readonly RememberedPeer[]) => Promise<void>
}

/** The peers that served us well, the latest last. */
export interface RememberedPeers {
  /** Those of earlier runs that are not too old. */
  readonly load: () => Promise<readonly CompleteEnode[]>
  readonly add: (node: CompleteEnode) => void
  readonly save: () => Promise<void>
}

/** Without a store they are remembered until the pool stops. `rememberMs`: an older one is not loaded. */
export function createRememberedPeers(store: PeerStore | undefined, clock: Clock, rememberMs: number): RememberedPeers {
  // BOUNDED: `limits.rememberedPeers`.
  const good = new Map<string, RememberedPeer>()
  return {
    load: async () => {
      const found: CompleteEnode[] = []
      for (const { enode, lastSeenMs } of ((await store?.load()) ?? []).slice(-limits.rememberedPeers)) {
        if (clock.nowMs() - lastSeenMs > rememberMs) continue
        try {
          const node = parseCompleteEnode(enode)
          good.set(peerIdOf(node.publicKey), { enode, lastSeenMs })
          found.push(node)
        } catch {
          // A line that cannot be read is not worth failing for.
        }
      }
      return found
    },
    add: node => {
      const peerId = peerIdOf(node.publicKey)
      good.delete(peerId)
      good.set(peerId, { enode: formatEnode(node), lastSeenMs: clock.nowMs() })
      if (good.size <= limits.rememberedPeers) return
      const oldest = good.keys().next()
      if (oldest.done !== true) good.delete(oldest.value)
    },
    save: async () => store?.save([...good.values()])
  }
}
