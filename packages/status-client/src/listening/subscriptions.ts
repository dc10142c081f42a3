import type { ListenTarget } from '@status-stack/interface'
import { timeSlicer } from '@status-stack/utils'
import { publicKeyHex } from '../ids.ts'
import { limits } from '../limits.ts'
import type { PublicKey } from '../types.ts'

export type { ListenTarget } from '@status-stack/interface'

/** A stable name of a place, unique over all kinds: a public chat can't collide with a label of ours. */
export function targetKey(target: ListenTarget): string {
  switch (target.kind) {
    case 'identity':
      return 'identity'
    case 'public':
      return `public:${target.name}`
    case 'contact-code':
      return `contact-code:${publicKeyHex(target.owner)}`
    case 'rendezvous':
      return `rendezvous:${publicKeyHex(target.peer)}`
  }
}

export interface SubscriptionPorts<Interest, ReceivedMessage> {
  readonly plan: (target: ListenTarget) => Promise<Interest>
  readonly subscribe: (
    interest: Interest,
    options: { readonly signal: AbortSignal }
  ) => AsyncIterable<ReceivedMessage> & { readonly ready: Promise<void> }
  readonly deliver: (delivery: ReceivedMessage) => Promise<void>
  /** A place that was not listened at before: the moment to ask a mailserver for it. */
  readonly opened: (place: string, interest: Interest) => void
  readonly failed: (place: string, error: unknown) => void
  /** The last owner gave a place up, or it made room; not called when everything closes. */
  readonly closed?: (target: ListenTarget) => void
}

export interface Subscriptions<Interest> {
  /**
   * Listens on behalf of an owner; resolves when the place is open (at once when it already is, or before `open`). Where there are too many
   * places, those of sessions with strangers make room.
   */
  readonly acquire: (target: ListenTarget, owner: string) => Promise<void>
  /** Gives up what this owner holds; a place closes with its last owner. `self` can't be dropped. */
  readonly release: (owner: string, target?: ListenTarget) => void
  /** Starts listening at everything acquired so far; resolves when peers know. */
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
  /** Whether a chat, a contact or a group of ours needs this person to be heard. */
  readonly isHeard: (person: PublicKey) => boolean
  /** Who needs this person to be heard: the owners of the place of their contact code. */
  readonly ownersOf: (person: PublicKey) => Iterable<string>
  readonly places: () => readonly { readonly place: string; readonly owners: readonly string[] }[]
  /** Interests of the open places, for a history request. */
  readonly interests: () => readonly { readonly place: string; readonly interest: Interest }[]
}

interface Entry<Interest> {
  readonly target: ListenTarget
  readonly owners: Set<string>
  readonly abort: AbortController
  interest?: Interest
  ready?: Promise<void>
  pump?: Promise<void>
}

/** The owner of our own places, which stay open while we are logged in. */
export const selfOwner = 'self'

/** Reference-counted by owner, as a chat, a contact, a session and ourselves may want the same place. */
export function createSubscriptions<Interest, ReceivedMessage>(
  ports: SubscriptionPorts<Interest, ReceivedMessage>
): Subscriptions<Interest> {
  // BOUNDED: limits.subscriptions
  const entries = new Map<string, Entry<Interest>>()
  let open = false

  const listen = async (place: string, entry: Entry<Interest>): Promise<void> => {
    const interest = await ports.plan(entry.target)
    if (!open || entry.abort.signal.aborted) return
    entry.interest = interest
    const subscription = ports.subscribe(interest, { signal: entry.abort.signal })
    entry.pump = (async () => {
      try {
        for await (const delivery of subscription) {
          await ports.deliver(delivery)
          // Stores in memory answer within the turn: a flooded place must not keep it to itself.
          await timeSlicer.yielded()
        }
      } catch (error) {
        if (!entry.abort.signal.aborted) ports.failed(place, error)
      }
    })()
    ports.opened(place, interest)
    await subscription.ready
  }

  const codeOf = (person: PublicKey) => entries.get(targetKey({ kind: 'contact-code', owner: person }))

  /** Someone whose contact code a chat, a contact or a group of ours listens to. */
  const isHeard = (person: PublicKey): boolean => codeOf(person) !== undefined

  const give = (place: string, entry: Entry<Interest>): void => {
    entries.delete(place)
    entry.abort.abort()
    ports.closed?.(entry.target)
  }

  /** A session with a stranger costs an envelope: the one that was needed longest ago gives its place up. */
  const makeRoom = (): void => {
    for (const [place, entry] of entries) {
      if (entry.target.kind !== 'rendezvous' || isHeard(entry.target.peer)) continue
      give(place, entry)
      return
    }
  }

  const start = (place: string, entry: Entry<Interest>): Promise<void> => {
    // A disk that was full for a moment must not keep a person from being heard for the rest of the run.
    entry.ready ??= listen(place, entry).catch(error => {
      delete entry.ready
      throw error
    })
    return entry.ready
  }

  return {
    acquire: async (target, owner) => {
      const place = targetKey(target)
      let entry = entries.get(place)
      if (entry === undefined) {
        if (entries.size >= limits.subscriptions) makeRoom()
        if (entries.size >= limits.subscriptions && owner !== selfOwner) return
        entry = { target, owners: new Set(), abort: new AbortController() }
      }
      // In the order of their last need.
      if (target.kind === 'rendezvous') entries.delete(place)
      entries.set(place, entry)
      entry.owners.add(owner)
      if (open) await start(place, entry)
    },
    release: (owner, target) => {
      if (owner === selfOwner) return
      const only = target === undefined ? undefined : targetKey(target)
      for (const [place, entry] of entries) {
        if (only !== undefined && only !== place) continue
        entry.owners.delete(owner)
        if (entry.owners.size > 0) continue
        give(place, entry)
      }
    },
    open: async () => {
      open = true
      await Promise.all([...entries].map(([place, entry]) => start(place, entry)))
    },
    close: async () => {
      open = false
      const pumps = [...entries.values()].map(entry => {
        entry.abort.abort()
        return entry.pump
      })
      await Promise.all(pumps)
    },
    isHeard,
    ownersOf: person => codeOf(person)?.owners ?? [],
    places: () => [...entries].map(([place, { owners }]) => ({ place, owners: [...owners].sort() })),
    interests: () =>
      [...entries].flatMap(([place, { interest }]) => (interest === undefined ? [] : [{ place, interest }]))
  }
}
