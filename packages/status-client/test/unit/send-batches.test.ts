import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import type { Core } from '../../src/composition/core.ts'
import { limits } from '../../src/limits.ts'
import { createMessageSender, type MessageSenderPorts } from '../../src/sending/send-message.ts'
import { blankChat } from '../../src/storage/chat-cache.ts'
import type { ChatRef } from '../../src/types.ts'
import { inside } from '../support/core.ts'
import { countedBatches } from '../support/counted-batches.ts'
import { crashTest } from '../support/crashes.ts'
import { chatWith, connect, during, type Person, person, until } from '../support/world.ts'

type Apply = MessageSenderPorts['apply']

const room = (name: string): ChatRef => ({ kind: 'public', name })
const count = (length: number): readonly number[] => Array.from({ length }, (_, at) => at)

/** Sends over a memory store whose batches are counted; nothing leaves. */
async function sending(change: (apply: Apply, core: Core) => Apply = apply => apply) {
  const database = new MemoryLevel<string, Uint8Array>()
  const { core, apply, heard, failures } = await inside({}, database)
  const unit = core.store.unit()
  for (const name of ['big', 'small']) core.chatCache.putChat(unit, blankChat(room(name)))
  await unit.commit()
  const ready: string[] = []
  const held = new Set<string>()
  const sender = createMessageSender(core, {
    apply: change(apply, core),
    outbox: {
      stage: () => {},
      hold: messageId => {
        held.add(messageId)
        return () => void held.delete(messageId)
      },
      pump: async () => {},
      pumpSoon: async () => {},
      end: () => {},
      cancel: async () => false
    },
    sealer: { devices: async () => [] },
    beforeHandOver: async ref => void ready.push(ref.kind === 'public' ? ref.name : ref.kind)
  })
  const batches = countedBatches(database)
  const send = (name: string, text: string, tag?: string) =>
    sender.send({ chat: { kind: 'public', name }, ref: room(name), content: { kind: 'text', text }, tag })
  const texts = async (name: string) => (await core.messages.page(room(name), undefined, 1000)).map(({ text }) => text)
  return { core, send, texts, heard, failures, ready, held, batches }
}

test('messages that are sent at once share batches, in the order of the calls, each with a clock of its own', async () => {
  const { core, send, texts, heard, ready, held, failures, batches } = await sending()
  const sent = await Promise.all(count(4 * limits.sentAtOnce).map(at => send('big', String(at))))
  expect(batches()).toBe(4)
  await core.background.idle()
  const clocks = sent.map(({ clock }) => clock)
  expect(new Set(clocks).size).toBe(clocks.length)
  expect(clocks).toEqual([...clocks].sort((a, b) => a - b))
  expect((await texts('big')).reverse()).toEqual(count(4 * limits.sentAtOnce).map(String))
  expect(heard.message.map(({ messageId }) => messageId)).toEqual(sent.map(({ messageId }) => messageId))
  expect(core.chatCache.chat(room('big'))).toMatchObject({ count: sent.length, lastClock: clocks.at(-1) })
  // What a chat needs before its messages go on their way is asked for once a batch, and all go then.
  expect(ready).toEqual(['big', 'big', 'big', 'big'])
  expect([held.size, failures]).toEqual([0, []])
})

test('a message that is sent while nothing is being stored does not wait for others', async () => {
  const { send, batches } = await sending()
  for (const at of count(5)) {
    await send('big', String(at))
    expect(batches()).toBe(at + 1)
  }
})

test('who sends thousands of messages to one chat holds up no other', async () => {
  const { send } = await sending()
  let stored = 0
  const many = count(1000).map(at => send('big', String(at)).then(() => stored++))
  // The first batch is on its way.
  await many[0]
  await send('small', 'hello')
  expect(stored).toBeLessThan(4 * limits.sentAtOnce)
  await Promise.all(many)
})

