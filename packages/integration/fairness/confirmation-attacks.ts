import { keccak256, randomBytes } from '@status-stack/crypto'
import {
  encodeBatchAcknowledged,
  encodeMessageResponse,
  encodeMessages,
  filterBloom,
  packetCodes
} from '@status-stack/whisper/wire'
import type { Attack } from './attacks.ts'
import { attackOf, flood, type Packet, times } from './flood.ts'
import type { RawPeer } from './raw-peer.ts'
import { freshEnvelope, type Victim } from './victim.ts'

const { messages, messageResponse, batchAcknowledged } = packetCodes

/** The hash of a batch that the node has just sent to the attacker: it waits for a confirmation of it. */
async function batchTo(victim: Victim, attacker: RawPeer, topic: Uint8Array): Promise<Uint8Array> {
  const sent = new Promise<Uint8Array>(resolve =>
    attacker.onPacket((code, payload) => (code === messages ? resolve(keccak256(payload)) : undefined))
  )
  const other = await victim.join()
  await other.send(messages, encodeMessages([freshEnvelope(topic, randomBytes(64), 60)]))
  const batch = await sent
  await other.close()
  return batch
}

/** Confirmations that name a batch which the node really sent: only they are looked at. */
function confirmationFlood(name: string, make: (batch: Uint8Array, scale: number) => readonly Packet[]): Attack {
  return attackOf(`packet ${messageResponse}`, name, async (victim, scale) => {
    const topic = randomBytes(4)
    const attacker = await victim.join({ bloom: filterBloom([topic]) })
    return { attacker, packets: make(await batchTo(victim, attacker, topic), scale) }
  })
}

const errorsOf = (count: number) =>
  Array.from({ length: count }, () => ({ hash: randomBytes(32), code: 37, description: '' }))

/** Packets 11 and 12. */
export const confirmationAttacks: readonly Attack[] = [
  flood(batchAcknowledged, 'batches that were never sent', (_, scale) =>
    times(5000 * scale, () => ({ code: batchAcknowledged, payload: encodeBatchAcknowledged(randomBytes(32)) }))
  ),
  flood(messageResponse, 'errors for a batch that was never sent', (_, scale) =>
    times(10 * scale, () => ({
      code: messageResponse,
      payload: encodeMessageResponse({ batch: randomBytes(32), errors: errorsOf(8000) })
    }))
  ),
  confirmationFlood('thousands of errors for one batch', (batch, scale) =>
    times(10 * scale, () => ({
      code: messageResponse,
      payload: encodeMessageResponse({ batch, errors: errorsOf(8000) })
    }))
  ),
  confirmationFlood('one error, again and again', (batch, scale) =>
    times(2000 * scale, () => ({
      code: messageResponse,
      payload: encodeMessageResponse({ batch, errors: errorsOf(1) })
    }))
  )
]
