/**
 * Whole messengers on a simulated network.
 *
 * @packageDocumentation
 */
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Client, ClientOptions, Database } from '@status-stack/status-client'
import { composeClient, type Layers } from '@status-stack/status-client/compose'
import { dataLayer } from '@status-stack/status-data'
import { createNullSealer, createSealer, type Receipt } from '@status-stack/status-pfs'
import { createSync } from '@status-stack/status-sync'
import { createWhisper, type Interest, type Route, type Whisper, type WhisperOptions } from '@status-stack/whisper'
import { createStatusLayer, type StatusLayer } from '@status-stack/whisper/status'
import { symmetricKeyFromPassword } from '@status-stack/whisper/wire'
import { MemoryLevel } from 'memory-level'
import { check } from './errors.ts'
import { identityOf } from './identities.ts'
import { checkPlace, relayDeps, unhurried } from './relays.ts'
import type { Simulation } from './simulation.ts'

export { identityOf } from './identities.ts'

/** How a client is made. All optional. */
export interface SimulatedClientOptions extends Omit<ClientOptions, 'timers' | 'lockAccount'> {
  /** Devices of one person have the same. @default the name */
  readonly person?: string | undefined
  /** What an earlier run of it left on the disk. @default an empty one */
  readonly database?: Database | undefined
  /** 32 bytes. @default one that follows from the name */
  readonly storageKey?: Uint8Array | undefined
  /** Counts the runs on one database, so that each draws other randomness. @default 0 */
  readonly run?: number | undefined
  /** Values of its Whisper node. @default those of the package */
  readonly whisper?: WhisperOptions | undefined
}

/** A messenger of a simulation. */
export interface SimulatedClient {
  /** The real one; waits for the network inside `simulation.settled`. */
  readonly client: Client
  /** What is left of it after `stop`: another run opens it again. */
  readonly database: Database
  /** Ends it with its ticks. */
  readonly stop: () => Promise<void>
}

/** That of the network's mailservers. */
const mailserverPassword = 'status-offline-inbox'

/** What stretching a name or a password into a key takes, milliseconds. */
const derivationMs = 100

/** The layer, with derivations in threads that take their time by the clock of the simulation. */
function withTimedKeys(simulation: Simulation, layer: StatusLayer, whisper: Whisper): StatusLayer {
  const timed = <T>(work: Promise<T>): Promise<T> => simulation.offThread(work, derivationMs)
  return {
    ...layer,
    planRoute: (to, hints) => timed(layer.planRoute(to, hints)),
    planInterest: (me, want) => timed(layer.planInterest(me, want)),
    history: async (server, { password = mailserverPassword, ...query }) => {
      const key = await timed(symmetricKeyFromPassword(password))
      return whisper.history(server, { ...query, key: { kind: 'symmetric', key } })
    }
  }
}

/** The layers of the default client, with the timers of the simulation. */
function layersOf(simulation: Simulation, name: string, whisper: WhisperOptions): Layers<Route, Interest, Receipt> {
  return {
    privacy: ({ random, logger, store }) => {
      const node = createWhisper({ ...relayDeps(simulation, name), random, logger }, whisper)
      return withTimedKeys(simulation, createStatusLayer(node, { store }), node)
    },
    security: async ({ installationId, logger: _, ...deps }) => {
      const sealed = await createSealer(deps, { installationId })
      return { sealed, plain: createNullSealer(sealed) }
    },
    sync: ({ times, acknowledged, identity: _, ...deps }) =>
      createSync({ ...deps, slicer: unhurried }, { ...times, mode: acknowledged ? 'batch' : 'direct' }),
    data: dataLayer
  }
}

const defaultTickMs = 1000

/**
 * A started messenger of this name: the real one, with Whisper, sessions and sync, over a database in memory.
 *
 * @example
 * ```ts
 * const alice = await addClient(simulation, 'alice')
 * simulation.connect('alice', 'relay')
 * ```
 */
export async function addClient(
  simulation: Simulation,
  name: string,
  options: SimulatedClientOptions = {}
): Promise<SimulatedClient> {
  checkPlace(simulation, name)
  check.object('options', options)
  const { person = name, database = new MemoryLevel(), run = 0, whisper = {}, storageKey, ...values } = options
  const { syncTickMs = defaultTickMs } = values
  const opening = composeClient(
    {
      identity: identityOf(simulation, person),
      database,
      storageKey: storageKey ?? simulation.random(`storage ${name}`).bytes(32),
      clock: simulation.clock,
      scheduler: simulation.scheduler,
      random: simulation.random(`client ${name} ${run}`),
      nodeKey: createIdentityKey(simulation.random(`node key ${name} ${run}`).bytes(32))
    },
    layersOf(simulation, name, { minPow: 0, defaultPow: { target: 0, timeSeconds: 0 }, ...whisper }),
    { ...values, timers: false, lockAccount: false }
  )
  const client = await simulation.settled(opening)
  simulation.join(name, client)
  let stopped = false
  let cancel: () => void = () => undefined
  let ticking: Promise<void> = Promise.resolve()
  const plan = (): void => {
    if (stopped) return
    cancel = simulation.after(syncTickMs, () => {
      ticking = client.tick().finally(plan)
      return ticking
    })
  }
  await simulation.settled(client.start())
  plan()
  return {
    client,
    database,
    stop: async () => {
      stopped = true
      cancel()
      await ticking.catch(() => undefined)
      await client.stop()
    }
  }
}
