import { randomBytes } from '@status-stack/crypto'
import type { Client } from './client-types.ts'
import { checkDeps } from './composition/arguments.ts'
import { checkedClient } from './composition/checked-client.ts'
import { isAcquainted } from './composition/core.ts'
import type { ComposeDeps } from './composition/deps.ts'
import { joinLayers } from './composition/join-layers.ts'
import type { Layers } from './composition/layers.ts'
import { createLifecycle, peerInfo } from './composition/lifecycle.ts'
import { chatMethods, contactMethods, deliveryMethods, deviceMethods, groupMethods } from './composition/methods.ts'
import { type OpenCore, openCore } from './composition/open-core.ts'
import { ClientError, check } from './errors.ts'
import { publicKeyHex } from './ids.ts'
import { clockReport } from './maintenance/clock-report.ts'
import { createClockSigns } from './maintenance/clock-signs.ts'
import { createClockSkew, type SkewFact } from './maintenance/clock-skew.ts'
import { createMaintenance } from './maintenance/maintenance.ts'
import { type ClientOptions, resolveOptions } from './options.ts'
import { createChats } from './people/chats.ts'
import { createDevices } from './people/devices.ts'
import { createDrafts } from './people/drafts.ts'
import { createGroupOps } from './people/group-ops.ts'
import { createProfile } from './people/profile.ts'
import type { Logger } from './ports.ts'
import { exportAccount } from './storage/backup.ts'
import { platformLock } from './storage/lock.ts'
import { wipeStore } from './storage/stores/wipe.ts'
import type { PublicKey } from './types.ts'

/** The given logger, or silence; one without `info` is taken too. */
function loggerOf(given: ComposeDeps['logger']): Logger {
  return {
    debug: (message, facts) => given?.debug(message, facts),
    info: (message, facts) => given?.info?.(message, facts),
    warn: (message, facts) => given?.warn(message, facts),
    error: (message, facts) => given?.error(message, facts)
  }
}

/**
 * Opens an account over layers of the caller's choice: its stores, its layers, nothing on the network yet. This entry imports no layer.
 *
 * @param layers how each layer is built; any value that fits its seam
 * @example
 * ```ts
 * const client = await composeClient({ identity, database, storageKey }, { ...defaultLayers(), privacy: () => myPrivacyLayer() })
 * ```
 * @throws ClientError `invalid-argument`, `account-in-use`, `wrong-storage-key`, `store-newer`, `store-failed`
 */
export async function composeClient<Route, Interest, Receipt>(
  deps: ComposeDeps,
  layers: Layers<Route, Interest, Receipt>,
  options: ClientOptions = {}
): Promise<Client> {
  checkDeps(deps)
  check.object('options', options)
  const resolved = resolveOptions(options)
  const lock = resolved.lockAccount ? (deps.lock ?? platformLock()) : undefined
  const unlock =
    lock === undefined ? () => {} : await lock.acquire(`status-client ${publicKeyHex(deps.identity.publicKey)}`)
  if (unlock === undefined) {
    throw new ClientError('account-in-use', 'account: open elsewhere', { origin: 'environment' })
  }
  try {
    const { installationId } = options
    const random = deps.random ?? { bytes: randomBytes }
    const log = loggerOf(deps.logger)
    const open = await openCore({ deps, data: layers.data, random, log, options: resolved, installationId })
    return checkedClient(await assemble(open, deps, layers, unlock))
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Joins the layers to an open core, and the features to those. */
async function assemble<Route, Interest, Receipt>(
  { core, stores, emitter, abort, saveSelf }: OpenCore,
  deps: ComposeDeps,
  layers: Layers<Route, Interest, Receipt>,
  unlock: () => void | Promise<void>
): Promise<Client> {
  const tellSkew = (fact: SkewFact): void => {
    if (fact.warning) core.log.warn('our clock seems to be wrong', { cause: fact.cause, direction: fact.direction })
    core.emit('skew', fact)
  }
  const skew = createClockSkew(core.clock, tellSkew)
  const sampleClock = (author: PublicKey, timestampMs: number): void => {
    if (isAcquainted(core, author)) skew.sample(author, timestampMs)
  }
  const parts = await joinLayers(core, stores, deps, layers, sampleClock)
  const { privacy, contacts, history, subscriptions } = parts
  const connectedPeers = (): number => privacy.peers().length
  const signs = createClockSigns(core.clock, { totals: privacy.traffic, connectedPeers }, tellSkew)
  const { eraser } = stores
  const maintenance = createMaintenance(core, { ...parts, eraser })
  const profile = createProfile(core, contacts, parts.sealer, saveSelf)
  const resume = async (): Promise<void> => {
    await contacts.resume()
    await profile.resume()
  }
  const lifecycle = createLifecycle(core, parts, { signs, maintenance, eraser, abort, unlock, resume })

  const client: Client = {
    publicKey: core.self,
    installationId: core.profile().installationId,
    start: lifecycle.start,
    holdQueue: parts.outbox.end,
    stop: () => lifecycle.stop(),
    [Symbol.asyncDispose]: () => lifecycle.stop(),
    on: emitter.on,
    attach: lifecycle.attach,
    peers: () => privacy.peers().map(({ peerId }) => peerInfo(privacy, peerId)),
    connected: () => privacy.connected(),
    places: async () => subscriptions.places().map(({ place }) => place),
    idle: lifecycle.idle,
    tick: lifecycle.tick,
    clockReport: () => clockReport(core, skew, signs),
    ...chatMethods(createChats(core, parts, deps.scaleImage), eraser),
    ...createDrafts(core),
    ...deliveryMethods(core, parts),
    ...contactMethods(contacts),
    ...groupMethods(createGroupOps(core, parts)),
    ...deviceMethods(createDevices(core, parts, saveSelf)),
    profile: profile.profile,
    setProfile: profile.setProfile,
    publishContactCode: maintenance.publish,
    fetchHistory: (query = {}) => history.fetch(query),
    exportAccount: password => exportAccount(core, password),
    wipe: async () => {
      // What could not be written any more, or not be let go of, is no reason to keep the rest.
      await lifecycle
        .stop({ erase: false })
        .catch((error: unknown) => core.log.error('stopping before the wipe failed', { error: String(error) }))
      await wipeStore(deps.database)
    }
  }
  return client
}
