import { randomBytes } from '@status-stack/crypto'
import { encodeMessages, filterBloom, packetCodes } from '@status-stack/whisper/wire'
import { freshEnvelope, type Victim } from './victim.ts'

/** Two peers that go on talking through the attacked node. */
export interface HonestPair {
  /** Stops talking; returns how long each message took, milliseconds, and how many never came. */
  readonly stop: () => Promise<{ readonly latenciesMs: readonly number[]; readonly lost: number }>
}

const everyMs = 20
/** What is still under way when the attack ends may take this long. */
const graceMs = 5000

/** Sends an envelope from one peer every 20 ms and waits for it at the other. */
export async function startHonestPair(victim: Victim): Promise<HonestPair> {
  const topic = randomBytes(4)
  const [from, to] = [await victim.join(), await victim.join({ bloom: filterBloom([topic]) })]
  const sentAt = new Map<string, number>()
  const latenciesMs: number[] = []
  const marker = (data: Uint8Array): string => data.subarray(-16).join()
  to.onPacket((code, payload) => {
    if (code !== packetCodes.messages) return
    const now = performance.now()
    for (const [key, at] of sentAt) {
      if (!includesMarker(payload, key)) continue
      latenciesMs.push(now - at)
      sentAt.delete(key)
    }
  })
  let failed = 0
  let sent = 0
  const began = performance.now()
  // By the time at which a message was due, not at which the loop came to it: a blocked sender must not hide the wait.
  const timer = setInterval(() => {
    for (; began + sent * everyMs <= performance.now(); sent++) {
      const data = randomBytes(64)
      sentAt.set(marker(data), began + sent * everyMs)
      from.send(packetCodes.messages, encodeMessages([freshEnvelope(topic, data, 60)])).catch(() => {
        failed += 1
      })
    }
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      const end = performance.now() + graceMs
      while (sentAt.size > failed && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 10))
      await Promise.allSettled([from.close(), to.close()])
      return { latenciesMs, lost: sentAt.size }
    }
  }
}

/** Whether a packet holds the 16 bytes that mark one of our envelopes. */
function includesMarker(payload: Uint8Array, key: string): boolean {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes(
    Buffer.from(key.split(',').map(Number))
  )
}
