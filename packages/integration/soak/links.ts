import { createLinkPair } from '@status-stack/interface/testing'
import type { PeerLink, Whisper } from '@status-stack/whisper'
import { dialLink } from '../fairness/processes/doors.ts'
import { socketLink } from '../fairness/processes/socket-link.ts'
import { dialledBy, type Layout, relayId } from './layout.ts'

const meanUpMs = 30_000
const meanDownMs = 3000

/** The links that the relays of one process dial: in memory within it, over loopback TCP to others. They come and go. */
export interface Links {
  readonly openAll: () => void
  /** Cuts and opens what is due. */
  readonly churn: (nowMs: number) => void
  readonly cuts: () => number
}

/** One end of a link that is up. */
interface Live {
  cut: () => void
}

/** A link that a relay dials; up while it is `live`. */
interface Edge {
  readonly from: number
  readonly to: number
  live: Live | undefined
  nextMs: number
}

const someTime = (meanMs: number): number => -meanMs * Math.log(Math.random())

/**
 * @param relayAt the relays of this process by their number
 * @param ports of the processes
 */
export function createLinks(layout: Layout, relayAt: ReadonlyMap<number, Whisper>, ports: readonly number[]): Links {
  const edges: Edge[] = [...relayAt.keys()].flatMap(from =>
    dialledBy(from).map(to => ({ from, to, live: undefined, nextMs: 0 }))
  )
  let cuts = 0
  const dial = async ({ from, to }: Edge, live: Live): Promise<PeerLink> => {
    const there = relayAt.get(to)
    if (there !== undefined) {
      const pair = createLinkPair({ left: relayId(from), right: relayId(to) })
      live.cut = pair.cut
      there.attach(pair.right).then(pair.cut, pair.cut)
      return pair.left
    }
    const port = ports[layout.processOf(to)] ?? 0
    const socket = await dialLink(port, { id: relayId(from), address: '127.0.0.1', node: to })
    live.cut = socket.cut
    return socketLink(socket, relayId(to))
  }
  const open = (edge: Edge): void => {
    let wasCut = false
    const live: Live = {
      cut: () => {
        wasCut = true
      }
    }
    edge.live = live
    // However it ends, a handshake that took too long included: it is down then, and comes back soon.
    const ended = (): void => {
      live.cut()
      if (edge.live !== live) return
      edge.live = undefined
      edge.nextMs = Date.now() + someTime(meanDownMs)
    }
    dial(edge, live)
      .then(async link => {
        if (wasCut) live.cut()
        await relayAt.get(edge.from)?.attach(link)
      })
      .then(ended, ended)
  }
  return {
    openAll: () => {
      for (const edge of edges) if (edge.live === undefined) open(edge)
    },
    churn: nowMs => {
      for (const edge of edges) {
        if (nowMs < edge.nextMs) continue
        const { live, nextMs } = edge
        if (live === undefined) {
          edge.nextMs = nowMs + someTime(meanUpMs)
          open(edge)
        } else if (nextMs === 0) edge.nextMs = nowMs + someTime(meanUpMs)
        else {
          edge.live = undefined
          edge.nextMs = nowMs + someTime(meanDownMs)
          live.cut()
          cuts += 1
        }
      }
    },
    cuts: () => cuts
  }
}
