import { randomBytes } from '@status-stack/crypto'
import { encodeMessages, filterBloom, packetCodes } from '@status-stack/whisper/wire'
import { type HonestTalk, startTalk } from './honest-talk.ts'
import { freshEnvelope, type Victim } from './victim.ts'

/** Two peers of an attacked node, one of which sends the other an envelope through it every 20 ms. */
export async function startHonestPair({ join }: Pick<Victim, 'join'>): Promise<HonestTalk> {
  const topic = randomBytes(4)
  const [from, to] = [await join(), await join({ bloom: filterBloom([topic]) })]
  const underway = new Map<Buffer, () => void>()
  to.onPacket((code, payload) => {
    if (code !== packetCodes.messages) return
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    for (const [mark, arrived] of underway) {
      if (!bytes.includes(mark)) continue
      underway.delete(mark)
      arrived()
    }
  })
  return await startTalk({
    everyMs: 20,
    say: async arrived => {
      const data = randomBytes(64)
      underway.set(Buffer.from(data.subarray(-16)), arrived)
      await from.send(packetCodes.messages, encodeMessages([freshEnvelope(topic, data, 60)]))
    },
    close: async () => {
      await Promise.allSettled([from.close(), to.close()])
    }
  })
}
