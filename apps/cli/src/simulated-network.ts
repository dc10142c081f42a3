import type { PeerLink } from '@status-stack/devp2p-transport'
import { CliError } from './errors.ts'

/** A bad network and a wrong clock, for demonstrations and tests. */
export interface NetworkSimulation {
  /** Share of packets that are lost, each way; 0…1. */
  readonly loss: number
  /** Longest delay of a packet, each way, milliseconds; each gets a random part of it, so packets overtake each other. */
  readonly delayMs: number
  /** Share of packets that arrive twice, each way; 0…1. */
  readonly dup: number
  /** Seconds by which our clock is ahead; negative is behind. */
  readonly skewSeconds: number
}

const statusCode = 0
/** BOUNDED: packets under way at once; further ones are lost, as by a full buffer. */
const maxDelayed = 1000

const kinds: Readonly<
  Record<string, { readonly key: keyof NetworkSimulation; readonly least: number; readonly most: number }>
> = {
  loss: { key: 'loss', least: 0, most: 1 },
  delay: { key: 'delayMs', least: 0, most: 60_000 },
  dup: { key: 'dup', least: 0, most: 1 },
  skew: { key: 'skewSeconds', least: -86_400, most: 86_400 }
}

/** `loss=0.2,delay=300,dup=0.1,skew=90`; what is not named is zero. @throws CliError `simulate-network` */
export function parseSimulation(text: string): NetworkSimulation {
  const simulation = { loss: 0, delayMs: 0, dup: 0, skewSeconds: 0 }
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=')
    const kind = kinds[name.trim()]
    const number = value.trim() === '' ? Number.NaN : Number(value)
    if (kind === undefined || !(number >= kind.least && number <= kind.most)) {
      throw new CliError(
        'usage',
        'simulate-network',
        `--simulate-network does not take ${part}`,
        'loss=0…1, delay=0…60000 (ms), dup=0…1, skew=±86400 (s), separated by commas'
      )
    }
    simulation[kind.key] = number
  }
  return simulation
}

/**
 * The link as a bad network would carry it. The Status handshake passes unharmed: without it there is no link at all.
 * @param random numbers in [0, 1)
 */
export function simulatedLink(
  link: PeerLink,
  network: NetworkSimulation,
  random: () => number = Math.random
): PeerLink {
  let underWay = 0
  /** Calls `deliver` as often as the packet arrives, each time when it does. */
  const carry = (deliver: () => void): void => {
    const copies = random() < network.loss ? 0 : random() < network.dup ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (network.delayMs === 0) deliver()
      else if (underWay < maxDelayed) {
        underWay++
        setTimeout(() => {
          underWay--
          deliver()
        }, random() * network.delayMs).unref()
      }
    }
  }
  return {
    peerId: link.peerId,
    ...(link.remoteAddress === undefined ? {} : { remoteAddress: link.remoteAddress }),
    flags: link.flags,
    close: link.close,
    send: async (code, payload, options) => {
      if (code === statusCode) return link.send(code, payload, options)
      // A packet that is late finds the link as it is then; if it has ended, it is lost like any other.
      carry(() => void link.send(code, payload).catch(() => {}))
    },
    packets: () => ({
      [Symbol.asyncIterator]: () => inbound(link, carry)
    })
  }
}

type Packet = { readonly code: number; readonly payload: Uint8Array }

async function* inbound(link: PeerLink, carry: (deliver: () => void) => void): AsyncGenerator<Packet> {
  const arrived: Packet[] = []
  let wake = (): void => {}
  let ended = false
  let failure: unknown
  const reading = (async () => {
    for await (const packet of link.packets()) {
      const deliver = (): void => {
        arrived.push(packet)
        wake()
      }
      if (packet.code === statusCode) deliver()
      else carry(deliver)
    }
  })()
    .catch(error => {
      failure = error
    })
    .finally(() => {
      ended = true
      wake()
    })
  for (;;) {
    for (let packet = arrived.shift(); packet !== undefined; packet = arrived.shift()) yield packet
    if (ended) break
    await new Promise<void>(resolve => {
      wake = resolve
      if (ended || arrived.length > 0) resolve()
    })
  }
  await reading
  if (failure !== undefined) throw failure
}
