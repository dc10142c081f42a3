import { WhisperError } from '../errors.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeMessages } from '../packets/messages.ts'
import type { NodeContext } from './context.ts'
import type { Peer } from './peer.ts'

/** A link from its `attach` to its end. */
export interface RunningLink {
  readonly gone: AbortController
  /** Settles when the id is free again. */
  readonly done: Promise<void>
  /** After its Status. */
  peer: Peer | undefined
  /** Called at each packet that comes. */
  heard: () => void
}

/** Whether an older link of a peer makes room for a newer one. */
export type Succession = (older: RunningLink) => Promise<boolean>

/**
 * A peer that vanished without a word leaves a link that looks alive, and comes back under the same id. So the older link is asked:
 * an empty Messages packet, which everybody who confirms packets answers. One that says anything stays, as with go-ethereum, where
 * the second connection of a node is refused with reason 5: nobody who only claims an id can take a link from its owner. One that is
 * silent for half of `handshakeTimeoutMs` ends and the newer takes its place: its other end waits for our Status that long. A peer that confirms nothing cannot be asked: there the
 * transport has to notice that it is gone.
 */
export function createSuccession({ options, scheduler }: NodeContext): Succession {
  const timeoutMs = Math.ceil(options.handshakeTimeoutMs / 2)
  return async older => {
    const silent = new WhisperError('link-closed', 'peer: silent while a newer link of it waits', {
      origin: 'environment',
      details: { timeoutMs }
    })
    return new Promise(resolve => {
      const answer = (makesRoom: boolean): void => {
        cancel()
        older.heard = () => {}
        resolve(makesRoom)
      }
      const cancel = scheduler.after(timeoutMs, () => {
        if (older.peer?.confirmations === false) answer(false)
        else older.gone.abort(silent)
      })
      older.heard = () => answer(false)
      void older.done.then(() => answer(true))
      if (older.peer?.confirmations === true) {
        older.peer.send(packetCodes.messages, encodeMessages([])).catch(() => older.gone.abort(silent))
      }
    })
  }
}
