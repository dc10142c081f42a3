import { createLinkPair, type LinkPair } from '@status-stack/interface/testing'
import { createWhisper, type PeerLink, type Whisper } from '@status-stack/whisper'
import { encodeEnvelope, encodeStatus } from '@status-stack/whisper/wire'
import { createLedger } from './ledger.ts'
import { pause } from './steps.ts'

const relayCount = 8
const neighbours = [1, 3]
const ttlSeconds = 50
/** Without room for 50 s of it a relay would turn traffic away, which is not what is looked for: 500 a second fill some 60 MiB. */
const poolMaxBytes = 256 * 2 ** 20
const meanUpMs = 30_000
const meanDownMs = 3000
/** How long the last envelopes get to reach everybody: less than they live. */
const restMs = 45_000
/**
 * What is due and was not offered is dropped beyond this. A machine that stands still for a second would else get all of it at once, stand
 * still for longer, and end with envelopes that expired before they were read: the run would tell of the machine, not of the relays.
 */
const mostDueMs = 250

const idOf = (kind: number, at: number): string => `${kind}${at.toString(16)}`.padStart(64, '0')
const quiet = (work: Promise<unknown>): void => void work.catch(() => undefined)

/** What became of the envelopes, and what they went over. */
export interface TrafficFacts {
  readonly envelopes: number
  readonly envelopesPerSecond: number
  readonly envelopesLost: number
  /** How long after the end of the traffic every relay had all of it. */
  readonly lastArrivedSeconds: number
  readonly copiesPerRelay: number
  readonly linksCut: number
  readonly hostileLinks: number
}

export interface Mesh {
  /** Somebody from outside, at one of the relays. */
  readonly attach: (link: PeerLink, at: number) => Promise<void>
  /** The traffic and the slow and hostile peers. */
  readonly begin: () => void
  readonly step: () => void
  readonly finish: () => Promise<TrafficFacts>
  readonly stop: () => Promise<void>
}

/** A link between two relays, which is up while it has a pair. */
interface Edge {
  readonly from: number
  readonly to: number
  pair: LinkPair | undefined
  nextMs: number
}

/** Eight relays whose links come and go, a peer that hardly reads, and one that sends nonsense. */
export async function createMesh({
  rate,
  minutes
}: {
  readonly rate: number
  readonly minutes: number
}): Promise<Mesh> {
  const relays: Whisper[] = Array.from({ length: relayCount }, () =>
    createWhisper({}, { minPow: 0, powWorkers: 0, poolMaxBytes })
  )
  for (const relay of relays) await relay.start()
  const relayAt = (at: number): Whisper => relays[at % relayCount] as Whisper
  const count = { offered: 0, cut: 0, hostile: 0 }
  const edges = relays.flatMap((_, from) => neighbours.map(step => ({ from, to: (from + step) % relayCount })))
  const links: Edge[] = edges.map(edge => ({ ...edge, pair: undefined, nextMs: 0 }))
  const open = (link: Edge): void => {
    const pair = createLinkPair({ left: idOf(1, link.from), right: idOf(1, link.to) })
    link.pair = pair
    // However it ends, a handshake that took too long included: it is down then, and comes back when it is due.
    const ended = (): void => {
      pair.cut()
      if (link.pair === pair) link.pair = undefined
    }
    relayAt(link.from).attach(pair.left).then(ended, ended)
    relayAt(link.to).attach(pair.right).then(ended, ended)
  }
  const openAll = (): void => {
    for (const link of links) if (link.pair === undefined) open(link)
  }
  openAll()
  const churn = (nowMs: number): void => {
    for (const link of links) {
      if (nowMs < link.nextMs) continue
      const wasFirst = link.nextMs === 0
      link.nextMs = nowMs - (link.pair === undefined || wasFirst ? meanUpMs : meanDownMs) * Math.log(Math.random())
      if (wasFirst) continue
      if (link.pair === undefined) open(link)
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
  const ledger = createLedger(relays, Math.ceil(rate * minutes * 60) + rate)
  let began = Date.now()
  let endMs = began
  let due = 0
  return {
    attach: (link, at) => relayAt(at).attach(link),
    begin: () => {
      quiet(slow())
      quiet(hostile())
      began = Date.now()
      endMs = began
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
        const at = Math.floor(Math.random() * relayCount)
        const envelope = encodeEnvelope({ expiry, ttl: ttlSeconds, topic, data: ledger.nextData(at), nonce: 0n })
        quiet(relayAt(at).exchange.offer(envelope))
      }
    },
    finish: async () => {
      const restBegan = Date.now()
      const resting = (): number => Date.now() - restBegan
      do {
        openAll()
        await pause(1000)
      } while (ledger.missing() > 0 && resting() < restMs)
      const seen = relays.map(relay => relay.counters().events)
      const received = seen.reduce((sum, { envelopereceived }) => sum + envelopereceived, 0)
      const pooled = seen.reduce((sum, { envelopepooled }) => sum + envelopepooled, 0)
      return {
        envelopes: count.offered,
        envelopesPerSecond: Math.round(count.offered / ((endMs - began) / 1000)),
        envelopesLost: ledger.missing(),
        lastArrivedSeconds: Math.round(resting() / 1000),
        copiesPerRelay: Number((received / pooled).toFixed(2)),
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
