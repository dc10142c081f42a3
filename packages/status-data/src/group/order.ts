import { compareBytes } from '@status-stack/crypto'
import type { GroupEvent } from '@status-stack/interface'
import { eventTypes } from '../payloads/membership-update.ts'
import { eventKey, signatureLength } from './event.ts'

// The order of replay: by clock. Members of status-go 0.56.10 sign several events with one clock when their chat is ahead of
// their time, and replay them in the order of their history, which travels with every update. So:
//   1. a creation comes before everything else of its clock;
//   2. events of one author keep the order that their author gives them, which an update signed by that author tells;
//   3. all others follow a fixed order: additions, admin changes, removals, then the bytes of the signature.
// The order of an array carries what is known of 2, so a stored history keeps it.

/** The fixed order of types within one clock: nothing comes before what it usually rests on. */
const ranks: Readonly<Record<number, number>> = {
  [eventTypes.chatCreated]: 0,
  [eventTypes.membersAdded]: 1,
  [eventTypes.memberJoined]: 2,
  [eventTypes.adminsAdded]: 3,
  [eventTypes.nameChanged]: 4,
  [eventTypes.adminRemoved]: 5,
  [eventTypes.memberRemoved]: 6
}
const lastRank = 7

/** The order of two events where their author's own is not known: clock, rank of the type, signature. */
export function compareEvents(a: GroupEvent, b: GroupEvent): number {
  if (a.clock !== b.clock) return a.clock - b.clock
  const ranked = (ranks[a.type] ?? lastRank) - (ranks[b.type] ?? lastRank)
  return ranked !== 0
    ? ranked
    : compareBytes(a.bytes.subarray(0, signatureLength), b.bytes.subarray(0, signatureLength))
}

/** One of each event, the first that came. */
export function distinctEvents(events: readonly GroupEvent[]): GroupEvent[] {
  const distinct = new Map<string, GroupEvent>()
  for (const event of events) {
    const key = eventKey(event)
    if (!distinct.has(key)) distinct.set(key, event)
  }
  return [...distinct.values()]
}

/** One of each event in the order of replay. Events of one author and one clock stay in the order in which they are given. */
export function orderEvents(events: readonly GroupEvent[]): GroupEvent[] {
  const clocks = new Map<number, GroupEvent[]>()
  for (const event of distinctEvents(events)) {
    const tied = clocks.get(event.clock)
    if (tied === undefined) clocks.set(event.clock, [event])
    else tied.push(event)
  }
  return [...clocks.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, tied]) => (tied.length === 1 ? tied : orderTied(tied)))
}

function orderTied(events: readonly GroupEvent[]): readonly GroupEvent[] {
  const created: GroupEvent[] = []
  const chains = new Map<string, GroupEvent[]>()
  for (const event of events) {
    if (event.type === eventTypes.chatCreated) created.push(event)
    else {
      const chain = chains.get(event.author)
      if (chain === undefined) chains.set(event.author, [event])
      else chain.push(event)
    }
  }
  return [...created.sort(compareEvents), ...interleave([...chains.values()])]
}

/** Several authors' events as one list: always the earliest of those that come first in their own. */
function interleave(chains: readonly (readonly GroupEvent[])[]): readonly GroupEvent[] {
  if (chains.length <= 1) return chains.flat()
  // The chain whose head is earliest is last, so that taking one is cheap.
  const waiting = chains.map(chain => ({ chain, at: 0 })).sort((a, b) => compareHeads(b, a))
  const ordered: GroupEvent[] = []
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { chain, at } = next
    const event = chain[at]
    if (event === undefined) continue
    ordered.push(event)
    if (at + 1 < chain.length) insertByHead(waiting, { chain, at: at + 1 })
  }
  return ordered
}

interface Chain {
  readonly chain: readonly GroupEvent[]
  readonly at: number
}

const compareHeads = (a: Chain, b: Chain): number =>
  compareEvents(a.chain[a.at] as GroupEvent, b.chain[b.at] as GroupEvent)

function insertByHead(waiting: Chain[], chain: Chain): void {
  let [low, high] = [0, waiting.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareHeads(waiting[middle] as Chain, chain) > 0) low = middle + 1
    else high = middle
  }
  waiting.splice(low, 0, chain)
}

/** The events of one author and one clock, by how we came to know them. */
interface Tied {
  /** As they are stored: in the order known so far. */
  readonly stored: GroupEvent[]
  /** In the order of an update that their author has signed. */
  readonly claimed: GroupEvent[]
  /** New, from others: their order is not known. */
  readonly fresh: GroupEvent[]
}

/**
 * Stored and received events as one list, one of each, in which the events of one author and one clock are in the best order
 * known: `orderEvents` keeps it. The order in which updates arrive does not matter as long as their authors do not
 * contradict themselves.
 */
export function uniteEvents(stored: readonly GroupEvent[], received: readonly GroupEvent[]): GroupEvent[] {
  const ties = new Map<string, Tied>()
  const tiedWith = ({ author, clock }: GroupEvent): Tied => {
    const key = `${clock} ${author}`
    const tied = ties.get(key) ?? { stored: [], claimed: [], fresh: [] }
    ties.set(key, tied)
    return tied
  }
  const known = new Map<string, GroupEvent>()
  for (const event of distinctEvents(stored)) {
    known.set(eventKey(event), event)
    tiedWith(event).stored.push(event)
  }
  for (const { place, ...event } of distinctEvents(byPlace(received))) {
    const same = known.get(eventKey(event))
    if (place !== undefined) tiedWith(event).claimed.push(same ?? event)
    else if (same === undefined) tiedWith(event).fresh.push(event)
  }
  return [...ties.values()].flatMap(chainOf)
}

/** Events with a place first, in its order: a copy without one must not hide it. */
function byPlace(events: readonly GroupEvent[]): readonly GroupEvent[] {
  const placed = events.filter(({ place }) => place !== undefined)
  if (placed.length === 0) return events
  placed.sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
  return [...placed, ...events.filter(({ place }) => place === undefined)]
}

function chainOf({ stored, claimed, fresh }: Tied): readonly GroupEvent[] {
  if (stored.length + claimed.length + fresh.length === 1) return [...stored, ...claimed, ...fresh]
  const told = new Set(claimed)
  const base = agrees(stored, claimed)
    ? stored
    : insertInOrder(
        claimed,
        stored.filter(event => !told.has(event))
      )
  return insertInOrder(base, fresh)
}

/** Whether all claimed events are there, in the claimed order. */
function agrees(stored: readonly GroupEvent[], claimed: readonly GroupEvent[]): boolean {
  let at = 0
  for (const event of stored) if (event === claimed[at]) at += 1
  return at === claimed.length
}

/** Puts each of `more` before the first event of `chain` that the fixed order has after it: the same whatever came first. */
function insertInOrder(chain: readonly GroupEvent[], more: readonly GroupEvent[]): readonly GroupEvent[] {
  if (more.length === 0) return chain
  const rest = [...more].sort(compareEvents).reverse()
  const merged: GroupEvent[] = []
  for (const event of chain) {
    for (let next = rest.at(-1); next !== undefined && compareEvents(next, event) < 0; next = rest.at(-1)) {
      merged.push(next)
      rest.pop()
    }
    merged.push(event)
  }
  return [...merged, ...rest.reverse()]
}
