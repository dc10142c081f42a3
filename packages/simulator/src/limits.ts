/** Bounds on what one simulation holds and does. */
export const limits = Object.freeze({
  /** Nodes of one network: ten thousand relays take a few gigabytes, and more would not fit a machine. */
  nodes: 20_000,
  /** Bytes in one direction of a link, sent and not read, before `send` waits: what a socket and its window hold. */
  windowBytes: 1 << 20,
  /** What a packet counts on the wire beside its payload: the RLPx header, its MAC and that of the frame, and padding. */
  packetOverheadBytes: 48,
  /** Events of a trace that are kept to be compared or printed; the hash covers all of them. */
  traceEvents: 1_000_000,
  /** Turns of the event loop in which the nodes may be at work while the clock stands still; more is a loop without an end. */
  turnsPerInstant: 1_000_000,
  /** Runs that shrinking a schedule may take. */
  shrinkRuns: 2000
})
