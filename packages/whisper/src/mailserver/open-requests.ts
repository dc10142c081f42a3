import { bytesToHex } from '@status-stack/crypto'
import { WhisperError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { NodeContext } from '../relay/context.ts'
import type { Peer } from '../relay/peer.ts'
import type { RequestCompletion } from './port.ts'

/** Who asks: pages of history, one at a time for each server, and whatever a program sends as packets. Neither takes the other's places. */
export type RequestKind = 'page' | 'packet'

interface OpenRequest {
  readonly kind: RequestKind
  readonly id: string
  readonly peerId: string
  expired: boolean
  readonly settle: (result: RequestCompletion | WhisperError) => void
  readonly cancelTimer: () => void
}

/** Requests that wait for packet 125. */
export interface OpenRequests {
  /** Waits for the answer; to be called before the request leaves, or a fast answer would be missed. */
  readonly open: (peer: Peer, requestId: Uint8Array, timeoutMs: number, kind: RequestKind) => Promise<RequestCompletion>
  /** The request did not leave: nobody waits for it. */
  readonly abandon: (requestId: Uint8Array) => void
  readonly completed: (peer: Peer, completion: RequestCompletion) => void
  /** The link of a peer has ended. */
  readonly detached: (peer: Peer) => void
  readonly stop: () => void
}

function ended(what: string): WhisperError {
  return new WhisperError('link-closed', `history: ${what}`, { origin: 'environment' })
}

export function createOpenRequests({ scheduler, events }: Pick<NodeContext, 'scheduler' | 'events'>): OpenRequests {
  // BOUNDED: limits.openRequests of each kind, expired ones first.
  const open = new Map<string, OpenRequest>()

  const close = (request: OpenRequest): void => {
    open.delete(request.id)
    request.cancelTimer()
  }

  const fail = (request: OpenRequest, error: WhisperError): void => {
    close(request)
    request.settle(error)
  }

  const makeRoom = (kind: RequestKind): void => {
    const alike = [...open.values()].filter(request => request.kind === kind)
    if (alike.length < limits.openRequests) return
    const [oldest] = alike.sort((a, b) => Number(b.expired) - Number(a.expired))
    if (oldest === undefined) return
    fail(oldest, new WhisperError('request-timeout', 'history: too many requests are open', { origin: 'environment' }))
  }

  return {
    open: (peer, requestId, timeoutMs, kind) => {
      makeRoom(kind)
      const id = bytesToHex(requestId)
      return new Promise((resolve, reject) => {
        const request: OpenRequest = {
          kind,
          id,
          peerId: peer.id,
          expired: false,
          settle: result => (WhisperError.is(result) ? reject(result) : resolve(result)),
          cancelTimer: scheduler.after(timeoutMs, () => {
            request.expired = true
            events.emit('mailserverrequestexpired', { requestId: id, peerId: peer.id })
            reject(
              new WhisperError('request-timeout', 'history: the mailserver did not answer in time', {
                origin: 'environment',
                details: { timeoutMs }
              })
            )
          })
        }
        open.set(id, request)
      })
    },
    abandon: requestId => {
      const request = open.get(bytesToHex(requestId))
      if (request !== undefined) close(request)
    },
    completed: (peer, completion) => {
      const id = bytesToHex(completion.requestId)
      const request = open.get(id)
      // Only the server that was asked can answer.
      if (request === undefined || request.peerId !== peer.id) return
      close(request)
      events.emit('mailserverrequestcompleted', {
        requestId: id,
        peerId: peer.id,
        cursor: completion.kind === 'done' ? bytesToHex(completion.cursor) : '',
        ...(completion.kind === 'failed' ? { error: completion.error } : {}),
        late: request.expired
      })
      request.settle(completion)
    },
    detached: peer => {
      for (const request of [...open.values()]) {
        if (request.peerId === peer.id) fail(request, ended('the link to the mailserver ended'))
      }
    },
    stop: () => {
      for (const request of [...open.values()]) fail(request, ended('the node stopped'))
    }
  }
}
