import type { DataLayer } from '@status-stack/interface'
import { createEmitter, createMutex, type Emitter, systemScheduler } from '@status-stack/utils'
import { check } from '../errors.ts'
import { type ClientEvents, clientEventNames } from '../events.ts'
import { type ClockRecord, createExpiryClock } from '../maintenance/expiry-clock.ts'
import type { ResolvedOptions } from '../options.ts'
import { profileView } from '../people/profile.ts'
import type { Logger, Random } from '../ports.ts'
import { createDeliveries } from '../sending/deliveries.ts'
import { createMessageStore } from '../storage/messages/message-store.ts'
import { type OpenStores, openStores } from '../storage/open.ts'
import { createOutgoingBodies } from '../storage/outgoing-bodies.ts'
import type { SelfRecord } from '../storage/records.ts'
import { createAnnouncer } from './announcer.ts'
import { createBackground } from './background.ts'
import type { Core } from './core.ts'
import type { ComposeDeps } from './deps.ts'
import { tracedData } from './tracing.ts'

/** What a client is opened with, resolved. */
export interface CoreDeps {
  readonly deps: ComposeDeps
  readonly data: DataLayer
  readonly random: Random
  readonly log: Logger
  readonly options: ResolvedOptions
  /** @default the stored one, or a new one */
  readonly installationId: string | undefined
}

export interface OpenCore {
  readonly core: Core
  readonly stores: OpenStores
  readonly emitter: Emitter<ClientEvents>
  /** Aborts `core.stopping`. */
  readonly abort: () => void
  /** Changes our own record; on disk when it resolves. */
  readonly saveSelf: (change: Partial<SelfRecord>) => Promise<void>
}

/** Opens the stores of an account, and makes what every feature shares. Nothing is on the network yet. */
export async function openCore({ deps, data, random, log, options, installationId }: CoreDeps): Promise<OpenCore> {
  const emitter = createEmitter<ClientEvents>(clientEventNames, check, (event, error) =>
    log.error('a listener failed', { event, error: String(error) })
  )
  const clock = deps.clock ?? { nowMs: () => Date.now() }
  const self = Uint8Array.from(deps.identity.publicKey)
  const stores = await openStores(deps, random, clock.nowMs(), installationId)
  const { store, keys, chatCache } = stores
  const expiryClock = createExpiryClock(clock, await store.get<ClockRecord>(keys.clock))
  let profile = stores.self
  const failed = (what: string, error: unknown): void =>
    log.error('background work failed', { what, error: String(error) })
  const background = createBackground(failed)
  const stopping = new AbortController()
  const announcer = createAnnouncer(background)
  const trace: Core['trace'] = fact => {
    const made = emitter.wants('trace') ? fact() : undefined
    if (made !== undefined) emitter.emit('trace', made)
  }
  const deliveries = createDeliveries({
    store,
    keys,
    self,
    clock,
    scheduler: deps.scheduler ?? systemScheduler,
    emit: event => emitter.emit('delivery', event)
  })
  const core: Core = {
    announce: announcer.announce,
    announced: announcer.room,
    self,
    stopping: stopping.signal,
    identity: deps.identity,
    data: tracedData({ clock, trace }, data),
    clock,
    expiryClock,
    random,
    log,
    options,
    store,
    keys,
    chatCache,
    messages: createMessageStore({ store, keys, chatCache, self, data, unwrittenLedger: deliveries.unwritten }),
    bodies: createOutgoingBodies(store, keys),
    deliveries,
    background,
    untracked: createBackground(failed),
    state: createMutex(),
    emit: emitter.emit,
    trace,
    profile: () => profile,
    stageSelf: async (unit, change) => {
      const next = { ...profile, ...(await unit.get<SelfRecord>(keys.self)), ...change }
      unit.put(keys.self, next)
      unit.after(() => {
        const isSame = next.ensName === profile.ensName && next.picture === profile.picture
        profile = next
        if (!isSame) announcer.announce('profile', async () => emitter.emit('profile', profileView(profile)))
      })
    }
  }
  const saveSelf = (change: Partial<SelfRecord>): Promise<void> =>
    core.state.run(async () => {
      const unit = store.unit()
      await core.stageSelf(unit, change)
      await unit.commit()
    })
  return { core, stores, emitter, abort: () => stopping.abort(), saveSelf }
}
