// A relay takes many envelopes, and they expire: what its process holds before and after, as one line of JSON. Run with --expose-gc --max-semi-space-size=2.
import { createTimeSlicer } from '@status-stack/utils'
import { encodeEnvelope } from '../src/envelope.ts'
import { limits } from '../src/limits.ts'
import { encodeMessages } from '../src/packets/messages.ts'
import { encodeStatus } from '../src/packets/status.ts'
import { createSeededRandom } from '../src/testing/index.ts'
import { handPeer, node, time } from './support.ts'

declare const gc: () => void

/** Resident memory in MB once it falls no more: the collector frees buffers on threads of its own, whenever those get a turn. */
async function residentMb(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let unchanged = 0; unchanged < 10; unchanged++) {
    gc()
    await new Promise(resolve => setTimeout(resolve, 300))
    const resident = process.memoryUsage().rss / 2 ** 20
    if (resident < least - 0.5) unchanged = 0
    least = Math.min(least, resident)
  }
  return least
}

const [envelopes = 0, each = 0] = process.argv.slice(2).map(Number)
const ttl = 30
const clock = time()
const relay = node(clock, 'relay', { poolMaxBytes: 2 ** 30 }, createTimeSlicer())
await relay.start()
const peer = handPeer(relay, 'peer', { flags: { static: false, trusted: true } })
await clock.settle()
const random = createSeededRandom('memory')
const expiryOf = (): number => Math.floor(clock.clock.nowMs() / 1000) + ttl
const envelope = encodeEnvelope({ expiry: expiryOf(), ttl, topic: random.bytes(4), data: random.bytes(540), nonce: 1n })
const packet = encodeMessages(Array.from({ length: each }, () => envelope))
/** Where the expiry lies in an envelope, behind the headers of the list and of itself, and a place in the data. */
const expiryAt = 4
const numberAt = 40
let number = 0
/** Packets are made of one another: what the test itself takes is no memory of the relay. */
const send = async (count: number): Promise<void> => {
  const view = new DataView(packet.buffer, packet.byteOffset)
  for (let sent = 0; sent < count; sent += each) {
    for (let i = 0; i < each; i++) {
      const at = packet.length - (i + 1) * envelope.length
      view.setUint32(at + expiryAt, expiryOf())
      view.setUint32(at + numberAt, ++number)
    }
    await peer.send(1, packet.slice())
    // The confirmations, which nobody needs here.
    peer.received.length = 0
    while (relay.info().messages < sent - 1000) await new Promise(resolve => setImmediate(resolve))
  }
  while (relay.info().messages < count) await new Promise(resolve => setImmediate(resolve))
}
/** Until the last of them has expired, in slices. */
const expire = async (): Promise<void> => {
  while (relay.info().messages > 0) {
    await clock.advance(1000)
    await new Promise(resolve => setImmediate(resolve))
  }
  // Longer than their hashes are remembered.
  await clock.advance((limits.expiredSeconds + 5) * 1000)
}

await peer.send(0, encodeStatus({ minPow: 0, light: false, confirmations: false }))
await clock.settle()
// What compiled code takes, and packets on their way, is no memory of envelopes.
await send(10_000)
await expire()
const before = await residentMb()
await send(envelopes)
const pooled = relay.info().messages
const full = await residentMb()
await expire()
const after = await residentMb()
console.log(JSON.stringify({ before, pooled, full, after }))
process.exit(0)
