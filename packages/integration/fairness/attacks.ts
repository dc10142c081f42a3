import type { Victim } from './victim.ts'

/** What one run of an attack sent, for the cost per byte. */
export interface Attacked {
  readonly bytes: number
  /** What the node did about it: `kept` the link, or closed it with a code, or answered. */
  readonly outcome: string
}

/** One way for an outsider to make the node work. */
export interface Attack<V = Victim> {
  /** Whom it comes through: a packet code, an RPC method, a mailserver request, a conversation. */
  readonly door: string
  readonly name: string
  /** Makes the input once, and returns the run; `scale` multiplies its length, 1 being what the table shows. */
  readonly prepare: (victim: V, scale: number) => Promise<() => Promise<Attacked>>
}
