import { createLinkPair, type LinkPair } from '@status-stack/interface/testing'
import { createWhisper, type PeerLink, type Whisper } from '@status-stack/whisper'
import { encodeEnvelope, encodeStatus } from '@status-stack/whisper/wire'

const relayCount = 8
const neighbours = [1, 3]
const ttlSeconds = 50
const envelopeBytes = 1000
const meanUpMs = 30_000
const meanDownMs = 3000
/** How long the last envelopes get to reach everybody. */
const restMs = 15_000
/**
 * What is due and was not offered is dropped beyond this. A machine that stands still for a second would else get all of it at once, stand
 * still for longer, and end with envelopes that expired before they were read: the run would tell of the machine, not of the relays.
 */
const mostDueMs = 250

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
const idOf = (kind: number, at: number): string => `${kind}${at.toString(16)}`.padStart(64, '0')
const quiet = (work: Promise<unknown>): void => void work.catch(() => undefined)

export interface Mesh {
  /** Links a client to a relay; the answer cuts it. */
  readonly link: (at: number, attach: (link: PeerLink) => Promise<void>) => LinkPair
  readonly step: () => void
  readonly finish: () => Promise<{
    readonly envelopes: number
    readonly envelopesPerSecond: number
    readonly envelopesLost: number
    readonly copiesPerRelay: number
    readonly linksCut: number
    readonly hostileLinks: number
  }>
  readonly stop: () => Promise<void>
}

/** Eight relays whose links come and go, a peer that hardly reads, and one that sends nonsense. */
export async function createMesh({ rate }: { readonly rate: number }): Promise<Mesh> {
  const relays: Whisper[] = Array.from({ length: relayCount }, () => createWhisper({}, { minPow: 0, powWorkers: 0 }))
  for (const relay of relays) await relay.start()
  const relayAt = (at: number): Whisper => relays[at % relayCount] as Whisper
  const count = { offered: 0, cut: 0, hostile: 0, clients: 0 }
  const open = (from: number, to: number): LinkPair => {
    const pair = createLinkPair({ left: idOf(1, from), right: idOf(1, to) })
    quiet(relayAt(from).attach(pair.left))
    quiet(relayAt(to).attach(pair.right))
    return pair
  }
  const edges = relays.flatMap((_, from) => neighbours.map(step => ({ from, to: (from + step) % relayCount })))
  const links = edges.map(edge => ({ ...edge, pair: open(edge.from, edge.to) as LinkPair | undefined, nextMs: 0 }))
  const churn = (nowMs: number): void => {
    for (const link of links) {
      if (nowMs < link.nextMs) continue
      const wasFirst = link.nextMs === 0
      link.nextMs = nowMs - (link.pair === undefined || wasFirst ? meanUpMs : meanDownMs) * Math.log(Math.random())
      if (wasFirst) continue
      if (link.pair === undefined) link.pair = open(link.from, link.to)
      else {
        link.pair.cut()
        link.pair = undefined
        count.cut += 1
      }
    }
  }

  const hello = encodeStatus({ minPow: 0, light: false, confirmations: true })
  const stranger = (at: number, kind: number): LinkPair => {
    const pair = createLinkPair({ right: idOf(kind, count.hostile), capacity: 16 })
    quiet(relayAt(at).attach(pair.left))
    quiet(pair.right.send(0, hello))
    return pair
  }
  let isOver = false
  const slow = async (): Promise<void> => {
    const pair = stranger(2, 7)
    for await (const _ of pair.right.packets()) {
      if (isOver) return
      await pause(500)
    }
  }
  const hostile = async (): Promise<void> => {
    while (!isOver) {
      count.hostile += 1
      const pair = stranger(count.hostile, 9)
      const reading = (async () => {
        for await (const _ of pair.right.packets());
      })()
      for (let packets = 0; packets < 50 && !isOver; packets++) {
        const payload = crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 2000)))
        await pair.right.send(Math.floor(Math.random() * 128), payload).catch(() => undefined)
        await pause(20)
      }
      pair.cut()
      await reading
    }
  }
  quiet(slow())
  quiet(hostile())

  const data = crypto.getRandomValues(new Uint8Array(envelopeBytes))
  const began = Date.now()
  let endMs = began
  let due = 0
  return {
    link: (at, attach) => {
      count.clients += 1
      const pair = createLinkPair({ left: idOf(1, at % relayCount), right: idOf(5, count.clients) })
      quiet(relayAt(at).attach(pair.left))
      quiet(attach(pair.right))
      return pair
    },
    step: () => {
      const nowMs = Date.now()
      churn(nowMs)
      due += (Math.min(nowMs - endMs, mostDueMs) / 1000) * rate
      endMs = nowMs
      for (; due >= 1; due--) {
        count.offered += 1
        const expiry = Math.floor(nowMs / 1000) + ttlSeconds
        const topic = crypto.getRandomValues(new Uint8Array(4))
        const envelope = encodeEnvelope({ expiry, ttl: ttlSeconds, topic, data, nonce: BigInt(count.offered) })
        quiet(relayAt(Math.floor(Math.random() * relayCount)).exchange.offer(envelope))
      }
    },
    finish: async () => {
      for (const link of links) link.pair ??= open(link.from, link.to)
      await pause(restMs)
      const seen = relays.map(relay => relay.counters().events)
      // People’s own envelopes are pooled too, so a relay may have more than were offered, and never fewer.
      const lost = seen.reduce((sum, { envelopepooled }) => sum + Math.max(0, count.offered - envelopepooled), 0)
      const received = seen.reduce((sum, { envelopereceived }) => sum + envelopereceived, 0)
      return {
        envelopes: count.offered,
        envelopesPerSecond: Math.round(count.offered / ((endMs - began) / 1000)),
        envelopesLost: lost,
        copiesPerRelay: Number((received / count.offered / relayCount).toFixed(2)),
        linksCut: count.cut,
        hostileLinks: count.hostile
      }
    },
    stop: async () => {
      isOver = true
      await Promise.all(relays.map(relay => relay.stop()))
    }
  }
}
