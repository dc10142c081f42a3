import type { Capability } from '@status-stack/devp2p-transport'
import type { PrivacyLayer } from '@status-stack/interface'
import { type Privacy, type PrivacyNodeDeps, privacyNodes } from '@status-stack/relay-node'
import { type Client, type ClientOptions, defaultLayers } from '@status-stack/status-client'
import { type ComposeDeps, composeClient } from '@status-stack/status-client/compose'
import { createBridgedLayer } from '@status-stack/waku/status'
import type { Interest, Route, Whisper } from '@status-stack/whisper'
import { createStatusLayer } from '@status-stack/whisper/status'

/** A client whose privacy layer speaks the chosen protocol, and what its host announces and runs. */
export interface PrivateClient {
  readonly client: Client
  readonly capabilities: readonly Capability[]
}

interface OpenedLayer {
  readonly layer: PrivacyLayer<Route, Interest>
  /** Of a layer in both networks, whose links do not all go to `attach`. They come after the client has started. */
  readonly capabilities?: readonly Capability[]
}

function openLayer(
  privacy: Privacy,
  deps: PrivacyNodeDeps,
  store: Parameters<typeof createStatusLayer>[1]
): OpenedLayer {
  const { whisper, waku } = privacyNodes(privacy, deps)
  if (whisper !== undefined && waku !== undefined) {
    const layer = createBridgedLayer({ whisper, waku }, store)
    return { layer, capabilities: layer.capabilities }
  }
  return { layer: createStatusLayer((whisper ?? waku) as Whisper, store) }
}

/** Opens the account with the layers of 2019, and the chosen privacy layer among them. */
export async function openPrivateClient(
  privacy: Privacy,
  deps: ComposeDeps,
  options: ClientOptions
): Promise<PrivateClient> {
  const opened: OpenedLayer[] = []
  const client = await composeClient(
    deps,
    {
      ...defaultLayers(),
      privacy: ({ clock, random, logger, store }) => {
        const one = openLayer(privacy, { clock, random, logger }, { store })
        opened.push(one)
        return one.layer
      }
    },
    options
  )
  const capabilities = opened.flatMap(({ layer: { wire }, capabilities: own }): readonly Capability[] => {
    const { name, version, codes } = wire
    return own ?? [{ name, version, length: codes, run: link => client.attach(link) }]
  })
  return { client, capabilities }
}
