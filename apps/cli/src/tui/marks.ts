import type { LedgerEntry, LedgerLeg, PublicKey } from '@status-stack/status-client'
import { hexKey } from '../view.ts'
import type { Span } from './text.ts'

/** How far a message of ours came: a sign, and the same in words. */
export interface Mark {
  readonly sign: string
  readonly words: string
  readonly color?: NonNullable<Span['color']>
}

const stopped: ReadonlySet<LedgerLeg['state']> = new Set(['given-up', 'expired'])

/** What the ledger says about one message, for people. Copies to own devices do not count. */
export function deliveryMark(entry: LedgerEntry, self: PublicKey): Mark {
  const own = hexKey(self)
  const legs = entry.legs.filter(({ recipient }) => recipient === undefined || hexKey(recipient) !== own)
  const received = legs.filter(({ state }) => state === 'acknowledged').length
  const lost = legs.find(({ state }) => stopped.has(state))
  if (entry.chat.kind !== 'public' && received > 0 && received === legs.length)
    return { sign: '✓✓', words: 'received', color: 'green' }
  if (lost !== undefined)
    return { sign: '!', words: lost.state === 'expired' ? 'expired' : `given up${why(lost)}`, color: 'red' }
  const held = legs.find(({ state }) => state === 'held')
  if (held !== undefined) {
    return held.reason === 'offline'
      ? { sign: '…', words: 'waiting for a peer', color: 'yellow' }
      : { sign: '!', words: `held${why(held)}`, color: 'yellow' }
  }
  if (received > 0) return { sign: '✓', words: `received by ${received} of ${legs.length}`, color: 'green' }
  const reached = (state: LedgerLeg['state']): boolean => legs.length > 0 && legs.every(leg => leg.state === state)
  if (legs.length > 0 && legs.every(({ state }) => state === 'confirmed' || state === 'archived'))
    return { sign: '✓', words: reached('archived') ? 'archived' : 'on the network' }
  if (legs.some(({ state }) => state === 'retrying')) return { sign: '>', words: 'trying again', color: 'yellow' }
  if (legs.some(({ state }) => state === 'posted' || state === 'confirmed' || state === 'archived'))
    return { sign: '>', words: 'sent' }
  return { sign: '…', words: 'waiting' }
}

const why = ({ reason }: LedgerLeg): string => (reason === undefined ? '' : `: ${reason}`)
