import { createLinkPair, createVirtualTime, type VirtualTime } from '@status-stack/interface/testing'
import { createWaku, type Waku, type WakuOptions } from '@status-stack/waku'
import { createWhisper, type Packet, type Whisper } from '@status-stack/whisper'

/** A peer of a node, played by the adapter: packets by hand. */
export interface HandPeer {
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
  /** Packets of the node so far. */
  readonly received: readonly Packet[]
  /** Whether the link is still up. */
  readonly kept: () => boolean
}

/** Nodes on one clock that only the adapter moves. */
export interface NodeRun {
  readonly time: VirtualTime
  readonly waku: (options: WakuOptions) => Promise<Waku>
  readonly whisper: (options: { readonly minPow: number }) => Promise<Whisper>
  readonly connect: (node: Whisper, name?: string) => Promise<HandPeer>
  readonly stop: () => Promise<void>
}

export function createNodeRun(nowSeconds: number): NodeRun {
  const time = createVirtualTime(nowSeconds * 1000)
  const { clock, scheduler } = time
  const stops: (() => Promise<void>)[] = []
  const started = async <T extends Whisper>(node: T): Promise<T> => {
    await node.start()
    stops.push(node.stop)
    return node
  }
  return {
    time,
    waku: options => started(createWaku({ clock, scheduler }, { powWorkers: 0, ...options })),
    whisper: options => started(createWhisper({ clock, scheduler }, { powWorkers: 0, ...options })),
    connect: async (node, name = 'peer') => {
      const pair = createLinkPair({ left: 'node'.padEnd(64, '0'), right: name.padEnd(64, '0') })
      const received: Packet[] = []
      let kept = true
      void (async () => {
        for await (const packet of pair.right.packets()) received.push(packet)
      })()
      node.attach(pair.left).then(
        () => {
          kept = false
        },
        () => {
          kept = false
        }
      )
      await time.settle()
      return {
        received,
        kept: () => kept,
        send: async (code, payload) => {
          await pair.right.send(code, payload).catch(() => undefined)
          await time.settle()
        }
      }
    },
    stop: async () => {
      for (const stop of stops) await stop()
    }
  }
}
