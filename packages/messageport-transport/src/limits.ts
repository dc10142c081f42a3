/** Bounds on what one link holds. */
export const limits = Object.freeze({
  /** Bytes on their way to a reader before `send` waits: some packets of ordinary size, so that neither side idles. */
  windowBytes: 1 << 20,
  /** Longest payload: that of a devp2p packet, so that a layer sees the same limit over every carrier. */
  payloadBytes: 16 * (1 << 20),
  /** What a packet counts beside its payload: the object, the queue entry and the message that carried it. */
  packetOverheadBytes: 256
})
