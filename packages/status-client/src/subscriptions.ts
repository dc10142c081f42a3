import type { Want } from '@status-stack/interface'
import { timeSlicer } from '@status-stack/utils'
import { hexKey } from './ids.ts'
import { limits } from './limits.ts'

export type { Want } from '@status-stack/interface'

/** A stable name of a place, unique over all kinds: a public chat can't collide with a label of ours. */
export function placeOf(want: Want): string {
  switch (want.kind) {
    case 'identity':
      return 'identity'
    case 'public-chat':
      return `public-chat:${want.name}`
    case 'contact-code':
      return `contact-code:${hexKey(want.owner)}`
    case 'rendezvous':
      return `rendezvous:${hexKey(want.peer)}`
  }
}

export interface SubscriptionPorts<Interest, Delivery> {
  readonly plan: (want: Want) => Promise<Interest>
  readonly subscribe: (
    interest: Interest,
    options: { readonly signal: AbortSignal }
  ) => AsyncIterable<Delivery> & { readonly ready: Promise<void> }
  readonly deliver: (delivery: Delivery) => Promise<void>
  /** A place that was not listened at before: the moment to ask a mailserver for it. */
  readonly opened: (place: string, interest: Interest) => void
  readonly failed: (place: string, error: unknown) => void
  /** The last owner gave a place up; not called when everything closes. */
  readonly closed?: (want: Want) => void
}

export interface Subscriptions<Interest> {
  /** Listens on behalf of an owner; resolves when the place is open (at once when it already is, or before `open`). */
  readonly acquire: (want: Want, owner: string) => Promise<void>
  /** Gives up what this owner holds; a place closes with its last owner. `self` can't be dropped. */
  readonly release: (owner: string, want?: Want) => void
  /** Starts listening at everything acquired so far; resolves when peers know. */
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
  readonly places: () => readonly { readonly place: string; readonly owners: readonly string[] }[]
  /** Interests of the open places, for a history request. */
  readonly interests: () => readonly { readonly place: string; readonly interest: Interest }[]
}

interface Entry<Interest> {
  readonly want: Want
  readonly owners: Set<string>
  readonly abort: AbortController
  interest?: Interest
  ready?: Promise<void>
  pump?: Promise<void>
}

/** The owner of our own places, which stay open while we are logged in. */
export const selfOwner = 'self'

/** Reference-counted by owner, as a chat, a contact, a session and ourselves may want the same place. */
export function createSubscriptions<Interest, Delivery>(
  ports: SubscriptionPorts<Interest, Delivery>
): Subscriptions<Interest> {
  // BOUNDED: limits.subscriptions
  const entries = new Map<string, Entry<Interest>>()
  let open = false

  const listen = async (place: string, entry: Entry<Interest>): Promise<void> => {
    const interest = await ports.plan(entry.want)
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

  const start = (place: string, entry: Entry<Interest>): Promise<void> => {
    entry.ready ??= listen(place, entry)
    return entry.ready
  }

  return {
    acquire: async (want, owner) => {
      const place = placeOf(want)
      let entry = entries.get(place)
      if (entry === undefined) {
        if (entries.size >= limits.subscriptions && owner !== selfOwner) return
        entry = { want, owners: new Set(), abort: new AbortController() }
        entries.set(place, entry)
      }
      entry.owners.add(owner)
      if (open) await start(place, entry)
    },
    release: (owner, want) => {
      if (owner === selfOwner) return
      const only = want === undefined ? undefined : placeOf(want)
      for (const [place, entry] of entries) {
        if (only !== undefined && only !== place) continue
        entry.owners.delete(owner)
        if (entry.owners.size > 0) continue
        entries.delete(place)
        entry.abort.abort()
        ports.closed?.(entry.want)
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
    places: () => [...entries].map(([place, { owners }]) => ({ place, owners: [...owners].sort() })),
    interests: () =>
      [...entries].flatMap(([place, { interest }]) => (interest === undefined ? [] : [{ place, interest }]))
  }
}
