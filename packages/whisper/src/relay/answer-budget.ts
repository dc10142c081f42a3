import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'

/** What one peer makes us hold because it does not read: the confirmations that wait for it. */
export interface AnswerHolder {
  waitingAnswers: number
  waitingAnswerBytes: number
  readonly abort: AbortController
}

/** The confirmations that wait behind all peers, in bytes. */
export interface AnswerBudget {
  /** Counts one more for this peer. Closes the peer that holds too many, or most of all when all hold too much. */
  readonly add: (holder: AnswerHolder, payloadBytes: number) => void
  /** One was sent, or will not be. */
  readonly remove: (holder: AnswerHolder, payloadBytes: number) => void
  /** Bytes of all that wait. */
  readonly bytes: () => number
}

function tooSlow(): WhisperError {
  return new WhisperError('link-closed', 'peer: too slow to take its confirmations', { origin: 'environment' })
}

/**
 * Confirmations are not awaited, because two peers that answer each other's packets must not wait for each other. So they pile up
 * behind a peer that sends and does not read, up to 600 KB each.
 */
export function createAnswerBudget(): AnswerBudget {
  // BOUNDED: maxPeers; a holder is here while it has something waiting.
  const holders = new Set<AnswerHolder>()
  let total = 0
  const largest = (): AnswerHolder | undefined => {
    let found: AnswerHolder | undefined
    for (const holder of holders) {
      if (holder.abort.signal.aborted) continue
      if (found === undefined || holder.waitingAnswerBytes > found.waitingAnswerBytes) found = holder
    }
    return found
  }
  return {
    add: (holder, payloadBytes) => {
      const bytes = payloadBytes + limits.waitingPacketBytes
      holders.add(holder)
      holder.waitingAnswers += 1
      holder.waitingAnswerBytes += bytes
      total += bytes
      if (holder.waitingAnswers > limits.waitingAnswers || holder.waitingAnswerBytes > limits.waitingAnswerBytes) {
        holder.abort.abort(tooSlow())
      }
      if (total > limits.totalWaitingAnswerBytes) largest()?.abort.abort(tooSlow())
    },
    remove: (holder, payloadBytes) => {
      const bytes = payloadBytes + limits.waitingPacketBytes
      holder.waitingAnswers -= 1
      holder.waitingAnswerBytes -= bytes
      total -= bytes
      if (holder.waitingAnswers === 0) holders.delete(holder)
    },
    bytes: () => total
  }
}
