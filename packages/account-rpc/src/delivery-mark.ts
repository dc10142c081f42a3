import { equalBytes } from '@status-stack/crypto'
import type { DeliveryState, HeldReason, LedgerEntry, LedgerLeg, PublicKey } from '@status-stack/status-client'

/** How far a message of ours came: a sign, and the same in words. Every view shows these. */
export interface DeliveryMark {
  /** One or two characters, for a line of a chat. */
  readonly sign: string
  /** For people, such as `received by 2 of 3`. */
  readonly words: string
  /** Green: received; yellow: it waits or is held; red: it was given up. Absent while it is on its way. */
  readonly color?: 'green' | 'yellow' | 'red'
}

/** What each state of a delivery is called in front of people. */
export const deliveryWords: Readonly<Record<DeliveryState, string>> = Object.freeze({
  queued: 'waiting',
  sealed: 'waiting',
  posted: 'sent',
  confirmed: 'on the network',
  archived: 'archived',
  acknowledged: 'received',
  held: 'held',
  retrying: 'trying again',
  expired: 'expired',
  'given-up': 'given up'
})

/** Why something of ours was held back or given up, in front of people. */
export const heldWords: Readonly<Record<HeldReason, string>> = Object.freeze({
  offline: 'no peer is connected',
  policy: 'it would be less protected than asked for',
  nobody: 'no device can receive it',
  'too-large': 'it is too large',
  age: 'it was tried for too long',
  cancelled: 'cancelled',
  failed: 'no peer accepted it'
})

const stopped: ReadonlySet<DeliveryState> = new Set(['given-up', 'expired'])
const onNetwork: ReadonlySet<DeliveryState> = new Set(['confirmed', 'archived'])

/**
 * What the ledger says about one message, for people. Copies to own devices do not count.
 *
 * @example
 * ```ts
 * const { sign, words } = deliveryMark(entry, client.publicKey)
 * ```
 */
export function deliveryMark(entry: LedgerEntry, self: PublicKey): DeliveryMark {
  const legs = entry.legs.filter(({ recipient }) => recipient === undefined || !equalBytes(recipient, self))
  const received = legs.filter(({ state }) => state === 'acknowledged').length
  const lost = legs.find(({ state }) => stopped.has(state))
  if (entry.chat.kind !== 'public' && received > 0 && received === legs.length)
    return { sign: '✓✓', words: deliveryWords.acknowledged, color: 'green' }
  if (lost !== undefined) return { sign: '!', words: withReason(lost), color: 'red' }
  const held = legs.find(({ state }) => state === 'held')
  if (held !== undefined) {
    return held.reason === 'offline'
      ? { sign: '…', words: 'waiting for a peer', color: 'yellow' }
      : { sign: '!', words: withReason(held), color: 'yellow' }
  }
  if (received > 0)
    return { sign: '✓', words: `${deliveryWords.acknowledged} by ${received} of ${legs.length}`, color: 'green' }
  if (legs.length > 0 && legs.every(({ state }) => onNetwork.has(state))) {
    const archived = legs.every(({ state }) => state === 'archived')
    return { sign: '✓', words: deliveryWords[archived ? 'archived' : 'confirmed'] }
  }
  if (legs.some(({ state }) => state === 'retrying'))
    return { sign: '>', words: deliveryWords.retrying, color: 'yellow' }
  if (legs.some(({ state }) => state === 'posted' || onNetwork.has(state)))
    return { sign: '>', words: deliveryWords.posted }
  return { sign: '…', words: deliveryWords.queued }
}

const withReason = ({ state, reason }: LedgerLeg): string =>
  `${deliveryWords[state]}${state === 'expired' || reason === undefined ? '' : `: ${heldWords[reason]}`}`
