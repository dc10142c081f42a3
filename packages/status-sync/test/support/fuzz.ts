import { decodeMessage, decodePayload, encodePayload, groupId, SyncError } from '../../src/index.ts'
import { decodePeer, decodeRecord, encodePeer, encodeRecord } from '../../src/record.ts'
import { recordOf } from '../../src/state.ts'
import { alice, bob, seeded, text } from './node.ts'

/** What the inputs are made from. */
export const fuzzSeeds = [
  encodePayload({
    acks: [new Uint8Array(32).fill(1)],
    offers: [new Uint8Array(32).fill(2)],
    requests: [new Uint8Array(32).fill(3)],
    messages: [
      { groupId: groupId(alice, bob), timestamp: -1n, body: text('body') },
      { groupId: groupId(alice, bob), timestamp: 1n, body: text('another') }
    ]
  }),
  encodeRecord(
    recordOf('message', {
      peer: bob,
      id: new Uint8Array(32).fill(4),
      tracking: 'a tracking id',
      timestamp: 1n,
      size: 9,
      nowMs: 1_600_000_000_000
    })
  ),
  encodePeer({
    peer: bob,
    nextSlot: 1,
    usedSlots: 2,
    heardMs: 3
  })
]
const decoders = [decodePayload, decodeMessage, decodeRecord, decodePeer] as const

/** Changes, inserts, removes and repeats bytes at random places. */
export function mutate(original: Uint8Array, random: () => number): Uint8Array {
  const mutated = [...original]
  for (let changes = 1 + Math.floor(random() * 6); changes > 0; changes--) {
    const at = Math.floor(random() * (mutated.length + 1))
    const kind = random()
    if (kind < 0.5 && at < mutated.length) mutated[at] = Math.floor(random() * 256)
    else if (kind < 0.7) mutated.splice(at, 0, Math.floor(random() * 256))
    else if (kind < 0.9) mutated.splice(at, 1 + Math.floor(random() * 8))
    else mutated.splice(at, 0, ...mutated.slice(at, at + 40))
  }
  return Uint8Array.from(mutated)
}

/** Mutated inputs over every decoder: how many gave a value, how many one of our errors. @throws any other error */
export function fuzz(rounds: number, seed: number): { readonly values: number; readonly refusals: number } {
  const random = seeded(seed)
  const count = { values: 0, refusals: 0 }
  for (let round = 0; round < rounds; round++) {
    const input = mutate(fuzzSeeds[round % fuzzSeeds.length] ?? new Uint8Array(), random)
    for (const decode of decoders) {
      try {
        decode(input)
        count.values++
      } catch (error) {
        if (!SyncError.is(error)) throw error
        count.refusals++
      }
    }
  }
  return count
}
