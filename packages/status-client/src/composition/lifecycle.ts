import type { PrivacyLayer, SecurityLayer, SyncLayer } from '@status-stack/interface'
import { createSteps, every, held, type Timer } from '@status-stack/utils'
import { callerError } from '../errors.ts'
import type { ClockSigns } from '../maintenance/clock-signs.ts'
import type { createMaintenance } from '../maintenance/maintenance.ts'
import type { PeerLink } from '../ports.ts'
import type { Eraser } from '../storage/stores/eraser.ts'
import type { PeerInfo } from '../types.ts'
import type { Core } from './core.ts'
import type { Composition } from './join-layers.ts'
import { createOnlineWakes, type OnlineWakes } from './online-wakes.ts'

/** What is started, stopped and waited for. */
export interface LifecycleParts extends Pick<Composition, 'inbound' | 'outbox' | 'sessionEffects' | 'listenTargets'> {
  readonly history: Pick<Composition['history'], 'serverConnected' | 'listened'>
  readonly privacy: Pick<PrivacyLayer, 'on' | 'start' | 'stop' | 'attach' | 'peers' | 'connected'>
  readonly sealer: Pick<SecurityLayer, 'initialEffects'>
  readonly sync: Pick<SyncLayer, 'start' | 'stop' | 'tick' | 'retry'>
  readonly subscriptions: Pick<Composition['subscriptions'], 'open' | 'close'>
}

export interface LifecyclePorts {
  readonly signs: ClockSigns
  readonly maintenance: ReturnType<typeof createMaintenance>
  readonly eraser: Pick<Eraser, 'sessions'>
  /** Finishes what a crash interrupted and nothing waits for. */
  readonly resume: () => Promise<void>
  /** Aborts `core.stopping`. */
  readonly abort: () => void
  /** Lets go of the account. */
  readonly unlock: () => void | Promise<void>
}

/** From opened to stopped: what is started in which order, and stopped in which. */
export interface Lifecycle {
  readonly start: () => Promise<void>
  /** `erase: false`: the store is about to be wiped, so old session records need not be taken out of its files. */
  readonly stop: (how?: { readonly erase: boolean }) => Promise<void>
  /** Hands a link to the privacy layer once the subscriptions are open. */
  readonly attach: (link: PeerLink) => Promise<void>
  readonly idle: () => Promise<void>
  readonly tick: () => Promise<void>
}

const maintenanceMs = 1000

/** A peer with its address, if its transport names one. */
export function peerInfo(privacy: Pick<PrivacyLayer, 'peers'>, peerId: string): PeerInfo {
  const found = privacy.peers().find(peer => peer.peerId === peerId)
  return found?.remoteAddress === undefined ? { peerId } : { peerId, remoteAddress: found.remoteAddress }
}

/** Takes up what waited for a link, and says who came and went. */
function followPeers(
  core: Core,
  { privacy, outbox, history }: Pick<LifecycleParts, 'privacy' | 'outbox' | 'history'>,
  { wake }: OnlineWakes,
  signs: ClockSigns
): void {
  const { autoHistory, mailservers } = core.options
  privacy.on('peerconnected', ({ peerId }) => {
    const first = privacy.peers().length <= 1
    core.emit('peer', { peer: peerInfo(privacy, peerId), state: 'connected' })
    core.background.run('online again', async () => {
      await outbox.pump()
      if (first) await wake()
      if (autoHistory && mailservers.includes(peerId)) await history.serverConnected(peerId)
    })
  })
  privacy.on('clocksign', ({ peerId, sign }) => signs.note(peerId, sign))
  privacy.on('peerdisconnected', ({ peerId, reason }) => {
    core.emit('peer', { peer: { peerId }, state: 'disconnected', ...(reason === undefined ? {} : { reason }) })
    if (!privacy.connected()) core.background.run('history', history.listened)
  })
}

/** A promise that others settle; a rejection that no one waits for is no failure. */
function createGate() {
  let open: () => void = () => {}
  let close: (error: Error) => void = () => {}
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve
    close = reject
  })
  passed.catch(() => undefined)
  return { passed, open: () => open(), close: (error: Error) => close(error) }
}

export function createLifecycle(core: Core, parts: LifecycleParts, ports: LifecyclePorts): Lifecycle {
  const { privacy, sync, sealer, subscriptions, history } = parts
  const gate = createGate()
  const timers: Timer[] = []
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  const onlineWakes = createOnlineWakes(core, sync)
  followPeers(core, parts, onlineWakes, ports.signs)

  const tickMaintenance = async (): Promise<void> => {
    ports.signs.check()
    await onlineWakes.tick()
    await ports.maintenance.tick()
  }

  const idle = async (): Promise<void> => {
    await parts.inbound.idle()
    await core.state.idle()
    // Facts that are being gathered, which the background waits for.
    await core.deliveries.idle()
    await core.background.idle()
    await core.deliveries.idle()
  }

  const assertNotStopped = (): void => {
    if (stopping !== undefined) throw callerError('stopped', 'client: it was stopped')
  }

  /** SPEC: seams, "Composition": stores, standing effects, subscriptions, links, sync. */
  const start = async (): Promise<void> => {
    assertNotStopped()
    await parts.inbound.resume()
    await privacy.start()
    // Chats and contacts first: what is left over is for sessions, some of which are those of strangers.
    await parts.listenTargets.start()
    await parts.sessionEffects.apply(await sealer.initialEffects())
    await subscriptions.open()
    gate.open()
    ports.maintenance.start()
    core.background.run('what a crash interrupted', ports.resume)
    await parts.outbox.pump()
    if (!core.options.timers) return
    await sync.start()
    const failed = (error: unknown): void => core.log.error('maintenance failed', { error: String(error) })
    timers.push(every(maintenanceMs, tickMaintenance, failed))
  }

  const stop = async (erase: boolean): Promise<void> => {
    // A full disk must not keep links open and the account locked.
    const steps = createSteps()
    gate.close(callerError('stopped', 'client: it was stopped'))
    // First of all: what is queued stays in the store, and a round of work that is under way ends early.
    ports.abort()
    await starting?.catch(() => undefined)
    await steps.take(() => Promise.all(timers.map(timer => timer.stop())))
    await steps.take(sync.stop)
    await steps.take(async () => {
      if (privacy.connected()) await history.listened()
    })
    const closing = steps.take(subscriptions.close)
    await steps.take(privacy.stop)
    await closing
    await steps.take(core.untracked.idle)
    await steps.take(idle)
    if (erase) await steps.take(() => ports.maintenance.noteClock({ atEnd: true }))
    if (erase) await steps.take(ports.eraser.sessions)
    await steps.take(ports.unlock)
    steps.end()
  }

  return {
    start: async () => {
      assertNotStopped()
      starting ??= held(start)
      await starting
    },
    stop: ({ erase } = { erase: true }) => {
      stopping ??= held(() => stop(erase))
      return stopping
    },
    attach: async link => {
      await gate.passed
      assertNotStopped()
      await privacy.attach(link)
    },
    idle: () => held(idle),
    tick: async () => {
      const steps = createSteps()
      await steps.take(tickMaintenance)
      await steps.take(sync.tick)
      steps.end()
    }
  }
}
