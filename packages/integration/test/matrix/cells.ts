import { type ClientOptions, defaultLayers } from '@status-stack/status-client'
import { createWaku } from '@status-stack/waku'
import { createStatusLayer } from '@status-stack/whisper/status'
import {
  type Network,
  portNetwork,
  type Relay,
  tcpNetwork,
  wakuRelay,
  webSocketNetwork,
  whisperRelay
} from '../support/networks.ts'

type Layers = ReturnType<typeof defaultLayers>

/** One choice for each layer that has two implementations, and for the carrier. */
export interface Cell {
  readonly privacy: keyof typeof privacies
  readonly carrier: keyof typeof carriers
  readonly security: keyof typeof securities
  readonly sync: keyof typeof syncs
}

interface Privacy {
  readonly relay: () => Relay
  readonly layers: () => Layers
}

const privacies = {
  Whisper: { relay: whisperRelay, layers: () => defaultLayers({ powWorkers: 0 }) },
  Waku: {
    relay: wakuRelay,
    layers: () => ({
      ...defaultLayers(),
      privacy: ({ store, ...host }) => createStatusLayer(createWaku(host, { powWorkers: 0 }), { store })
    })
  }
} satisfies Record<string, Privacy>

const carriers = {
  'devp2p over TCP': tcpNetwork,
  WebSocket: webSocketNetwork,
  MessagePort: portNetwork
} satisfies Record<string, (relay: Relay) => Promise<Network>>

const securities = {
  ratchet: { pfs: 'on', minimum: 'any' },
  off: { pfs: 'off', minimum: 'any' }
} satisfies Record<string, ClientOptions>

const syncs = { MVDS: { sync: true }, direct: { sync: false } } satisfies Record<string, ClientOptions>

const keysOf = <T extends object>(object: T): readonly (keyof T)[] => Object.keys(object) as (keyof T)[]

/** Every combination. */
export const cells: readonly Cell[] = keysOf(privacies).flatMap(privacy =>
  keysOf(carriers).flatMap(carrier =>
    keysOf(securities).flatMap(security => keysOf(syncs).map(sync => ({ privacy, carrier, security, sync })))
  )
)

export const nameOf = ({ privacy, carrier, security, sync }: Cell): string =>
  [privacy, carrier, security, sync].join(' × ')

/** What a cell's people are made of, and the network between them. */
export async function openCell({ privacy, carrier, security, sync }: Cell) {
  const { relay, layers } = privacies[privacy]
  return {
    network: await carriers[carrier](relay()),
    stack: { layers: layers(), options: { ...securities[security], ...syncs[sync] } }
  }
}
