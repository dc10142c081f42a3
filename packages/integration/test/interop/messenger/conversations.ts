import { expect } from 'vitest'
import { chatRefOf } from '../../support/our-person.ts'
import { reads, times } from '../../support/person.ts'
import { until } from '../../support/until.ts'
import { eachWay, everySetting, pairOf, type Scenario } from './scenario.ts'
import { tells, tellsAll } from './tells.ts'

const between = { role: 'messenger', peer: 'status-go messenger', directions: eachWay, settings: everySetting } as const

const picture = 'data:image/png;base64,iVBORw0KGgo='

/** Right to left, joined emoji, marks of direction, characters outside the basic plane. */
const scripts = 'שלום 👨‍👩‍👧‍👦 naïve 𝔘𝔫𝔦 \u200f漢字 🏳️‍🌈 مرحبا'
/** One pixel. */
const png = new Uint8Array(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64')
)
const sticker = { pack: 2, hash: 'e30101701220aabbccdd' }

/** What two people do. */
export const conversations: readonly Scenario[] = [
  {
    ...between,
    name: 'contact request and accept',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      await from.addContact(to.key)
      await until('the request', async () => (await to.known(from.key))?.askedUs === true)
      expect((await to.known(from.key))?.added).toBe(false)
      await to.addContact(from.key, picture)
      await until('the answer', async () => (await from.known(to.key))?.askedUs === true)
      expect(await from.known(to.key)).toMatchObject({ added: true, askedUs: true, picture })
    }
  },
  {
    ...between,
    name: 'first contact and 12 ratchet turns',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      await tells(from, to, 'first contact')
      for (let turn = 1; turn <= 12; turn++) {
        await (turn % 2 === 1 ? tells(to, from, `turn ${turn}`) : tells(from, to, `turn ${turn}`))
      }
    }
  },
  {
    ...between,
    name: 'both write first at the same moment',
    directions: ['both'],
    play: async stage => {
      const { from, to } = await pairOf(stage, 'ours → theirs')
      await Promise.all([from.say(to.key, 'first of ours'), to.say(from.key, 'first of theirs')])
      await reads(to, 'first of ours')
      await reads(from, 'first of theirs')
      await tells(from, to, 'then')
      await tells(to, from, 'and then')
    }
  },
  {
    ...between,
    name: 'burst of 20',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      const texts = Array.from({ length: 20 }, (_, number) => `burst ${number}`)
      const sent: string[] = []
      for (const text of texts) sent.push(await from.say(to.key, text))
      const read: string[] = []
      for (const text of texts) read.push((await reads(to, text)).id)
      expect(read).toEqual(sent)
      expect(texts.map(text => times(to, text))).toEqual(texts.map(() => 1))
    }
  },
  {
    ...between,
    name: 'reply',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      const question = await tells(to, from, 'question')
      expect(await tells(from, to, 'answer', { reply: question.id })).toMatchObject({ reply: question.id })
    }
  },
  {
    ...between,
    name: 'RTL, ZWJ and other scripts; line breaks; 4 096 bytes',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      for (const text of [scripts, 'a\nb\tc\r\n  d', 'x'.repeat(4096)]) await tells(from, to, text)
    }
  },
  {
    ...between,
    name: 'sticker and emoji',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      expect(await tells(from, to, 'a sticker', { sticker })).toMatchObject({ kind: 'sticker', sticker })
      expect(await tells(from, to, '🎉', { emoji: true })).toMatchObject({ kind: 'emoji' })
    }
  },
  {
    ...between,
    name: 'public chat',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      const chat = 'interop-public'
      for (const person of [from, to]) await person.joinPublic(chat)
      await tellsAll(from, [to], chat, 'to everybody')
      await tellsAll(to, [from], chat, 'heard')
    }
  },
  {
    ...between,
    name: 'types of later releases do no harm: reaction, edit, deletion, picture',
    directions: ['ours → theirs'],
    play: async stage => {
      const [ours, theirs] = [await stage.ours('Alice'), await stage.theirs('Bob')]
      await theirs.openChat(ours.key)
      const read = await tells(theirs, ours, 'react to this')
      await ours.client().react(read.id, 'love')
      const edited = await tells(ours, theirs, 'to be edited')
      await ours.client().edit(edited.id, 'edited')
      const deleted = await tells(ours, theirs, 'to be deleted')
      await ours.client().deleteMessage(deleted.id)
      await ours.client().send(chatRefOf(theirs.key), { image: png, text: 'a picture' })
      await tells(ours, theirs, 'do you still read me?')
      await tells(theirs, ours, 'I do')
    }
  },
  {
    ...between,
    name: 'the reader is restarted, then the writer',
    play: async (stage, direction) => {
      const { from, to } = await pairOf(stage, direction)
      await tells(from, to, 'before')
      await tells(to, from, 'before that too')
      for (const person of [to, from]) {
        await person.stop()
        await person.start()
        await tells(from, to, `after a restart of ${person.name}`)
        await tells(to, from, `back after a restart of ${person.name}`)
      }
    }
  }
]
