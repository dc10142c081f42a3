import { equalBytes } from '@status-stack/crypto'
import type { DeliveryState, LedgerEntry, LedgerLeg, Message, PublicKey } from '@status-stack/status-client'

/** How far a message of ours came: a sign, and the same in words. Every face shows these. */
export interface Mark {
  readonly sign: string
  readonly words: string
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

const stopped: ReadonlySet<DeliveryState> = new Set(['given-up', 'expired'])
const onNetwork: ReadonlySet<DeliveryState> = new Set(['confirmed', 'archived'])

/** What the ledger says about one message, for people. Copies to own devices do not count. */
export function deliveryMark(entry: LedgerEntry, self: PublicKey): Mark {
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
  `${deliveryWords[state]}${state === 'expired' || reason === undefined ? '' : `: ${reason}`}`

/** What a message says, and what happened to it since. Not yet safe for a terminal. */
export function messageBody(message: Message): string {
  if (message.deleted) return '(deleted)'
  const { kind } = message.content
  const kindMark = kind === 'text' || kind === 'system' ? '' : `[${kind}] `
  return `${kindMark}${message.text}${message.editedMs === undefined ? '' : ' (edited)'}${message.old === true ? ' (old)' : ''}`
}

/** `love 2, sad 1`: the reactions of a message, empty when there are none. */
export function reactionsText({ reactions }: Message): string {
  const counts = new Map<string, number>()
  for (const { emoji } of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1)
  return [...counts].map(([emoji, count]) => `${emoji} ${count}`).join(', ')
}
