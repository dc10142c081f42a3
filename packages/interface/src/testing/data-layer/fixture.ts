import type { Chat } from '../../data/chat.ts'
import type { Content } from '../../data/content.ts'
import type { Known } from '../../data/known.ts'
import type { DataLayer, Refused } from '../../data/layer.ts'
import type { Accepted, Outgoing } from '../../data/message.ts'
import type { IdentityKey, Random } from '../../ports.ts'
import type { Arrival } from '../../protection.ts'
import { check } from '../case.ts'

/** A data layer, and three people who may have anything to do with each other. */
export interface DataFixture {
  /** The implementation under test. */
  readonly layer: DataLayer
  /** Alice, Bob and Carol, with keys that differ. */
  readonly identities: readonly [IdentityKey, IdentityKey, IdentityKey]
  /** Where ids of groups come from; a seeded one makes runs repeat. */
  readonly random: Random
}

/** How a message came, where it differs from what `read` takes for granted. */
export interface Way {
  readonly arrival?: Arrival | undefined
  readonly signer?: IdentityKey | undefined
  readonly sentMs?: number | undefined
  readonly nowMs?: number | undefined
}

/** September 2020, ms. */
export const now = 1_600_000_000_000

/** A fixture with the few steps that all cases take. */
export function scene({ layer, identities, random }: DataFixture) {
  const [alice, bob, carol] = identities
  const read = (
    bytes: Uint8Array,
    by: IdentityKey,
    { arrival = { kind: 'identity' }, signer = alice, sentMs = now, nowMs = now }: Way = {}
  ): Promise<Accepted | Refused> =>
    layer.decode(bytes, { transportAuthor: signer.publicKey, sentMs, nowMs, arrival, self: by.publicKey })
  return {
    layer,
    random,
    alice,
    bob,
    carol,
    say: (chat: Chat, content: Content, by = alice, nowMs = now, lastClock = 0): Outgoing =>
      layer.outgoing(chat, content, { identity: by, nowMs, lastClock }),
    read,
    accept: async (bytes: Uint8Array, by: IdentityKey, way: Way = {}): Promise<Accepted> => {
      const result = await read(bytes, by, way)
      check(result.kind === 'accepted', `an accepted message, got ${result.kind === 'refused' ? result.reason : ''}`)
      return result
    },
    admit: (accepted: Accepted, by: IdentityKey, known: Partial<Known> = {}) =>
      layer.admit(accepted, { self: by.publicKey, nowMs: now, ...known }),
    to: ({ publicKey }: IdentityKey): Chat => ({ kind: 'one-to-one', publicKey })
  }
}

export type Scene = ReturnType<typeof scene>

/** The events of a group update. */
export function eventsOf({ effects }: Accepted) {
  const effect = effects.find(({ kind }) => kind === 'group-events')
  check(effect?.kind === 'group-events', 'an effect with the events of the group')
  return effect.events
}
