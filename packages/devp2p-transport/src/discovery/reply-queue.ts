import { environmentError } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import type { CancelTimer, Scheduler } from '../ports.ts'
import type { PacketContent } from './packet.ts'

/** Replies we wait for, matched by node id, address and kind. Nothing else from outside counts as a reply. */
export interface ReplyQueue {
  /**
   * Waits for replies of `kind` from a node. `take` sees each one and returns `done`, `more` or `ignore`; `send`, if given, sends
   * the request once the wait has begun; `isReflected` when it answers a packet of theirs. Rejects with `timeout`, with `refused` when too much is waited for, with what `send` threw.
   */
  readonly wait: <K extends PacketContent['kind']>(
    from: { readonly peerId: string; readonly address: string },
    kind: K,
    take: (content: Extract<PacketContent, { kind: K }>) => 'done' | 'more' | 'ignore',
    send?: () => void,
    isReflected?: boolean
  ) => Promise<void>
  /** Offers a packet; returns whether anything waited for it. */
  readonly offer: (from: { readonly peerId: string; readonly address: string }, content: PacketContent) => boolean
  /** Whether we have asked that address something by ourselves and wait for its reply. */
  readonly awaits: (address: string) => boolean
  readonly stop: () => void
}

interface Waiting {
  readonly peerId: string
  readonly address: string
  readonly kind: PacketContent['kind']
  readonly take: (content: never) => 'done' | 'more' | 'ignore'
  readonly finish: (error?: unknown) => void
  cancel: CancelTimer
}

export function createReplyQueue(scheduler: Scheduler, timeoutMs: number): ReplyQueue {
  // BOUNDED: `limits.pendingReplies`.
  const waiting = new Set<Waiting>()
  const addresses = new Map<string, number>()
  const count = (address: string, change: number): void => {
    const left = (addresses.get(address) ?? 0) + change
    if (left > 0) addresses.set(address, left)
    else addresses.delete(address)
  }
  return {
    wait: (from, kind, take, send, isReflected = false) =>
      new Promise((resolve, reject) => {
        if (waiting.size >= limits.pendingReplies) {
          throw environmentError('refused', 'discovery: too many pending replies')
        }
        const entry: Waiting = {
          peerId: from.peerId,
          address: from.address,
          kind,
          take,
          cancel: () => undefined,
          finish: error => {
            if (waiting.delete(entry) && !isReflected) count(entry.address, -1)
            entry.cancel()
            if (error === undefined) resolve()
            else reject(error)
          }
        }
        entry.cancel = scheduler.after(timeoutMs, () => {
          entry.finish(environmentError('timeout', `discovery: no ${kind} in time`))
        })
        waiting.add(entry)
        if (!isReflected) count(entry.address, 1)
        try {
          send?.()
        } catch (error) {
          // One promise for both: a request that could not be sent leaves no wait behind that fails later, unheard.
          entry.finish(error)
        }
      }),
    offer: ({ peerId, address }, content) => {
      let matched = false
      for (const entry of [...waiting]) {
        if (entry.peerId !== peerId || entry.address !== address || entry.kind !== content.kind) continue
        const answer = entry.take(content as never)
        if (answer === 'ignore') continue
        matched = true
        if (answer === 'done') entry.finish()
      }
      return matched
    },
    awaits: address => addresses.has(address),
    stop: () => {
      for (const entry of [...waiting]) entry.finish(environmentError('stopped', 'discovery: stopped'))
    }
  }
}
