import type { PeerLink } from '@status-stack/devp2p-transport'

const messagesCode = 1

/** A link whose next Messages packet can be held back and sent after a later one, as a slow path through a network would. */
export interface Holding {
  readonly wrap: (link: PeerLink) => PeerLink
  /** The next Messages packet waits for `release`. */
  readonly holdNext: () => void
  /** Resolves when a packet is held. */
  readonly held: () => Promise<void>
  readonly release: () => Promise<void>
}

export function createHolding(): Holding {
  let armed = false
  let waiting: (() => Promise<void>) | undefined
  let announce = (): void => {}
  let held = Promise.resolve()
  return {
    wrap: link => ({
      peerId: link.peerId,
      ...(link.remoteAddress === undefined ? {} : { remoteAddress: link.remoteAddress }),
      flags: link.flags,
      packets: link.packets,
      close: link.close,
      send: (code, payload, options) => {
        if (!armed || code !== messagesCode) return link.send(code, payload, options)
        armed = false
        waiting = () => link.send(code, payload)
        announce()
        // As with any network: who sends does not learn that the packet is still under way.
        return Promise.resolve()
      }
    }),
    holdNext: () => {
      armed = true
      held = new Promise(resolve => {
        announce = resolve
      })
    },
    held: () => held,
    release: async () => {
      await waiting?.()
      waiting = undefined
    }
  }
}
