import { createWhisper, type PeerLink, type Whisper } from '@status-stack/whisper'
import { encodeEnvelope } from '@status-stack/whisper/wire'
import { createLayout, relayCount } from './layout.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createLinks, type Links } from './links.ts'
import { createStrangers } from './strangers.ts'

/** As Status has it. */
export const ttlSeconds = 10
/**
 * What is due and was not offered is dropped beyond this, and missing from `envelopesPerSecond`. A machine that stands still for a second would
 * else get all of it at once, stand still for longer, and end with envelopes that expired before they were read: the run would tell of the
 * machine, not of the relays.
 */
const mostDueMs = 250

/** What became of the traffic of one process. */
export interface TrafficFacts {
  readonly offered: number
  readonly perSecond: number
  /** Copies that its relays got of each envelope that they pooled. */
  readonly copiesPerRelay: number
  readonly linksCut: number
  readonly hostileLinks: number
}

/** The part of the mesh that is in this process. */
export interface Mesh {
  /** Somebody from outside, at one of the relays. */
  readonly attach: (link: PeerLink, relay: number) => Promise<void>
  /** Dials the other processes, by their ports. */
  readonly connect: (ports: readonly number[]) => void
  /** The traffic and the slow and hostile peers. */
  readonly begin: () => void
  readonly step: () => void
  /** Ends the traffic, and restores the links. */
  readonly end: () => TrafficFacts
  readonly ledger: Pick<Ledger, 'made' | 'missing'>
  /** Envelopes in the pools. */
  readonly pooled: () => number
}

/** Which part, and of what. */
export interface MeshOptions {
  readonly index: number
  readonly processes: number
  readonly minutes: number
  /** Envelopes a second, in the whole mesh. */
  readonly rate: number
  /** Marks the traffic of this run. */
  readonly mark: string
}

async function startRelays(numbers: readonly number[]): Promise<ReadonlyMap<number, Whisper>> {
  const relays = new Map<number, Whisper>()
  for (const number of numbers) {
    const relay = createWhisper({}, { minPow: 0, powWorkers: 0 })
    await relay.start()
    relays.set(number, relay)
  }
  return relays
}

/** Relays whose links come and go, a peer that hardly reads, and one that sends nonsense. */
export async function createMesh({ index, processes, minutes, rate, mark }: MeshOptions): Promise<Mesh> {
  const layout = createLayout(processes)
  const numbers = layout.relaysOf(index)
  const relayAt = await startRelays(numbers)
  const relays = [...relayAt.values()]
  const ownRate = (rate * relays.length) / relayCount
  const most = Math.ceil(rate * (minutes + 1) * 60)
  const ledger = createLedger(relays, { mark, origin: index, processes, most })
  const strangers = createStrangers(relays, numbers[0] ?? 0)
  let links: Links | undefined
  let began = 0
  let endMs = 0
  let due = 0
  const offer = (nowMs: number): void => {
    const expiry = Math.floor(nowMs / 1000) + ttlSeconds
    const topic = crypto.getRandomValues(new Uint8Array(4))
    const at = Math.floor(Math.random() * relays.length)
    const data = ledger.nextData(at)
    relays[at]?.exchange
      .offer(encodeEnvelope({ expiry, ttl: ttlSeconds, topic, data, nonce: 0n }))
      .catch(() => undefined)
  }
  return {
    attach: async (link, relay) => relayAt.get(relay)?.attach(link),
    connect: ports => {
      links = createLinks(layout, relayAt, ports)
      links.openAll()
    },
    begin: () => {
      strangers.begin()
      began = Date.now()
      endMs = began
    },
    step: () => {
      const nowMs = Date.now()
      links?.churn(nowMs)
      due += (Math.min(nowMs - endMs, mostDueMs) / 1000) * ownRate
      endMs = nowMs
      for (; due >= 1; due--) offer(nowMs)
    },
    end: () => {
      links?.openAll()
      const seen = relays.map(relay => relay.counters().events)
      const received = seen.reduce((sum, { envelopereceived }) => sum + envelopereceived, 0)
      const pooled = seen.reduce((sum, { envelopepooled }) => sum + envelopepooled, 0)
      return {
        offered: ledger.made(),
        perSecond: Number((ledger.made() / ((endMs - began) / 1000)).toFixed(1)),
        copiesPerRelay: Number((received / pooled).toFixed(2)),
        linksCut: links?.cuts() ?? 0,
        hostileLinks: strangers.hostileLinks()
      }
    },
    ledger,
    pooled: () => relays.reduce((sum, relay) => sum + relay.info().messages, 0)
  }
}
