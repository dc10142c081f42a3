import { randomBytes } from '@status-stack/crypto'
import { createMutex } from '@status-stack/utils'
import { createAnnouncer } from './announcer.ts'
import { checkDeps } from './arguments.ts'
import { createBackground, createEnding } from './background.ts'
import { exportAccount } from './backup.ts'
import { createChats } from './chats.ts'
import { checkedClient } from './checked-client.ts'
import type { Client, ComposeDeps } from './client-types.ts'
import { clockReport } from './clock-report.ts'
import { createClockSigns } from './clock-signs.ts'
import { createClockSkew, type SkewFact } from './clock-skew.ts'
import { compose } from './compose.ts'
import { type Core, isAcquainted } from './core.ts'
import { createDevices } from './devices.ts'
import { ClientError, callerError, check } from './errors.ts'
import { createEmitter } from './events.ts'
import { createGroupOps } from './group-ops.ts'
import { hexKey } from './ids.ts'
import type { Layers } from './layers.ts'
import { createLedger } from './ledger.ts'
import { platformLock } from './lock.ts'
import { createMessages } from './messages.ts'
import { openStores } from './open.ts'
import { type ClientOptions, resolveOptions } from './options.ts'
import type { Logger } from './ports.ts'
import type { SelfRecord } from './records.ts'
import { wipeStore } from './stores/wipe.ts'
import { every, type Timer } from './timers.ts'
import type { PublicKey } from './types.ts'
import { createUpkeep } from './upkeep.ts'

/** The given logger, or silence; one without `info` is taken too. */
function loggerOf(given: ComposeDeps['logger']): Logger {
  return {
    debug: (message, facts) => given?.debug(message, facts),
    info: (message, facts) => given?.info?.(message, facts),
    warn: (message, facts) => given?.warn(message, facts),
    error: (message, facts) => given?.error(message, facts)
  }
}

const upkeepMs = 1000

/**
 * Opens an account over layers of the caller's choice: its stores, its layers, nothing on the network yet. This entry imports no layer.
 *
 * @param layers how each layer is built; any value that fits its seam
 * @example
 * ```ts
 * const client = await composeClient({ identity, database, storageKey }, { ...defaultLayers(), privacy: () => myPrivacyLayer() })
 * ```
 * @throws ClientError `invalid-option`, `invalid-argument`, `account-in-use`, `wrong-storage-key`, `store-newer`, `store-failed`
 */
