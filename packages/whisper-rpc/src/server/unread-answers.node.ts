import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Scheduler } from '@status-stack/interface'
import { createHoldingBudget, systemScheduler } from '@status-stack/utils'
import { serverLimits } from '../limits.ts'

/** Answers over HTTP that their clients have not read yet, of all connections of a server. */
export interface UnreadAnswers {
  /** The way to end a response with a body; its connection ends if the client does not read it. To be called when the request has come. */
  readonly open: (response: ServerResponse) => (body?: string) => void
}

/**
 * Nothing in HTTP makes a client read: its connection and the answer would stay as long as it likes.
 *
 * @param patienceMs for which a client may read nothing at all
 * @param slow called for each client that is given up
 */
export function createUnreadAnswers(
  patienceMs: number,
  slow: () => void,
  scheduler: Scheduler = systemScheduler
): UnreadAnswers {
  const { answerBytesPerSecond, heldAnswerBytes, answerOverhead } = serverLimits
  // BOUNDED: heldAnswerBytes
  const budget = createHoldingBudget(heldAnswerBytes)
  const watch = (response: ServerResponse, socket: Socket, bytes: number): void => {
    const giveUp = (): void => {
      done()
      slow()
      socket.destroy()
    }
    const holding = budget.open(giveUp)
    const cancel = scheduler.after(patienceMs + (1000 * bytes) / answerBytesPerSecond, giveUp)
    const done = (): void => {
      cancel()
      holding.set(0)
      socket.off('close', done)
    }
    response.once('finish', done)
    // One that waits behind others of its connection is not told of the end.
    socket.once('close', done)
    holding.set(bytes + answerOverhead)
  }
  return {
    open: response => {
      // The request lets go of it when its body is not read to the end.
      const { socket } = response.req
      return (body = '') => {
        if (!socket.destroyed) watch(response, socket, body.length)
        response.end(body)
      }
    }
  }
}
