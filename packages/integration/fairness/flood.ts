import { randomBytes } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { encodeMessages, encodeP2pMessages, filterBloom, packetCodes } from '@status-stack/whisper/wire'
import type { Attack, Attacked } from './attacks.ts'
import type { RawPeer, RawPeerOptions } from './raw-peer.ts'
import { freshEnvelope, type Victim } from './victim.ts'

/** One packet of an attack. */
export interface Packet {
  readonly code: number
  readonly payload: Uint8Array
}

/** Longest wait for the node to come through an attack; only broken code needs it. */
const patienceMs = 120_000

/** Waits until the node has handled everything that was sent before: an envelope of our own is relayed to another peer. */
export async function handled(victim: Pick<Victim, 'join'>, attacker: RawPeer): Promise<void> {
  const topic = randomBytes(4)
  const witness = await victim.join({ bloom: filterBloom([topic]) })
  const data = randomBytes(64)
  const mark = Buffer.from(data.subarray(-16))
  const seen = new Promise<void>(resolve =>
    witness.onPacket((_, payload) => {
      if (Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes(mark)) resolve()
    })
  )
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the node did not come through the attack')), patienceMs)
  })
  await attacker.send(packetCodes.messages, encodeMessages([freshEnvelope(topic, data, 60)])).catch(() => undefined)
  await Promise.race([seen, attacker.ended, late])
  clearTimeout(timer)
  await witness.close()
}

interface Prepared {
  readonly attacker: RawPeer
  readonly packets: readonly Packet[]
}

/** An attack that sends packets as fast as the node takes them. */
export function attackOf(
  door: string,
  name: string,
  prepare: (victim: Victim, scale: number) => Promise<Prepared>
): Attack {
  return {
    door,
    name,
    prepare: async (victim, scale) => {
      const { attacker, packets } = await prepare(victim, scale)
      return async (): Promise<Attacked> => {
        let bytes = 0
        for (const { code, payload } of packets) {
          if (!attacker.isOpen()) break
          bytes += payload.length
          await attacker.send(code, payload).catch(() => undefined)
        }
        await handled(victim, attacker)
        const outcome = attacker.isOpen() ? 'kept' : `closed (${(await attacker.ended) ?? 'done'})`
        await attacker.close()
        return { bytes, outcome }
      }
    }
  }
}

/** Packets over a link of its own. */
export function flood(
  code: number,
  name: string,
  make: (victim: Victim, scale: number) => readonly Packet[] | Promise<readonly Packet[]>,
  options: RawPeerOptions = {}
): Attack {
  return attackOf(`packet ${code}`, name, async (victim, scale) => ({
    packets: await make(victim, scale),
    attacker: await victim.join(options)
  }))
}

/** Makes `count` packets. */
export const times = (count: number, make: (at: number) => Packet): readonly Packet[] =>
  Array.from({ length: Math.ceil(count) }, (_, at) => make(at))
export const mebibyte = 1024 * 1024

/** Packets of envelopes without work, `total` bytes in all, one MiB a packet. */
export function envelopePackets(
  total: number,
  make: () => Uint8Array,
  code: number = packetCodes.messages
): readonly Packet[] {
  const packets: Packet[] = []
  for (let left = total; left > 0; ) {
    const batch: Uint8Array[] = []
    let size = 0
    while (size < Math.min(left, mebibyte - 8192)) {
      const envelope = make()
      batch.push(envelope)
      size += envelope.length
    }
    left -= size
    packets.push({ code, payload: code === packetCodes.messages ? encodeMessages(batch) : encodeP2pMessages(batch) })
  }
  return packets
}

/** A list of `count` items that are no envelopes, ten bytes each. */
export const tinyItems = (count: number): Uint8Array =>
  encodeRlp(Array.from({ length: count }, () => [1, 1, new Uint8Array(4), 1, 1]))
