import type { Audience, PrivacyLayer, SecurityLayer, SyncLayer, SyncPorts } from '@status-stack/interface'
import type { HeldReason } from '../ledger-types.ts'
import type { Poster } from '../sending/post.ts'
import type { OpenStores } from '../storage/open.ts'
import { createPrivacyStore } from '../storage/stores/privacy-store.ts'
import { createSessionStore } from '../storage/stores/session-store.ts'
import { createSyncStore } from '../storage/stores/sync-store.ts'
import type { PublicKey } from '../types.ts'
import { type Core, isAcquainted, isSelf } from './core.ts'
import type { LayerHost, Layers } from './layers.ts'
import { rememberDevices } from './remembered-devices.ts'
import { tracedOutput } from './tracing.ts'

const hostOf = ({ identity, clock, expiryClock, random, log }: Core): LayerHost => ({
  identity,
  clock,
  expiryClock,
  random,
  logger: log
})

/** The two layers below sync, each over a store of its own. */
export interface LowerLayers<Route, Interest, Receipt> {
  readonly privacy: PrivacyLayer<Route, Interest>
  /** Seals with sessions. */
  readonly sealer: SecurityLayer<Receipt>
  /** Seals without. */
  readonly nullSealer: SecurityLayer<Receipt>
}

export async function openLowerLayers<Route, Interest, Receipt>(
  core: Core,
  { kv, vault, self }: OpenStores,
  layers: Layers<Route, Interest, Receipt>,
  isKnown: (person: PublicKey) => boolean
): Promise<LowerLayers<Route, Interest, Receipt>> {
  const host = hostOf(core)
  const privacy = layers.privacy({ ...host, store: createPrivacyStore(kv, vault) })
  const security = await layers.security({
    ...host,
    store: createSessionStore(kv, vault, core.random),
    installationId: self.installationId,
    isKnown
  })
  return { privacy, sealer: rememberDevices(security.sealed), nullSealer: security.plain }
}

/** Whom sync's payloads for a person are sealed for. */
function audienceOf(core: Core, peer: PublicKey): Audience {
  return isSelf(core, peer)
    ? { kind: 'own-devices', reach: 'known-devices' }
    : { kind: 'identity', publicKey: peer, reach: 'known-devices' }
}

const outcomes: Readonly<Record<string, HeldReason>> = { 'given-up': 'age', 'too-large': 'too-large', nobody: 'nobody' }

/** Notes how sync ended with a message, and lets go of its body. */
const noteSettled =
  (core: Core): SyncPorts['settled'] =>
  async ({ peer, tracking, outcome, device }) => {
    if (outcome === 'acknowledged')
      await core.deliveries.note(tracking, { recipient: peer, state: 'acknowledged', by: device })
    // Of what was sent once no more is known than what posting has noted.
    else if (outcome !== 'sent')
      await core.deliveries.note(tracking, {
        recipient: peer,
        state: 'given-up',
        reason: outcomes[outcome] ?? 'failed'
      })
    await core.bodies.release(tracking, peer)
  }

/** The sync layer over what seals and posts for it. */
export function openSync(
  core: Core,
  { kv, vault }: OpenStores,
  sync: Layers['sync'],
  poster: Pick<Poster, 'post' | 'maxBytes'>
): SyncLayer {
  return sync({
    ...hostOf(core),
    self: core.self,
    store: createSyncStore(kv, vault),
    acknowledged: core.options.sync,
    times: {
      tickMs: core.options.syncTickMs,
      baseMs: core.options.syncRetryMs,
      giveUpMs: core.options.syncGiveUpMs
    },
    isKnown: peer => isSelf(core, peer) || isAcquainted(core, peer),
    maxBytes: peer => poster.maxBytes(audienceOf(core, peer)),
    bodyOf: core.bodies.get,
    output: tracedOutput(
      core,
      async (peer, bytes, { contains }) => (await poster.post(audienceOf(core, peer), bytes, { ids: contains })).kind
    ),
    settled: noteSettled(core)
  })
}
