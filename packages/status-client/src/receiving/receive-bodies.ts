import type { Accepted, GroupEvent, ReceiveContext, Refused } from '@status-stack/interface'
import { timeSlicer } from '@status-stack/utils'
import type { Core } from '../composition/core.ts'
import type { RefusedEvent } from '../events.ts'
import { limits } from '../limits.ts'
import { unplaced } from '../people/group-histories.ts'
import type { Unit } from '../storage/stores/store.ts'
import type { PublicKey } from '../types.ts'
import { type BodyContext, createJudge, type Judge, type JudgePorts, type ReadBody } from './judge-body.ts'

export interface BodyPorts extends JudgePorts {
  readonly decode: (bytes: Uint8Array, seen: ReceiveContext) => Promise<Accepted | Refused>
  /** The events of a group that are open already: a group message carries them all again, and they need no second verification. */
  readonly groupEvents: (id: string) => readonly GroupEvent[]
  /** Gives the judge back, watched. @default as it is */
  readonly observe?: ((judge: Judge) => Judge) | undefined
  readonly refuse: (fact: Omit<RefusedEvent, 'author'>, author: PublicKey | undefined) => void
}

/** A message as the layers below hand it over: wrapped, with its id of sync if it came through that. */
export interface Body {
  readonly id?: Uint8Array
  readonly body: Uint8Array
}

export interface BodyOutcome {
  /** Ids of sync that were handled for good. */
  readonly accepted: readonly Uint8Array[]
  /** Something has to wait: it must not be acknowledged. */
  readonly waiting: boolean
}

/**
 * Judges and stores the messages of one delivery, in batches: others get the chats in between, however many messages a payload has.
 */
export function createReceiveBodies(core: Core, ports: BodyPorts) {
  const { observe = judge => judge } = ports
  const judge = observe(createJudge(core, ports))

  /** Reads a message, with its signatures: the dear part, which needs nothing of what is stored. */
  const read = (body: Uint8Array, { delivery, author }: BodyContext, knownEvents: BodyPorts['groupEvents']) =>
    ports.decode(body, {
      transportAuthor: author,
      sentMs: delivery.sentSeconds * 1000,
      nowMs: core.clock.nowMs(),
      arrival: delivery.arrival,
      self: core.self,
      knownEvents
    })

  /** Reads some messages of a payload. Each message of a group carries all its events: those of the one before are verified. */
  const readAll = async (bodies: readonly Body[], how: BodyContext): Promise<readonly ReadBody[]> => {
    const decodedAll: ReadBody[] = []
    const ofBatch = new Map<string, readonly GroupEvent[]>()
    const knownEvents = (id: string): readonly GroupEvent[] => [...ports.groupEvents(id), ...(ofBatch.get(id) ?? [])]
    for (const { id, body } of bodies) {
      const startMs = core.clock.nowMs()
      const decoded = await read(body, how, knownEvents)
      decodedAll.push({ id, bytes: body.length, decoded, startMs, decodeMs: core.clock.nowMs() - startMs })
      const effects = decoded.kind === 'accepted' ? decoded.effects : []
      for (const effect of effects)
        if (effect.kind === 'group-events') ofBatch.set(effect.chatId, effect.events.map(unplaced))
      await timeSlicer.yielded()
    }
    return decodedAll
  }

  /** Judges messages until one is over its author's rate; the rest would be refused for the same reason. */
  const judgeAll = async (unit: Unit, bodies: readonly ReadBody[], how: BodyContext) => {
    const accepted: Uint8Array[] = []
    let waiting = false
    for (const body of bodies) {
      const outcome = await judge(unit, body, how)
      if (outcome.kind === 'refused') {
        const { layer, reason, final, expected } = outcome
        ports.refuse({ layer, reason, final, expected }, how.author)
        if (reason === 'author-rate') return { accepted, waiting: true, over: true }
      }
      if (outcome.kind === 'refused' && !outcome.final) waiting = true
      else if (body.id !== undefined) accepted.push(body.id)
      await timeSlicer.yielded()
    }
    return { accepted, waiting, over: false }
  }

  /** `last` stages what belongs into the batch of the last message. */
  return async (
    bodies: readonly Body[],
    how: BodyContext,
    last: (unit: Unit, waiting: boolean) => void
  ): Promise<BodyOutcome> => {
    const accepted: Uint8Array[] = []
    let waiting = false
    for (let start = 0, done = false; !done; start += limits.bodiesPerBatch) {
      // Read before the lock: others get the chats while signatures are verified.
      const batch = await readAll(bodies.slice(start, start + limits.bodiesPerBatch), how)
      // A crash between two batches repeats the whole delivery, as its key is not given up yet; ids tell the copies.
      const stored = await core.state.run(async () => {
        const unit = core.store.unit()
        const outcome = await judgeAll(unit, batch, how)
        accepted.push(...outcome.accepted)
        waiting ||= outcome.waiting
        done = outcome.over || start + limits.bodiesPerBatch >= bodies.length
        if (done) last(unit, waiting)
        await unit.commit()
        return unit
      })
      await ports.apply.settled(stored)
    }
    return { accepted, waiting }
  }
}
