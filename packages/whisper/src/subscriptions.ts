import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { whenAborted, withTimeout } from '@status-stack/utils'
import type { EventSource } from './events.ts'
import { createDeliveryQueue, type DeliveryQueue } from './filters/delivery-queue.ts'
import { type Found, sentSecondsOf } from './filters/found.ts'
import { filterKeyId } from './filters/key-name.ts'
import type { Listener } from './filters/listener.ts'
import type { ListenerRegistry } from './filters/listener-registry.ts'
import type { WaitingBudget } from './filters/waiting-budget.ts'
import { limits } from './limits.ts'
import { payloadOf } from './message/wrap.ts'
import type { Clock, Scheduler } from './ports.ts'
import type { Peer } from './relay/peer.ts'
import type { Interest, ReceivedMessage } from './route.ts'
import { topicNumber } from './topic.ts'
import type { Subscription } from './whisper-types.ts'

/** A message as the layers above see it. */
export function deliveryOf(found: Found, interest: Interest, source: ReceivedMessage['source']): ReceivedMessage {
  const { signer } = found.opened
  return {
    payload: payloadOf(found.opened),
    ...(signer === undefined ? {} : { signer }),
    sentSeconds: sentSecondsOf(found),
    hash: hexToBytes(found.id),
    arrival: interest.arrival,
    guarantee: interest.guarantee,
    source
  }
}

/** The pairs of key and topic that an interest listens to, as comparable text. */
export function listenKeysOf(interest: Interest): readonly string[] {
  const id = filterKeyId(interest.key)
  return interest.topics.map(topic => `${id}/${topicNumber(topic)}`)
}

/** The subscriptions of a node. */
export interface Subscriptions {
  readonly subscribe: (
    interest: Interest,
    ready: Promise<void>,
    options: { readonly signal?: AbortSignal | undefined }
  ) => Subscription
  /** Live deliveries of these interests wait until the returned function is called, or the time for it is used up. */
  readonly hold: (interests: readonly Interest[]) => () => void
  /** Waits while readers of what this peer brought are behind, for a bounded time; `undefined` when none is. */
  readonly room: (peer: Pick<Peer, 'id' | 'abort'>) => Promise<void> | undefined
  readonly stop: () => void
}

export interface SubscriptionParts {
  readonly registry: ListenerRegistry
  readonly events: EventSource
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly maxQueuedMessages: number
  /** Counts what waits, of filters too. */
  readonly budget: WaitingBudget
}

type Queue = DeliveryQueue<ReceivedMessage>

/** Which peers feed queues whose readers are behind: back-pressure is for those alone. */
function createBackPressure(scheduler: Scheduler) {
  // BOUNDED: maxPeers, and maxFilters each.
  const feeding = new Map<string, Set<Queue>>()
  // BOUNDED: one for each peer.
  const waiters = new Map<string, () => void>()
  const wake = (peerId: string): void => {
    feeding.delete(peerId)
    waiters.get(peerId)?.()
  }
  const waitForRoom = async ({ id, abort }: Pick<Peer, 'id' | 'abort'>): Promise<void> => {
    const room = new Promise<void>(resolve => waiters.set(id, resolve))
    await withTimeout(room, scheduler, limits.slowReaderMs, abort.signal)
    waiters.delete(id)
    feeding.delete(id)
  }
  return {
    fed: (peerId: string, queue: Queue): void => {
      const queues = feeding.get(peerId)
      if (queues === undefined) feeding.set(peerId, new Set([queue]))
      else queues.add(queue)
    },
    hasRoom: (queue: Queue): void => {
      for (const [peerId, queues] of feeding) if (queues.delete(queue) && queues.size === 0) wake(peerId)
    },
    room: (peer: Pick<Peer, 'id' | 'abort'>): Promise<void> | undefined =>
      feeding.has(peer.id) ? waitForRoom(peer) : undefined,
    stop: (): void => {
      for (const peerId of [...feeding.keys()]) wake(peerId)
    }
  }
}

export function createSubscriptions(parts: SubscriptionParts): Subscriptions {
  const { registry, events, clock, scheduler, maxQueuedMessages, budget } = parts
  // BOUNDED: maxFilters, in the registry.
  const open = new Map<Listener, { readonly queue: Queue; readonly listenKeys: readonly string[] }>()
  const pressure = createBackPressure(scheduler)

  const holdKeys = (listenKeys: readonly string[]): (() => void) => {
    const wanted = new Set(listenKeys)
    const queues = [...open.values()].filter(entry => entry.listenKeys.some(key => wanted.has(key)))
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
      const queue: Queue = createDeliveryQueue<ReceivedMessage>({
        max: maxQueuedMessages,
        sizeOf: ({ payload }) => payload.buffer.byteLength + limits.waitingMessageOverhead,
        budget,
        clock,
        scheduler,
        onDropped: delivery => events.emit('deliverydropped', { hash: bytesToHex(delivery.hash) }),
        onRoom: () => pressure.hasRoom(queue),
        onReturn: () => end()
      })
      const listener: Listener = {
        key: interest.key,
        topics: interest.topics,
        src: interest.signer,
        minPow: 0,
        allowP2P: 'pooled',
        deliver: (found, from) => {
          queue.push(deliveryOf(found, interest, 'live'))
          if (from !== undefined && queue.full()) pressure.fed(from, queue)
        }
      }
      let callOff: (() => void) | undefined
      const end = (): void => {
        if (!open.delete(listener)) return
        registry.remove(listener)
        callOff?.()
        queue.close()
      }
      open.set(listener, { queue, listenKeys: listenKeysOf(interest) })
      if (signal?.aborted === true) end()
      else {
        try {
          registry.add(listener)
        } catch (error) {
          open.delete(listener)
          throw error
        }
        callOff = signal && whenAborted(signal, end)
      }
      return { ready, [Symbol.asyncIterator]: () => queue.reader }
    },
    hold: interests => holdKeys(interests.flatMap(listenKeysOf)),
    room: pressure.room,
    stop: () => {
      for (const [listener, { queue }] of open) {
        registry.remove(listener)
        queue.close()
      }
      open.clear()
      pressure.stop()
    }
  }
}
