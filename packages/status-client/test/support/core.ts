import { randomBytes } from '@status-stack/crypto'
import type { Accepted, DataEffect } from '@status-stack/interface'
import { dataLayer } from '@status-stack/status-data'
import { createEmitter, createMutex, systemScheduler } from '@status-stack/utils'
import { MemoryLevel } from 'memory-level'
import { createAnnouncer } from '../../src/composition/announcer.ts'
import { createBackground } from '../../src/composition/background.ts'
import type { Core } from '../../src/composition/core.ts'
import { check } from '../../src/errors.ts'
import {
  type ChangeEvent,
  type ClientEvents,
  clientEventNames,
  type DeliveryEvent,
  type NoticeEvent
} from '../../src/events.ts'
import { createExpiryClock } from '../../src/maintenance/expiry-clock.ts'
import type { Message } from '../../src/message-types.ts'
import { type ClientOptions, resolveOptions } from '../../src/options.ts'
import { createGroups } from '../../src/people/groups.ts'
import type { Database } from '../../src/ports.ts'
import { createApply } from '../../src/receiving/apply.ts'
import { createDeliveries } from '../../src/sending/deliveries.ts'
import { blankChat } from '../../src/storage/chat-cache.ts'
import { createMessageStore } from '../../src/storage/messages/message-store.ts'
import { openStores } from '../../src/storage/open.ts'
import { createOutgoingBodies } from '../../src/storage/outgoing-bodies.ts'
import type { Chat, ChatRef } from '../../src/types.ts'
import { identityOf, storageKey } from './world.ts'

/** The client's inside over an empty memory store, without network: what accepted messages do to it. */
export async function inside(options: ClientOptions = {}, database: Database = new MemoryLevel()) {
  const identity = identityOf('bob')
  const self = identity.publicKey
  const random = { bytes: randomBytes }
  const { store, keys, chatCache, self: stored } = await openStores({ database, storageKey }, random, 1)
  let profile = stored
  const failures: unknown[] = []
  const background = createBackground((_what, error) => failures.push(error))
  const emitter = createEmitter<ClientEvents>(clientEventNames, check, (_event, error) => failures.push(error))
  const announcer = createAnnouncer(background)
  const heard: {
    message: Message[]
    change: ChangeEvent[]
    chat: Chat[]
    notice: NoticeEvent[]
    delivery: DeliveryEvent[]
    device: ClientEvents['device'][]
  } = {
    message: [],
    change: [],
    chat: [],
    notice: [],
    delivery: [],
    device: []
  }
  let nowMs = 1_600_000_000_000
  emitter.on('message', message => heard.message.push(message))
  emitter.on('change', fact => heard.change.push(fact))
  emitter.on('chat', chat => heard.chat.push(chat))
  emitter.on('notice', notice => heard.notice.push(notice))
  emitter.on('delivery', fact => heard.delivery.push(fact))
  emitter.on('device', fact => heard.device.push(fact))
  const core: Core = {
    self,
    identity,
    data: dataLayer,
    clock: { nowMs: () => nowMs },
    expiryClock: createExpiryClock({ nowMs: () => nowMs }, undefined),
    random,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    options: resolveOptions(options),
    store,
    keys,
    chatCache,
    messages: createMessageStore({ store, keys, chatCache, self, data: dataLayer }),
    bodies: createOutgoingBodies(store, keys),
    deliveries: createDeliveries({
      store,
      keys,
      self,
      clock: { nowMs: () => nowMs },
      scheduler: systemScheduler,
      emit: event => emitter.emit('delivery', event)
    }),
    background,
    untracked: background,
    stopping: new AbortController().signal,
    state: createMutex(),
    announce: announcer.announce,
    announced: announcer.room,
    emit: emitter.emit,
    trace: () => {},
    profile: () => profile,
    stageSelf: async (unit, change) => {
      const next = { ...profile, ...change }
      unit.put(keys.self, next)
      unit.after(() => {
        profile = next
      })
    }
  }
  const groups = createGroups(core, { groupChanged: () => {} })
  const apply = createApply(core, {
    sealer: { devices: async () => [] },
    groups,
    chatOpened: () => {},
    contactChanged: () => {},
    nameClaimed: () => {}
  })
  return {
    core,
    groups,
    apply,
    failures,
    /** What listeners were told. */
    heard,
    forward: (ms: number) => {
      nowMs += ms
    },
    /** Applies one message in a batch of its own. */
    take: async (accepted: Accepted) => {
      const unit = store.unit()
      const outcome = await apply.apply(unit, accepted, { shown: 'static-key', source: 'live', old: false })
      await unit.commit()
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind
    }
  }
}

let counter = 0

/** Opens a chat as joining it does. */
export async function openRoom({ store, chatCache }: Pick<Core, 'store' | 'chatCache'>, room: ChatRef): Promise<void> {
  const unit = store.unit()
  chatCache.putChat(unit, { ...blankChat(room), active: true })
  await unit.commit()
}

/** Somebody's key; not a point on the curve, which nothing here looks at. */
export function somebody(): Uint8Array {
  const key = randomBytes(65)
  key[0] = 4
  return key
}

/** What the data layer would give for a message. */
export function accepted(
  author: Uint8Array,
  content: Accepted['content'],
  chat: Accepted['chat'],
  effects: readonly DataEffect[] = []
): Accepted {
  counter += 1
  return {
    kind: 'accepted',
    messageId: randomBytes(32),
    author,
    signed: true,
    fromSelf: false,
    type: 1,
    payload: { name: 'unknown', type: 1, bytes: new Uint8Array() } as unknown as Accepted['payload'],
    content,
    ...(chat === undefined ? {} : { chat }),
    clock: 1_599_999_900_000 + counter,
    timestamp: 1_599_999_900_000,
    effects
  }
}
