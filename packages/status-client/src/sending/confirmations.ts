import type { PostedMessage } from '@status-stack/interface'
import { raceAbort } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import type { MessageId, PublicKey } from '../types.ts'
import type { LegFact } from './ledger-facts.ts'

/** Notes a fact about the messages of one envelope that nobody waits for. */
export function noteInBackground(
  { background, deliveries }: Pick<Core, 'background' | 'deliveries'>,
  ids: readonly MessageId[],
  fact: LegFact
): void {
  for (const id of ids) background.run('ledger', () => deliveries.noteSoon(id, fact))
}

/** An iteration that also ends when the signal fires. */
async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]()
  while (!signal.aborted) {
    const result = await raceAbort(iterator.next(), signal).catch(error => {
      if (signal.aborted) return { done: true, value: undefined } as const
      throw error
    })
    if (result.done === true) return
    yield result.value
  }
}

/** What peers say of envelopes that were posted. */
export interface Confirmations {
  /**
   * Notes what peers confirm for as long as the envelope lives. Settles with the first confirmation, or with `false` when the envelope is
   * gone or the client stops.
   */
  readonly follow: (
    posted: PostedMessage,
    ids: readonly MessageId[],
    recipient: PublicKey | undefined
  ) => Promise<boolean>
}

/** @param isMailserver whether a confirmation of this peer means that it has archived the envelope */
export function createConfirmations(core: Core, isMailserver: (peerId: string) => boolean): Confirmations {
  // BOUNDED: one per envelope of ours that has not expired. An envelope lives longer than a client that runs for one command.
  const following = new Set<AbortController>()
  core.stopping.addEventListener('abort', () => {
    for (const each of following) each.abort()
  })

  /** `first` is called with the first one, or without any at the end. */
  const follow = async (
    posted: PostedMessage,
    ids: readonly MessageId[],
    recipient: PublicKey | undefined,
    first: (confirmed: boolean) => void
  ): Promise<void> => {
    let confirmed = false
    const ending = new AbortController()
    if (core.stopping.aborted) ending.abort()
    following.add(ending)
    try {
      for await (const { by } of untilAborted(posted.confirmations, ending.signal)) {
        confirmed = true
        first(true)
        noteInBackground(core, ids, {
          recipient,
          state: isMailserver(by) ? 'archived' : 'confirmed',
          hash: posted.hash,
          by
        })
      }
    } finally {
      following.delete(ending)
      first(confirmed)
    }
    if (!confirmed && !core.stopping.aborted) noteInBackground(core, ids, { recipient, state: 'expired' })
  }

  return {
    follow: (posted, ids, recipient) =>
      new Promise<boolean>(resolve => {
        core.untracked.run('confirmations', () => follow(posted, ids, recipient, resolve))
      })
  }
}
