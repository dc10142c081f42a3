import type { Arrival } from '@status-stack/interface'
import { type Accepted, decode, type Outgoing, type Refused, type Rules } from '../../src/index.ts'
import { person } from './people.ts'

export const now = 1_600_000_000_000

export const alice = person(0x11)
export const bob = person(0x22)
export const carol = person(0x33)
export const dave = person(0x44)

interface Delivery {
  readonly to?: { readonly publicKey: Uint8Array }
  readonly from?: { readonly publicKey: Uint8Array }
  readonly arrival?: Arrival
  readonly sentMs?: number
  readonly nowMs?: number
  readonly rules?: Rules
}

/** Hands a message, or bare bytes, to somebody: Alice sends, Bob reads, unless told otherwise. */
export function deliver(message: Outgoing | Uint8Array, delivery: Delivery = {}): Accepted | Refused {
  const { to = bob, from = alice, arrival = { kind: 'identity' }, sentMs = now, nowMs = now, rules } = delivery
  return decode(message instanceof Uint8Array ? message : message.bytes, {
    transportAuthor: from.publicKey,
    sentMs,
    nowMs,
    arrival,
    self: to.publicKey,
    ...(rules === undefined ? {} : { rules })
  })
}

/** The accepted message, or a failure that names the reason. */
export function accepted(result: Accepted | Refused): Accepted {
  if (result.kind === 'refused') throw new Error(`refused: ${result.reason}`)
  return result
}