export async function composeClient<Route, Interest, Receipt>(
  deps: ComposeDeps,
  layers: Layers<Route, Interest, Receipt>,
  options: ClientOptions = {}
): Promise<Client> {
  checkDeps(deps)
  check.object('options', options)
  const resolved = resolveOptions(options)
  const self = Uint8Array.from(deps.identity.publicKey)
  const random = deps.random ?? { bytes: randomBytes }
  const log = loggerOf(deps.logger)
  const lock = resolved.lockAccount ? (deps.lock ?? platformLock()) : undefined
  const unlock = lock === undefined ? () => {} : await lock.acquire(`status-client ${hexKey(self)}`)
  if (unlock === undefined) {
    throw new ClientError('account-in-use', 'account: open elsewhere', { origin: 'environment' })
  }
  try {
    return await build()
  } catch (error) {
    await unlock()
    throw error
  }

  async function build(): Promise<Client> {
    const emitter = createEmitter((event, error) => log.error('a listener failed', { event, error: String(error) }))
    const clock = deps.clock ?? { nowMs: () => Date.now() }
    const tellSkew = (fact: SkewFact): void => {
      if (fact.warning) log.warn('our clock seems to be wrong', { cause: fact.cause, direction: fact.direction })
      emitter.emit('skew', fact)
    }
    const skew = createClockSkew(clock, tellSkew)
    const stores = await openStores(deps, random, clock.nowMs(), options.installationId)
    const { store, keys, book } = stores
    let profile = stores.self
    const failed = (what: string, error: unknown): void =>
      log.error('background work failed', { what, error: String(error) })
    const background = createBackground(failed)
    const watching = createBackground(failed)
    const stopped = createEnding()
    const announcer = createAnnouncer(background)
    const core: Core = {
      announce: announcer.announce,
      announced: announcer.room,
      self,
      stopping: stopped,
      identity: deps.identity,
      clock,
      random,
      log,
      options: resolved,
      store,
      keys,
      book,
      messages: createMessages(store, keys, book, self),
      ledger: createLedger(store, keys, self, event => emitter.emit('delivery', event)),
      background,
      watching,
      state: createMutex(),
      emit: emitter.emit,
      trace: fact => {
        if (emitter.wants('trace')) emitter.emit('trace', fact())
      },
      profile: () => profile
    }
    const sampleClock = (author: PublicKey, timestampMs: number): void => {
      if (isAcquainted(core, author)) skew.sample(author, timestampMs)
    }
    const parts = await compose(core, stores, deps, layers, sampleClock)
    const { privacy, sync, sealer, subscriptions, contacts, history } = parts
    const signs = createClockSigns(
      clock,
      { totals: privacy.traffic, connectedPeers: () => privacy.peers().length },
      tellSkew
    )

    const saveSelf = (change: Partial<SelfRecord>): Promise<void> =>
      core.state.run(async () => {
        const next = { ...profile, ...change }
        const unit = store.unit()
        unit.put(keys.self, next)
        await unit.commit()
        profile = next
      })

    const chats = createChats(core, parts, deps.scaleImage)
    const devices = createDevices(core, parts, saveSelf)
    const groups = createGroupOps(core, parts)
    const upkeep = createUpkeep(core, { ...parts, eraser: stores.eraser })

    let starting: Promise<void> | undefined
    let stopping: Promise<void> | undefined
    let wiping = false
    let openGate: () => void = () => {}
    let closeGate: (error: ClientError) => void = () => {}
    const gate = new Promise<void>((resolve, reject) => {
      openGate = resolve
      closeGate = reject
    })
    gate.catch(() => undefined)
    const timers: Timer[] = []

    const tickUpkeep = async (): Promise<void> => {
      signs.check()
      await upkeep.tick()
    }

    const tick = async (): Promise<void> => {
      await tickUpkeep()
      await sync.tick()
    }

    const idle = async (): Promise<void> => {
      await parts.inbound.idle()
      await core.state.idle()
      await core.background.idle()
      await core.ledger.idle()
    }

    privacy.on('peerconnected', ({ peerId }) => {
      const first = privacy.peers().length <= 1
      emitter.emit('peer', { peer: peerOf(peerId), state: 'attached' })
      background.run('online again', async () => {
        await parts.outbox.pump()
        if (first) await sync.retry()
        if (!resolved.mailservers.includes(peerId) || !resolved.autoHistory) return
        await history.fetch({ mailserver: peerId })
      })
    })
    privacy.on('clocksign', ({ peerId, sign }) => signs.note(peerId, sign))
    privacy.on('peerdisconnected', ({ peerId, reason }) => {
      emitter.emit('peer', {
        peer: { peerId },
        state: 'detached',
        ...(reason === undefined ? {} : { reason })
      })
      if (!privacy.connected()) background.run('history', history.listened)
    })

    const peerOf = (peerId: string) => {
      const found = privacy.peers().find(peer => peer.peerId === peerId)
      return found?.remoteAddress === undefined ? { peerId } : { peerId, remoteAddress: found.remoteAddress }
    }

    /** SPEC: seams, "Composition": stores, standing effects, subscriptions, links, sync. */
    const start = async (): Promise<void> => {
      if (stopping !== undefined) throw callerError('stopped', 'client: it was stopped')
      await parts.inbound.resume()
      await privacy.start()
      await parts.applyEffects.apply(await sealer.standing())
      await parts.places.start()
      await subscriptions.open()
      openGate()
      upkeep.start()
      await parts.outbox.pump()
      if (!resolved.timers) return
      await sync.start()
      timers.push(every(upkeepMs, tickUpkeep, error => log.error('upkeep failed', { error: String(error) })))
    }

    /** Each step is taken whatever became of the one before: a full disk must not keep links open and the account locked. */
    const stop = async (): Promise<void> => {
      const failures: unknown[] = []
      const step = async (work: () => unknown): Promise<void> => {
        try {
          await work()
        } catch (error) {
          failures.push(error)
        }
      }
      closeGate(callerError('stopped', 'client: it was stopped'))
      await starting?.catch(() => undefined)
      await step(() => Promise.all(timers.map(timer => timer.stop())))
      await step(sync.stop)
      await step(async () => {
        if (privacy.connected()) await history.listened()
      })
      const closing = step(subscriptions.close)
      stopped.end()
      await step(privacy.stop)
      await closing
      await step(watching.idle)
      await step(idle)
      if (!wiping) await step(stores.eraser.sessions)
      await step(() => unlock?.())
      if (failures.length > 0) throw failures[0]
    }

    const setProfile: Client['setProfile'] = async ({ ensName, picture }) => {
      await saveSelf({
        ...(ensName === undefined ? {} : { ensName }),
        ...(picture === undefined ? {} : { picture }),
        profileClock: core.clock.nowMs()
      })
      for (const contact of book.contacts()) if (contact.added) await contacts.sendProfile(contact.publicKey)
    }

    const client: Client = {
      publicKey: self,
      installationId: profile.installationId,
      start: () => {
        starting ??= start()
        return starting
      },
      stop: () => {
        stopping ??= stop()
        return stopping
      },
      [Symbol.asyncDispose]: () => client.stop(),
      on: emitter.on,
      attach: async link => {
        await gate
        await privacy.attach(link)
      },
      peers: () => privacy.peers().map(({ peerId }) => peerOf(peerId)),
      connected: () => privacy.connected(),
      places: async () => subscriptions.places().map(({ place }) => place),
      idle,
      tick,
      clockReport: () => clockReport(core, skew, signs),

      chats: chats.all,
      messages: chats.page,
      search: chats.search,
      message: chats.one,
      joinPublic: chats.joinPublic,
      leavePublic: chats.leavePublic,
      send: chats.send,
      react: chats.react,
      edit: chats.edit,
      deleteMessage: chats.remove,
      pin: chats.pin,
      pinned: chats.pinned,
      sendCommand: chats.command,
      markSeen: chats.markSeen,
      clearChat: async chat => {
        await chats.clear(chat)
        await stores.eraser.everything()
      },
      acceptRequest: contacts.accept,
      attachmentLimit: chats.attachmentLimit,

      ledger: core.ledger.read,
      retry: async recipient => {
        await parts.outbox.pump()
        await sync.retry(recipient)
      },
      cancel: async messageId => {
        const entry = await core.ledger.read(messageId)
        if (entry === undefined) throw callerError('unknown-message', 'message: no ledger entry')
        const unit = store.unit()
        await parts.outbox.cancel(unit, messageId)
        await unit.commit()
        await sync.cancel(messageId)
        for (const leg of entry.legs) {
          if (leg.state === 'acknowledged' || leg.state === 'given-up') continue
          await core.ledger.note(messageId, { recipient: leg.recipient, state: 'given-up', reason: 'cancelled' })
        }
      },

      contacts: contacts.all,
      contact: contacts.get,
      addContact: contacts.add,
      removeContact: contacts.remove,
      block: contacts.block,
      unblock: contacts.unblock,
      setPolicy: contacts.setPolicy,
      setProfile,

      createGroup: groups.create,
      joinGroup: groups.join,
      inviteToGroup: groups.invite,
      renameGroup: groups.rename,
      promoteInGroup: groups.promote,
      removeFromGroup: groups.remove,
      stepDownInGroup: groups.stepDown,
      leaveGroup: groups.leave,

      devices: devices.own,
      devicesOf: devices.of,
      pair: devices.pair,
      enableDevice: devices.enable,
      disableDevice: devices.disable,
      syncDevices: devices.syncAll,

      publishContactCode: upkeep.publish,
      fetchHistory: (query = {}) => history.fetch(query),
      exportAccount: password => exportAccount(core, password),
      wipe: async () => {
        wiping = true
        await client.stop()
        await wipeStore(deps.database)
      }
    }
    return checkedClient(client)
  }
}
