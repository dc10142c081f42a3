import { bytesToHex } from '@status-stack/crypto'
import type { EventSource } from './events.ts'
import { createDeliveryQueue, type DeliveryQueue } from './filters/delivery-queue.ts'
import { keyId, type Listener } from './filters/filter-index.ts'
import type { ListenerRegistry } from './filters/filters.ts'
import type { EnvelopeMessage } from './filters/message.ts'
import { hardLimits } from './limits.ts'
import type { Scheduler } from './ports.ts'
import type { Delivery, Interest } from './route.ts'
import { topicNumber } from './topic.ts'
import { within } from './wait.ts'
import type { Subscription } from './whisper-types.ts'

/** A message as the layers above see it. */
export function deliveryOf(message: EnvelopeMessage, interest: Interest, source: Delivery['source']): Delivery {
  return {
    payload: message.payload,
    ...(message.signer === undefined ? {} : { signer: message.signer }),
    sentSeconds: message.sentSeconds,
    hash: message.hash,
    arrival: interest.arrival,
    guarantee: interest.guarantee,
    source
  }
}

/** The places an interest listens at, as comparable text. */
export function placesOf(interest: Interest): readonly string[] {
  const id = keyId(interest.key)
  return interest.topics.map(topic => `${id}/${topicNumber(topic)}`)
}

/** The subscriptions of a node. */
export interface Subscriptions {
  readonly subscribe: (
    interest: Interest,
    ready: Promise<void>,
    options: { readonly signal?: AbortSignal | undefined }
  ) => Subscription
  /** Live deliveries of these interests wait until the answer is called. */
  readonly hold: (interests: readonly Interest[]) => () => void
  /** Waits while readers are behind, for a bounded time. */
  readonly room: (signal: AbortSignal) => Promise<void>
  readonly stop: () => void
}

export function createSubscriptions(
  registry: ListenerRegistry,
  events: EventSource,
  scheduler: Scheduler,
  maxQueuedMessages: number
): Subscriptions {
  // BOUNDED: maxFilters, in the registry.
  const open = new Map<Listener, { readonly queue: DeliveryQueue<Delivery>; readonly places: readonly string[] }>()
  // Queues whose reader is behind.
  const full = new Set<DeliveryQueue<Delivery>>()
  let waiters: (() => void)[] = []

  const wake = (): void => {
    if (full.size > 0) return
    for (const waiter of waiters) waiter()
    waiters = []
  }

  const holdPlaces = (places: readonly string[]): (() => void) => {
    const wanted = new Set(places)
    const queues = [...open.values()].filter(entry => entry.places.some(place => wanted.has(place)))
    for (const { queue } of queues) queue.hold()
    let released = false
    return () => {
      if (released) return
      released = true
      for (const { queue } of queues) queue.release()
    }
  }

  return {
    subscribe: (interest, ready, { signal }) => {
      const queue = createDeliveryQueue<Delivery>({
        max: maxQueuedMessages,
        onDropped: delivery => events.emit('deliverydropped', { hash: bytesToHex(delivery.hash) }),
        onRoom: () => {
          full.delete(queue)
          wake()
        },
        onReturn: () => end()
      })
      const listener: Listener = {
        key: interest.key,
        topics: interest.topics,
        src: interest.signer,
        minPow: 0,
        allowP2P: false,
        deliver: message => {
          queue.push(deliveryOf(message, interest, 'live'))
          if (queue.full()) full.add(queue)
        }
      }
      const end = (): void => {
        if (!open.delete(listener)) return
        registry.remove(listener)
        signal?.removeEventListener('abort', end)
        queue.close()
      }
      open.set(listener, { queue, places: placesOf(interest) })
      if (signal?.aborted === true) end()
      else {
        registry.add(listener)
        signal?.addEventListener('abort', end, { once: true })
      }
      return { ready, [Symbol.asyncIterator]: () => queue.reader }
    },
    hold: interests => holdPlaces(interests.flatMap(placesOf)),
    room: async signal => {
      if (full.size === 0) return
      const room = new Promise<void>(resolve => {
        waiters.push(resolve)
      })
      await within(room, scheduler, hardLimits.slowReaderMs, signal)
    },
    stop: () => {
      for (const [listener, { queue }] of open) {
        registry.remove(listener)
        queue.close()
      }
      open.clear()
      full.clear()
      wake()
    }
  }
}
