import { decodePayload, encodePayload, groupId, type Message, messageId, statusGoSendEpoch } from '../../src/index.ts'
import { read } from './node.ts'
import type { EngineOf } from './world.ts'

const epochMs = 300
const empty = { acks: [], offers: [], requests: [], messages: [] }

interface Pending {
  readonly message: Message
  readonly tracking: string
  count: number
  sendEpoch: number
}

/** Next epochs of deployed nodes: the accumulating rule of 0.56.10, and the doubling one of 0.64. */
export const referenceSchedules = {
  'status-go 0.56.10': (pending: Pending, epoch: number): number =>
    pending.sendEpoch + statusGoSendEpoch(epoch, pending.count),
  'status-go 0.64': (pending: Pending, epoch: number): number => epoch + 2 ** (pending.count - 1) * 90
} as const

/**
 * A model of a deployed batch node, for counting: everything due in one payload, retries by the schedule above, epochs that
 * go on with the process. Duplicates are acknowledged again, which 0.56.10 does not do: it would never stop.
 */
export function referenceEngine(
  self: Uint8Array,
  peer: Uint8Array,
  schedule: (pending: Pending, epoch: number) => number
): EngineOf {
  return world => {
    const group = groupId(self, peer)
    const pending = new Map<string, Pending>()
    const acks = new Map<string, Uint8Array>()
    const seen = new Set<string>()
    const begin = world.clock.nowMs()
    const epoch = (): number => Math.floor((world.clock.nowMs() - begin) / epochMs)
    return {
      enqueue: async (body, tracking) => {
        const timestamp = BigInt(Math.floor(world.clock.nowMs() / 1000))
        const message = { groupId: group, timestamp, body }
        pending.set(messageId(message).join(), { message, tracking, count: 0, sendEpoch: epoch() + 1 })
      },
      receive: async bytes => {
        const payload = decodePayload(bytes) ?? empty
        for (const id of payload.acks) {
          const entry = pending.get(id.join())
          if (entry !== undefined) world.settled(entry.tracking, 'acknowledged')
          pending.delete(id.join())
        }
        for (const message of payload.messages) {
          const id = messageId(message)
          acks.set(id.join(), id)
          if (seen.has(id.join())) continue
          seen.add(id.join())
          world.show(read(message.body))
        }
      },
      tick: async () => {
        const now = epoch()
        const due = [...pending.values()].filter(({ sendEpoch }) => sendEpoch <= now)
        if (due.length + acks.size === 0) return
        const messages = due.map(({ message }) => message)
        const sent = world.send(encodePayload({ ...empty, acks: [...acks.values()], messages }))
        for (const entry of due) {
          if (sent === 'sent') entry.count++
          entry.sendEpoch = sent === 'sent' ? schedule(entry, now) : now + 2000
        }
        acks.clear()
      },
      nextMs: async () => {
        const epochs = [...pending.values()].map(({ sendEpoch }) => sendEpoch)
        if (acks.size > 0) epochs.push(epoch())
        return epochs.length === 0 ? undefined : begin + Math.min(...epochs) * epochMs
      },
      online: async () => {}
    }
  }
}
