/** Follows one posted envelope: who took it, who acknowledged it. */
export interface PostTracker {
  /** These peers are about to get it. */
  readonly expect: (peerIds: readonly string[]) => void
  /** The peer has it, or will not get it from us. */
  readonly settle: (peerId: string, sent: boolean) => void
  readonly acknowledge: (peerId: string) => void
  /** The envelope is gone: no peer gets or acknowledges it any more. */
  readonly end: () => void
  readonly sentTo: () => readonly string[]
  /** Resolves when no peer is expected any more. */
  readonly idle: () => Promise<void>
  readonly confirmations: AsyncIterable<{ readonly by: string }>
}

export function createPostTracker(): PostTracker {
  // BOUNDED: maxPeers each, and the envelope's lifetime.
  const expected = new Set<string>()
  const sent = new Set<string>()
  const acknowledged = new Set<string>()
  const order: { readonly by: string }[] = []
  let ended = false
  let wakeIdle: (() => void)[] = []
  const wakeReaders: (() => void)[] = []
  const wake = (): void => {
    for (const reader of wakeReaders.splice(0)) reader()
  }
  const checkIdle = (): void => {
    if (expected.size > 0) return
    for (const waiter of wakeIdle) waiter()
    wakeIdle = []
  }
  return {
    expect: peerIds => {
      for (const peerId of peerIds) if (!sent.has(peerId)) expected.add(peerId)
    },
    settle: (peerId, wasSent) => {
      expected.delete(peerId)
      if (wasSent) sent.add(peerId)
      checkIdle()
    },
    acknowledge: peerId => {
      if (ended || acknowledged.has(peerId)) return
      acknowledged.add(peerId)
      order.push({ by: peerId })
      wake()
    },
    end: () => {
      ended = true
      expected.clear()
      checkIdle()
      wake()
    },
    sentTo: () => [...sent],
    idle: () => (expected.size === 0 ? Promise.resolve() : new Promise(resolve => wakeIdle.push(resolve))),
    confirmations: {
      [Symbol.asyncIterator]: () => {
        let at = 0
        const next = async (): Promise<IteratorResult<{ readonly by: string }>> => {
          for (;;) {
            const item = order[at]
            if (item !== undefined) {
              at += 1
              return { done: false, value: item }
            }
            if (ended) return { done: true, value: undefined }
            await new Promise<void>(resolve => {
              wakeReaders.push(resolve)
            })
          }
        }
        return { next }
      }
    }
  }
}
