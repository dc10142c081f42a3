import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { encodeEnvelope } from '@status-stack/whisper/wire'
import { type OtherNode, startOther } from '../peers.ts'

const relayCount = 3
const everyMs = 20
const dataBytes = 500
/** Longer than the test: what a server missed while it was down is offered to it again. */
const ttlSeconds = 3600

/** Envelopes that pass through a mesh of relays, each of them linked to every mailserver. */
export interface Load {
  /** Ids of all envelopes so far, hex. */
  readonly offered: ReadonlySet<string>
  /** Ids that a mailserver has confirmed, by its peer id. */
  readonly confirmedBy: (peerId: string) => ReadonlySet<string>
  /** Offers no more; the relays go on. */
  readonly end: () => void
  readonly stop: () => Promise<void>
}

/** @param topic 4 bytes, that of every envelope */
export async function startLoad(mailservers: readonly string[], topic: Uint8Array): Promise<Load> {
  const relays: OtherNode[] = []
  const confirmed = new Map<string, Set<string>>()
  for (let at = 0; at < relayCount; at++) {
    const relay = await startOther({ host: { listen: { host: '127.0.0.1', port: 0 } }, whisper: { minPow: 0 } })
    relay.whisper.on('envelopeacknowledged', ({ hash, peerId }) => {
      const ids = confirmed.get(peerId) ?? new Set()
      confirmed.set(peerId, ids.add(hash))
    })
    for (const other of relays) relay.host.addStatic(other.host.enode())
    for (const enode of mailservers) relay.host.addStatic(enode)
    relays.push(relay)
  }
  const offered = new Set<string>()
  const timer = setInterval(() => {
    const data = crypto.getRandomValues(new Uint8Array(dataBytes))
    const expiry = Math.floor(Date.now() / 1000) + ttlSeconds
    const envelope = encodeEnvelope({ expiry, ttl: ttlSeconds, topic, data, nonce: BigInt(offered.size) })
    const relay = relays[offered.size % relayCount]
    offered.add(bytesToHex(keccak256(envelope)))
    void relay?.whisper.exchange.offer(envelope)
  }, everyMs)
  return {
    offered,
    confirmedBy: peerId => confirmed.get(peerId) ?? new Set(),
    end: () => clearInterval(timer),
    stop: async () => {
      clearInterval(timer)
      await Promise.all(relays.map(relay => relay.stop()))
    }
  }
}
