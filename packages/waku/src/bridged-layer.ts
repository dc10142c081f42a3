import { type PrivacyEvents, type PrivacyLayer, privacyEventNames } from '@status-stack/interface'
import { createEmitter } from '@status-stack/utils'
import type { Interest, Route, Whisper } from '@status-stack/whisper'
import { check } from '@status-stack/whisper/relay'
import { createStatusLayer, type StatusLayerDeps } from '@status-stack/whisper/status'
import { createBridge } from './bridge.ts'
import type { Waku } from './waku.ts'

/** A privacy layer that is in both networks. */
export interface BridgedLayer extends PrivacyLayer<Route, Interest> {
  /** What a transport announces: each protocol with where the links of its peers go. `wire` and `attach` are those of Whisper. */
  readonly capabilities: readonly (Whisper['capability'] & { readonly run: Whisper['attach'] })[]
}

type Layer = PrivacyLayer<Route, Interest>

const hasPeer = (layer: Layer, peerId: string): boolean => layer.peers().some(peer => peer.peerId === peerId)

/** Peers of either side: one that speaks both protocols comes once and goes once. */
function watchPeers(sides: readonly Layer[]): Pick<Layer, 'on'> {
  const { emit, on } = createEmitter<PrivacyEvents>(privacyEventNames, check)
  // BOUNDED: peers of the two nodes, which have limits of their own.
  const present = new Set<string>()
  for (const side of sides) {
    side.on('peerconnected', fact => {
      if (present.has(fact.peerId)) return
      present.add(fact.peerId)
      emit('peerconnected', fact)
    })
    side.on('peerdisconnected', fact => {
      if (sides.some(other => hasPeer(other, fact.peerId)) || !present.delete(fact.peerId)) return
      emit('peerdisconnected', fact)
    })
    side.on('clocksign', fact => emit('clocksign', fact))
  }
  return { on }
}

/**
 * A Whisper and a Waku node with a bridge between them as one privacy layer, for a client that has peers in both networks. Messages are posted
 * to one side, where there are peers, and read on the Whisper side; the bridge does the rest. The nodes start and stop with the layer.
 *
 * @throws WhisperError `invalid-argument`
 * @example
 * ```ts
 * const layer = createBridgedLayer({ whisper: createWhisper(), waku: createWaku() })
 * const host = createHost({ privateKey, capabilities: layer.capabilities })
 * ```
 */
export function createBridgedLayer(
  nodes: { readonly whisper: Whisper; readonly waku: Waku },
  deps: StatusLayerDeps = {}
): BridgedLayer {
  const bridge = createBridge(nodes)
  const [whisper, waku] = [createStatusLayer(nodes.whisper, deps), createStatusLayer(nodes.waku, deps)]
  const both = [whisper, waku] as const
  /** The side to post on: one where the message is confirmed, if there is any. */
  const posting = (targetPeer: string | undefined): Layer => {
    if (targetPeer !== undefined) return hasPeer(whisper, targetPeer) ? whisper : waku
    const confirming = both.find(side => side.peers().some(({ confirmations }) => confirmations))
    return confirming ?? both.find(side => side.connected()) ?? whisper
  }
  return {
    ...whisper,
    capabilities: [nodes.whisper, nodes.waku].map(node => ({ ...node.capability, run: node.attach })),
    start: async () => {
      await Promise.all(both.map(side => side.start()))
    },
    stop: async () => {
      bridge.stop()
      await Promise.all(both.map(side => side.stop()))
    },
    peers: () => [...whisper.peers(), ...waku.peers().filter(({ peerId }) => !hasPeer(whisper, peerId))],
    connected: () => both.some(side => side.connected()),
    traffic: () => {
      const [first, second] = [whisper.traffic(), waku.traffic()]
      return {
        received: first.received + second.received,
        acknowledged: first.acknowledged + second.acknowledged
      }
    },
    ...watchPeers(both),
    post: message => posting(message.targetPeer).post(message),
    history: (server, query) => (hasPeer(whisper, server) ? whisper : waku).history(server, query)
  }
}
