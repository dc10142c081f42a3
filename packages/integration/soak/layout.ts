export const relayCount = 8
/** Each relay dials those this far along the circle, and is dialled by as many: four neighbours, as few as an outgoing half of a node's links. */
const neighbours = [1, 3]

/** Which relay is in which process, known to all of them. */
export interface Layout {
  readonly processes: number
  /** The relays of a process. */
  readonly relaysOf: (process: number) => readonly number[]
  readonly processOf: (relay: number) => number
}

export function createLayout(processes: number): Layout {
  const processOf = (relay: number): number => Math.floor(((relay % relayCount) * processes) / relayCount)
  const all = Array.from({ length: relayCount }, (_, relay) => relay)
  return { processes, processOf, relaysOf: process => all.filter(relay => processOf(relay) === process) }
}

/** The links that a relay dials. */
export const dialledBy = (relay: number): readonly number[] => neighbours.map(step => (relay + step) % relayCount)

export const idOf = (kind: number, at: number): string => `${kind}${at.toString(16)}`.padStart(64, '0')
export const relayId = (relay: number): string => idOf(1, relay)
