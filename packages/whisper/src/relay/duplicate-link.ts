import { WhisperError } from '../errors.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodeMessages } from '../packets/messages.ts'
import type { NodeContext } from './context.ts'
import type { Peer } from './peer.ts'

/** A link from its `attach` to its end. */
export interface RunningLink {
  readonly abort: AbortController
  /** Settles when the id is free again. */
  readonly done: Promise<void>
  /** After its Status. */
  peer: Peer | undefined
  /** Called at each packet that comes. */
  onPacket: () => void
}

/** Whether a newer link of a peer may take the place of an older one. */
export type MayReplace = (older: RunningLink) => Promise<boolean>

/**
 * The rule for a second link of one peer. The older link is asked for a sign of life, with an empty Messages packet, and is
 * replaced when it stays silent for half of `handshakeTimeoutMs`; as with go-ethereum, a link that answers stays.
 * A peer that sends no confirmations cannot be asked, so its older link stays as well. See decision record 0223.
 */
export function createDuplicateLinkRule({ options, scheduler }: NodeContext): MayReplace {
  // Half of it, because the newer link's other end waits for our Status that long.
  const timeoutMs = Math.ceil(options.handshakeTimeoutMs / 2)
  return async older => {
    const silent = new WhisperError('link-closed', 'peer: silent while a newer link to it waits', {
      origin: 'environment',
      details: { timeoutMs }
    })
    return new Promise(resolve => {
      const decide = (mayReplace: boolean): void => {
        cancel()
        older.onPacket = () => {}
        resolve(mayReplace)
      }
      const cancel = scheduler.after(timeoutMs, () => {
        if (older.peer?.confirmations === false) decide(false)
        else older.abort.abort(silent)
      })
      older.onPacket = () => decide(false)
      void older.done.then(() => decide(true))
      if (older.peer?.confirmations === true) {
        older.peer.send(packetCodes.messages, encodeMessages([])).catch(() => older.abort.abort(silent))
      }
    })
  }
}