test('a message that is refused is refused alone, and leaves nothing behind', async () => {
  const { core, send, texts, held } = await sending()
  const results = await Promise.allSettled([
    send('big', 'one'),
    send('big', ''),
    send('elsewhere', 'no'),
    send('big', 'two')
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(results[2]).toMatchObject({ reason: { code: 'unknown-chat', origin: 'caller' } })
  expect(await texts('big')).toEqual(['two', 'one'])
  await core.background.idle()
  expect([core.chatCache.chat(room('big'))?.count, core.chatCache.chat(room('elsewhere')), held.size]).toEqual([
    2,
    undefined,
    0
  ])
})

test('a message that fails half-way takes no other with it, and none is stored twice or by half', async () => {
  const { core, send, texts } = await sending((apply, { messages }) => ({
    ...apply,
    apply: async (unit, accepted, how) => {
      const outcome = await apply.apply(unit, accepted, how)
      if (accepted.content.kind === 'text' && accepted.content.text === 'bad') {
        expect(await messages.has(`0x${'0'.repeat(64)}`, unit)).toBe(false)
        throw new Error('the disk')
      }
      return outcome
    }
  }))
  const results = await Promise.allSettled(['one', 'bad', '', 'two'].map(text => send('big', text)))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { message: 'the disk' } })
  expect(await texts('big')).toEqual(['two', 'one'])
  expect(core.chatCache.chat(room('big'))?.count).toBe(2)
})

test('two calls with one client tag are one message, also when they share a batch', async () => {
  const { send, texts, held, core } = await sending()
  const [first, second, other] = await Promise.all([
    send('big', 'hello', 'tag'),
    send('big', 'hello', 'tag'),
    send('big', 'hello', 'other')
  ])
  expect(second).toEqual(first)
  expect(other.messageId).not.toBe(first.messageId)
  expect(await texts('big')).toEqual(['hello', 'hello'])
  await core.background.idle()
  expect(held.size).toBe(0)
})

const texts = async (who: Person, other: Person) =>
  (await who.client.messages(chatWith(other))).map(({ text }) => text).sort()

crashTest(
  'messages are sent at once',
  async ({ faulty, disk, lives, until: orDead }) => {
    const quick = { syncRetryMs: 100 }
    const said = ['one', 'two', 'three', 'four', 'five']
    const bob = await person('bob', quick)
    await during([bob], async () => {
      const stored: string[] = []
      let alice: Person | undefined
      const sayAll = (who: Person) =>
        Promise.all(
          said.map(async text => {
            const { messageId } = await who.client.send(chatWith(bob), { text }, { clientTag: text })
            stored.push(messageId)
          })
        )
      await lives(async () => {
        alice = await person('alice', { ...quick, database: faulty.database })
        await alice.client.start()
        connect(alice, bob)
        await sayAll(alice)
        await orDead('read', () => bob.texts().length === said.length)
        await alice.client.idle()
      })
      await alice?.client.stop().catch(() => undefined)
      const back = await person('alice', { ...quick, database: disk })
      await during([back], async () => {
        // What was said to be stored is there.
        for (const messageId of stored) expect(await back.client.message(messageId)).toBeDefined()
        connect(back, bob)
        await sayAll(back)
        await until('read', async () => (await texts(bob, back)).length >= said.length)
        await until('complete', async () => {
          const ledgers = await Promise.all(stored.map(id => back.client.ledger(id)))
          return ledgers.every(ledger => ledger?.complete === true)
        })
        expect(await texts(back, bob)).toEqual([...said].sort())
        expect(await texts(bob, back)).toEqual([...said].sort())
      })
    })
  },
  2
)

test('of a flood that waits, a stop stores no more, and tells it', async () => {
  const alice = await person('alice')
  await alice.client.start()
  await alice.client.joinPublic('big')
  const flood = count(300).map(at =>
    alice.client.send(room('big'), { text: String(at) }).then(
      () => 'stored',
      ({ code }: { code: string }) => code
    )
  )
  await flood[0]
  await alice.client.stop()
  const results = await Promise.all(flood)
  expect(new Set(results)).toEqual(new Set(['stored', 'stopped']))
  const again = await person('alice', { database: alice.database })
  await during([again], async () => {
    const { length } = await again.client.messages(room('big'), { limit: 500 })
    expect(length).toBe(results.filter(result => result === 'stored').length)
  })
})
