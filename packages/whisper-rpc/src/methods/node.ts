import type { Core, Namespace } from '../core.ts'
import { parseNode } from '../enode.ts'
import { failed } from '../errors.ts'
import { type Method, method } from '../method.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Network } from '../ports.ts'
import { float, text, uint32 } from '../values/go-json.ts'
import { bytes } from '../values/hex.ts'

const version = '6.0'
const hardMaxMessageSize = 10_485_760
const bloomBytes = 64

/** Settings of the node. */
export function nodeMethods({ deps }: Core): Readonly<Record<string, Method>> {
  const { whisper } = deps
  return {
    shh_version: method([], () => version),
    shh_info: method([], () => {
      const { memory, minPow, maxMessageSize } = whisper.info()
      // `messages` counts what waits to be delivered, not the pool: here envelopes are delivered as they come.
      return { memory, messages: 0, minPow, maxMessageSize }
    }),
    shh_setMaxMessageSize: method([uint32], ([size]) => {
      if (size > hardMaxMessageSize) throw failed(`message size too large [${size}>${hardMaxMessageSize}]`)
      whisper.setMaxMessageSize(size)
      return true
    }),
    shh_setMinPoW: method([float], async ([minPow]) => {
      if (minPow < 0) throw failed(`invalid PoW: ${minPow.toFixed(6)}`)
      await whisper.setMinPow(minPow)
      return true
    }),
    shh_setBloomFilter: method([bytes], async ([bloom]) => {
      if (bloom.length !== bloomBytes) throw failed(`invalid bloom filter size: ${bloom.length}`)
      await whisper.setBloomFilter(bloom)
      return true
    }),
    shh_markTrustedPeer: method([text], ([url]) => {
      whisper.trustPeer(parseNode(url).peerId)
      return true
    }),
    shh_makeLightClient: method([], () => {
      whisper.setLight(true)
      return true
    }),
    shh_cancelLightClient: method([], () => {
      whisper.setLight(false)
      return true
    })
  }
}

/** `net_*` and `rpc_*`, which are about all nodes together. */
export function networkMethods(
  { networkId }: ResolvedOptions,
  network: Network,
  namespaces: readonly Namespace[]
): Readonly<Record<string, Method>> {
  const modules = ['net', 'rpc', ...namespaces.flatMap(name => [name, `${name}ext`])]
  return {
    net_version: method([], () => networkId),
    net_listening: method([], () => network.listening()),
    net_peerCount: method([], () => `0x${network.peerCount().toString(16)}`),
    rpc_modules: method([], () => Object.fromEntries(modules.sort().map(name => [name, '1.0'])))
  }
}
