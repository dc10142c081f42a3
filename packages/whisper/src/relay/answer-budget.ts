import { createHoldingBudget } from '@status-stack/utils'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'

/** The confirmations that wait behind one peer because it does not read. */
export interface WaitingAnswers {
  /** Counts one more. Closes this peer when too many wait behind it, or another one when all together hold too much. */
  readonly add: (payloadBytes: number) => void
  /** One was sent, or will not be. */
  readonly remove: (payloadBytes: number) => void
}

/** The confirmations that wait behind all peers, in bytes. */
export interface AnswerBudget {
  /** @param abort closes the peer */
  readonly open: (abort: AbortController) => WaitingAnswers
  /** Bytes of all that wait behind peers that are not closed. */
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
  // BOUNDED: limits.totalWaitingAnswerBytes
  const budget = createHoldingBudget(limits.totalWaitingAnswerBytes)
  return {
    open: abort => {
      const close = (): void => abort.abort(tooSlow())
      const holding = budget.open(close)
      let answers = 0
      let bytes = 0
      const change = (count: number, payloadBytes: number): void => {
        answers += count
        bytes += count * (payloadBytes + limits.waitingPacketBytes)
        holding.set(bytes)
      }
      return {
        add: payloadBytes => {
          change(1, payloadBytes)
          if (answers > limits.waitingAnswers || bytes > limits.waitingAnswerBytes) close()
        },
        remove: payloadBytes => change(-1, payloadBytes)
      }
    },
    bytes: budget.bytes
  }
}
