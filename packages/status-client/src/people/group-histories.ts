import { bytesToHex } from '@status-stack/crypto'
import type { Group, GroupEvent } from '@status-stack/interface'
import { createBoundedMap } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import { groupRef } from '../ids.ts'
import { limits } from '../limits.ts'
import type { Unit } from '../storage/stores/store.ts'

/** A group's stored events, opened. */
export interface GroupHistory {
  readonly bytes: readonly Uint8Array[]
  readonly events: readonly GroupEvent[]
  readonly state: Group
}

/** The stored events of groups, opened once for as long as they stay the same. */
export interface GroupHistories {
  /** Opens what is stored while others get their turn. Of events in `received` the signatures are known already. */
  readonly open: (
    id: string,
    unit: Unit | undefined,
    received?: readonly GroupEvent[]
  ) => Promise<GroupHistory | undefined>
  /** The same without a pause. */
  readonly openAtOnce: (id: string) => GroupHistory | undefined
  /** What is open at the moment. */
  readonly cached: (id: string) => GroupHistory | undefined
  /** Opens what is being stored instead: `bytes` of these events. */
  readonly replace: (id: string, bytes: readonly Uint8Array[], events: readonly GroupEvent[]) => Promise<void>
}

/** An event as it is stored: its place in an update counts no more, as the list has its order. */
export function unplaced(event: GroupEvent): GroupEvent {
  if (event.place === undefined) return event
  const { place: _, ...stored } = event
  return stored
}

/** Opened events by their bytes. */
const openedBy = (events: readonly GroupEvent[]): Map<string, GroupEvent> =>
  new Map(events.map(event => [bytesToHex(event.bytes), event]))

const eventsOf = (bytes: readonly Uint8Array[], opened: ReadonlyMap<string, GroupEvent>): readonly GroupEvent[] =>
  bytes.flatMap(one => opened.get(bytesToHex(one)) ?? [])

export function createGroupHistories(core: Pick<Core, 'chatCache' | 'clock' | 'data' | 'self'>): GroupHistories {
  const { chatCache, clock, data, self } = core
  // BOUNDED: limits.groupHistories of at most status-data's limits.groupEventBytes each, the one used longest ago is evicted and opened
  // anew when it is needed. Without it a signature would be recovered with each message.
  const histories = createBoundedMap<string, GroupHistory>({ maxEntries: limits.groupHistories })

  const now = () => ({ self, nowMs: clock.nowMs() })

  const keep = (id: string, fresh: GroupHistory): GroupHistory => {
    histories.set(id, fresh)
    return fresh
  }

  const reduce = async (
    id: string,
    bytes: readonly Uint8Array[],
    opened: ReadonlyMap<string, GroupEvent>
  ): Promise<GroupHistory> => {
    const events = eventsOf(bytes, opened)
    return keep(id, { bytes, events, state: (await data.groups.reduceSliced(id, events, now())).state })
  }

  /** What is open already, and the stored events that are not. */
  const found = (id: string, unit: Unit | undefined) => {
    const bytes = chatCache.chat(groupRef(id), unit)?.events
    if (bytes === undefined) return undefined
    const before = histories.touch(id)
    if (before?.bytes === bytes) return before
    const opened = openedBy(before?.events ?? [])
    return { bytes, opened, closed: bytes.filter(one => !opened.has(bytesToHex(one))) }
  }

  return {
    open: async (id, unit, received = []) => {
      const here = found(id, unit)
      if (here === undefined || 'state' in here) return here
      const same = openedBy(received.map(unplaced))
      const closed: Uint8Array[] = []
      for (const bytes of here.closed) {
        const key = bytesToHex(bytes)
        const event = same.get(key)
        if (event === undefined) closed.push(bytes)
        else here.opened.set(key, event)
      }
      for (const [key, event] of openedBy(await data.groups.openSliced(id, closed))) here.opened.set(key, event)
      return reduce(id, here.bytes, here.opened)
    },
    openAtOnce: id => {
      const here = found(id, undefined)
      if (here === undefined || 'state' in here) return here
      for (const [key, event] of openedBy(data.groups.open(id, here.closed))) here.opened.set(key, event)
      const events = eventsOf(here.bytes, here.opened)
      return keep(id, { bytes: here.bytes, events, state: data.groups.reduce(id, events, now()).state })
    },
    cached: id => histories.get(id),
    replace: async (id, bytes, events) => {
      await reduce(id, bytes, openedBy(events))
    }
  }
}
