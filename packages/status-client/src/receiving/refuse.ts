import { type Core, isSelf } from '../composition/core.ts'
import type { RefusedEvent } from '../events.ts'
import type { PublicKey } from '../types.ts'

type Refusal = Omit<RefusedEvent, 'author' | 'expected'> & Partial<Pick<RefusedEvent, 'expected'>>

/** Refusals of the layers below that ordinary traffic causes: copies, and our own messages coming back. */
const ordinary: ReadonlySet<string> = new Set(['replayed', 'already-used', 'own-echo'])

/** Tells the app what was refused. `expected` unless it is said: whether ordinary traffic causes it. */
export function createRefuse(
  core: Pick<Core, 'emit' | 'log' | 'self'>
): (fact: Refusal, author: PublicKey | undefined) => void {
  return (fact, author) => {
    core.log.debug('refused', { layer: fact.layer, reason: fact.reason })
    const isOurs = author !== undefined && isSelf(core, author)
    const expected = fact.expected === true || ordinary.has(fact.reason) || isOurs
    core.emit('refused', { ...fact, expected, ...(author === undefined ? {} : { author }) })
  }
}
