import { ChatError } from './errors.ts'
import type { OpenChat } from './surroundings.ts'

/** What became of the texts that a pipe or a file has written. */
export interface Piped {
  readonly sent: (messageId: string) => void
  readonly unsent: () => void
  /**
   * At the end of the pipe: waits until all of it has left, as `send` does.
   * @throws ChatError `not-sent`; what `untilPosted` throws
   */
  readonly finish: (signal: AbortSignal) => Promise<void>
}

export function followPiped(untilPosted: OpenChat['untilPosted']): Piped {
  // BOUNDED: by what the pipe writes in this run; an id has 66 characters.
  const sent: string[] = []
  let unsent = 0
  return {
    sent: messageId => {
      sent.push(messageId)
    },
    unsent: () => {
      unsent += 1
    },
    finish: async signal => {
      if (sent.length > 0) await untilPosted(sent, signal)
      if (unsent > 0)
        throw new ChatError('environment', 'not-sent', `${unsent} ${unsent === 1 ? 'line was' : 'lines were'} not sent`)
    }
  }
}
