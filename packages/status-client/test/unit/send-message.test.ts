import type { Chat, Content } from '@status-stack/interface'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import type { Core } from '../../src/composition/core.ts'
import { limits } from '../../src/limits.ts'
import type { ClientOptions } from '../../src/options.ts'
import { createMessageSender, type MessageSenderPorts } from '../../src/sending/send-message.ts'
import { blankChat } from '../../src/storage/chat-cache.ts'
import type { ChatRef } from '../../src/types.ts'
import { inside } from '../support/core.ts'
import { countedBatches } from '../support/counted-batches.ts'
import { identityOf } from '../support/world.ts'

const alice = identityOf('alice').publicKey
const room = { kind: 'public', name: 'room' } as const
const text = { kind: 'text', text: 'hello' } as const

interface Change {
  readonly options?: ClientOptions
  readonly core?: (core: Core) => Partial<Core>
  readonly beforeHandOver?: MessageSenderPorts['beforeHandOver']
}

/** A sender in a public chat, over an outbox that notes in order what it is told. */
async function sending({ options = {}, core: changed = () => ({}), beforeHandOver = async () => {} }: Change = {}) {
  const database = new MemoryLevel<string, Uint8Array>()
  const { core, apply, heard, failures } = await inside(options, database)
  const unit = core.store.unit()
  core.chatCache.putChat(unit, blankChat(room))
  await unit.commit()
  const log: unknown[] = []
  const sender = createMessageSender(
    { ...core, ...changed(core) },
    {
      apply,
      outbox: {
        stage: (_unit, { via }) => log.push(['outbox', via.kind]),
        hold: () => {
          log.push('held')
          return () => void log.push('released')
        },
        pump: async () => {},
        pumpSoon: async () => void log.push('pumped'),
        end: () => {},
        cancel: async () => false
      },
      sealer: { devices: async () => [] },
      beforeHandOver: async ref => {
        log.push('preparing')
        await beforeHandOver(ref)
      }
    }
  )
  const send = (content: Content = text, chat: Chat = room, ref: ChatRef = room, tag?: string) =>
    sender.send({ chat, ref, content, tag })
  const lastClock = async (value: number): Promise<void> => {
    const change = core.store.unit()
    core.chatCache.putChat(change, { ...blankChat(room), lastClock: value })
    await change.commit()
  }
  return { core, send, log, heard, failures, lastClock, batches: countedBatches(database) }
}

test('a message waits in the outbox until what its chat needs is there, and goes then even if that failed', async () => {
  const failure = new Error('no place to listen at')
  const { core, send, log, failures } = await sending({
    beforeHandOver: async () => {
      throw failure
    }
  })
  await send()
  await core.background.idle()
  expect(log).toEqual([['outbox', 'once'], 'held', 'preparing', 'released'])
  expect(failures).toEqual([failure])
  const good = await sending()
  await good.send()
  await good.core.background.idle()
  expect(good.log).toEqual([['outbox', 'once'], 'held', 'preparing', 'released', 'pumped'])
})

test('what a disk refuses is told to every caller of the batch, and none of it goes on its way', async () => {
  const { core, send, log, heard } = await sending({
    core: ({ store }) => ({
      store: { ...store, unit: () => ({ ...store.unit(), commit: () => Promise.reject(new Error('full')) }) }
    })
  })
  const results = await Promise.allSettled([send(), send()])
  expect(results).toMatchObject([{ reason: { message: 'full' } }, { reason: { message: 'full' } }])
  await core.background.idle()
  expect(log.slice(2)).toEqual(['held', 'held', 'released', 'released'])
  expect([heard.message, heard.delivery]).toEqual([[], []])
})

