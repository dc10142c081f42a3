import type { Packet, PeerLink } from '@status-stack/interface'

const statusCode = 0

/** The link as a network would carry it that loses packets, each way; the Status handshake passes. @param lost called per packet */
export function lossyLink(link: PeerLink, lost: () => boolean): PeerLink {
  const passes = (code: number): boolean => code === statusCode || !lost()
  async function* arriving(): AsyncGenerator<Packet> {
    for await (const packet of link.packets()) if (passes(packet.code)) yield packet
  }
  return {
    peerId: link.peerId,
    ...(link.remoteAddress === undefined ? {} : { remoteAddress: link.remoteAddress }),
    flags: link.flags,
    close: link.close,
    packets: arriving,
    send: async (code, payload, options) => {
      if (passes(code)) await link.send(code, payload, options)
    }
  }
}

/** Numbers in [0, 1), the same each time: what is lost in a test is no accident of the run. */
export function repeatableNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
