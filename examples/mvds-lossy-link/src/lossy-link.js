/**
 * A link between two ends that loses, doubles and reorders what is sent. `random` gives numbers from 0 to 1.
 *
 * @param {() => number} random
 */
export function createLossyLink(random) {
  /** @type {{ to: string, bytes: Uint8Array }[]} */
  const underWay = []
  const seen = { sent: 0, lost: 0, doubled: 0 }
  return {
    seen,
    /** @param {string} to @param {Uint8Array} bytes */
    send(to, bytes) {
      seen.sent++
      if (random() < 0.4) {
        seen.lost++
        return
      }
      underWay.push({ to, bytes })
      if (random() < 0.2) {
        seen.doubled++
        underWay.push({ to, bytes })
      }
    },
    /** The next payload that arrives, in no particular order. */
    next: () => underWay.splice(Math.floor(random() * underWay.length), 1)[0]
  }
}