test.each([
  ['a person', { kind: 'one-to-one', publicKey: alice } as const, { sync: true }, true],
  ['a person, without sync', { kind: 'one-to-one', publicKey: alice } as const, { sync: false }, false],
  ['a public chat', room, { sync: true }, false]
])('the end of a message will be noted where sync carries it: to %s', async (_, ref, options, ends) => {
  const opened: unknown[] = []
  const { core, send } = await sending({
    options,
    core: ({ deliveries }) => ({
      deliveries: {
        ...deliveries,
        open: (unit, entry, to) => {
          opened.push(entry)
          deliveries.open(unit, entry, to)
        }
      }
    })
  })
  const { messageId, clock, protection } = await send(text, ref, ref)
  expect(opened).toEqual([{ messageId, chat: ref, queuedMs: core.clock.nowMs(), ends }])
  expect([clock, protection]).toEqual([core.clock.nowMs(), ref.kind === 'public' ? 'public' : 'static-key'])
  await core.bodies.release(messageId, alice)
  // The bytes for a person go with that person's share, those for a public chat with the entry of the outbox.
  expect((await core.bodies.get(messageId)) === undefined).toBe(ref.kind !== 'public')
})

test('a chat remembers the clock of what was sent last, which the next one is beyond', async () => {
  const { core, send } = await sending()
  const first = await send()
  const second = await send()
  expect(second.clock).toBeGreaterThan(first.clock)
  expect(core.chatCache.chat(room)?.lastClock).toBe(second.clock)
  // So it does of what shows nothing.
  await core.background.idle()
  const third = await send({ kind: 'reaction', messageId: first.messageId, emoji: 'love' })
  expect(third.clock).toBeGreaterThan(second.clock)
  expect(core.chatCache.chat(room)?.lastClock).toBe(third.clock)
})

test('a message that cannot be made holds up none of its batch', async () => {
  const { send, batches } = await sending()
  const results = await Promise.allSettled([send(), send({ kind: 'text', text: '' }), send()])
  expect([results.map(({ status }) => status), batches()]).toEqual([['fulfilled', 'rejected', 'fulfilled'], 1])
})

test('where no chat is there to remember it, what is said next is still beyond what was said last', async () => {
  const { core, send } = await sending()
  const ref = { kind: 'one-to-one', publicKey: core.self } as const
  const profile = () =>
    send({ kind: 'contact-update', ensName: '', picture: '' }, { kind: 'own-devices' } as unknown as Chat, ref)
  const [first, second] = [await profile(), await profile()]
  expect(core.chatCache.chat(ref)).toBeUndefined()
  expect(second.clock).toBeGreaterThan(first.clock)
})

test('a last clock that readers would not accept is left behind: the chat goes on from now, and that is told', async () => {
  const { core, send, heard, lastClock } = await sending()
  const ahead = core.clock.nowMs() + 30 * 86_400_000
  await lastClock(ahead)
  const { clock } = await send()
  expect(clock).toBe(core.clock.nowMs())
  expect(core.chatCache.chat(room)?.lastClock).toBe(clock)
  expect(heard.notice).toEqual([{ kind: 'clock-fallback', chat: room, lastClock: ahead, clock }])
  await send()
  expect(heard.notice).toHaveLength(1)
})

test('a picture goes in a batch of its own, and so does a voice message; texts share one', async () => {
  const { send, batches } = await sending()
  const image = new Uint8Array(limits.sentAtOnceBytes)
  image.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  await Promise.all([1, 2].map(() => send({ kind: 'image', image, text: 'look' })))
  const pictures = batches()
  const audio = new Uint8Array(limits.sentAtOnceBytes)
  audio.set([0xff, 0xf1])
  await Promise.all(
    [1, 2].map(() => send({ kind: 'audio', audio, text: 'listen', durationMs: 1 } as unknown as Content))
  )
  const voices = batches() - pictures
  await Promise.all([send(), send()])
  expect([pictures, voices, batches() - pictures - voices]).toEqual([2, 2, 1])
})

test('a message is found by the tag of its caller for as long as the client has it', async () => {
  const { core, send, log } = await sending()
  const first = await send(text, room, room, 'tag')
  await core.background.idle()
  const before = log.length
  expect(await send(text, room, room, 'tag')).toEqual(first)
  // It is on its way already.
  await core.background.idle()
  expect(log).toHaveLength(before)
  expect((await send()).messageId).not.toBe(first.messageId)
})
