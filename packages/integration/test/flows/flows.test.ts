import { describe, expect, test } from 'vitest'
import { chatWith, pair, people, reads, say } from '../support/messenger.ts'
import { memoryNetwork, type Network, tcpNetwork } from '../support/networks.ts'
import { patience, until } from '../support/until.ts'

type Cast = ReturnType<typeof people>

type Logs = Readonly<Record<string, readonly string[]>>

interface Flow {
  /** Plays on a network and answers what everybody's application saw. */
  readonly play: (cast: Cast) => Promise<Logs>
  readonly seen: Logs
}

const flows: Readonly<Record<string, Flow>> = {
  'first contact, then three turns of the ratchet': {
    play: async cast => {
      const [alice, bob] = [await cast.create('alice'), await cast.create('bob')]
      await say(alice, chatWith(bob), 'one')
      for (const turn of [1, 2, 3]) {
        await say(bob, chatWith(alice), `answer ${turn}`)
        await say(alice, chatWith(bob), `question ${turn}`)
      }
      return { alice: alice.log, bob: bob.log }
    },
    seen: {
      alice: [
        'with bob: alice "one"',
        'with bob: bob "answer 1", forward-secret',
        'with bob: alice "question 1"',
        'with bob: bob "answer 2", forward-secret',
        'with bob: alice "question 2"',
        'with bob: bob "answer 3", forward-secret',
        'with bob: alice "question 3"'
      ],
      bob: [
        'with alice: alice "one", static-key',
        'with alice: bob "answer 1"',
        'with alice: alice "question 1", forward-secret',
        'with alice: bob "answer 2"',
        'with alice: alice "question 2", forward-secret',
        'with alice: bob "answer 3"',
        'with alice: alice "question 3", forward-secret'
      ]
    }
  },

  'both write first at the same time': {
    play: async cast => {
      const [alice, bob] = [await cast.create('alice'), await cast.create('bob')]
      await Promise.all([say(alice, chatWith(bob), 'from alice'), say(bob, chatWith(alice), 'from bob')])
      await say(alice, chatWith(bob), 'settled')
      await say(bob, chatWith(alice), 'settled too')
      // Who is heard of first decides how well a first message can be protected: that is the moment's.
      const settled = ({ log }: typeof alice) => log.map(line => line.replace(/("from \w+"), [\w-]+$/, '$1')).toSorted()
      return { alice: settled(alice), bob: settled(bob) }
    },
    seen: {
      alice: [
        'with bob: alice "from alice"',
        'with bob: alice "settled"',
        'with bob: bob "from bob"',
        'with bob: bob "settled too", forward-secret'
      ],
      bob: [
        'with alice: alice "from alice"',
        'with alice: alice "settled", forward-secret',
        'with alice: bob "from bob"',
        'with alice: bob "settled too"'
      ]
    }
  },

  'a public chat with two readers, of whom one comes later': {
    play: async cast => {
      const [alice, bob, carol] = [await cast.create('alice'), await cast.create('bob'), await cast.create('carol')]
      const chat = { kind: 'public', name: 'flows' } as const
      for (const member of [alice, bob]) await member.client.joinPublic('flows')
      const first = await say(alice, chat, 'before carol')
      await reads(bob, 'before carol')
      await carol.client.joinPublic('flows')
      await say(bob, chat, 'with carol')
      for (const reader of [alice, carol]) await reads(reader, 'with carol')
      await carol.client.react((await carol.client.messages(chat))[0]?.messageId ?? first, 'love')
      await reads(alice, 'reaction of "with carol"')
      await reads(bob, 'reaction of "with carol"')
      return { alice: alice.log, bob: bob.log, carol: carol.log.toSorted() }
    },
    seen: {
      alice: ['#flows: alice "before carol"', '#flows: bob "with carol", public', '#flows: reaction of "with carol"'],
      bob: ['#flows: alice "before carol", public', '#flows: bob "with carol"', '#flows: reaction of "with carol"'],
      carol: [
        '#flows: alice "before carol", public',
        '#flows: bob "with carol", public',
        '#flows: reaction of "with carol"'
      ]
    }
  },

  'a group: invited, joined, spoken in, one removed, one left': {
    play: async cast => {
      const [alice, bob, carol] = [await cast.create('alice'), await cast.create('bob'), await cast.create('carol')]
      const { id } = await alice.client.createGroup('friends', [bob.client.publicKey, carol.client.publicKey])
      const chat = { kind: 'group', id } as const
      const joined = async (who: typeof alice, count: number): Promise<boolean> => {
        const chats = await who.client.chats()
        return chats.find(each => each.id === id)?.group?.members.filter(member => member.joined).length === count
      }
      for (const [index, member] of [bob, carol].entries()) {
        await reads(member, 'membersAdded')
        await member.client.joinGroup(id)
        for (const each of [alice, bob, carol])
          await until(`${each.name} to know who joined`, () => joined(each, index + 2))
      }
      await say(alice, chat, 'all three')
      await say(carol, chat, 'an answer')
      await alice.client.removeFromGroup(id, carol.client.publicKey)
      for (const each of [alice, bob, carol]) await until(`${each.name} to know of the removal`, () => joined(each, 2))
      await say(alice, chat, 'the two of us')
      await bob.client.leaveGroup(id)
      await until('alice to know that bob left', () => joined(alice, 1))
      await say(bob, chatWith(alice), 'still friends')
      return { alice: alice.log, bob: bob.log, carol: carol.log }
    },
    seen: {
      alice: [
        'group: alice chatCreated',
        'group: alice membersAdded',
        'group: bob memberJoined',
        'group: carol memberJoined',
        'group: alice "all three"',
        'group: carol "an answer", forward-secret',
        'group: alice memberRemoved',
        'group: alice "the two of us"',
        'group: bob memberRemoved',
        'with bob: bob "still friends", forward-secret'
      ],
      bob: [
        'group: alice chatCreated',
        'group: alice membersAdded',
        'group: bob memberJoined',
        'group: carol memberJoined',
        'group: alice "all three", forward-secret',
        'group: carol "an answer", forward-secret',
        'group: alice memberRemoved',
        'group: alice "the two of us", forward-secret',
        'group: bob memberRemoved',
        'with alice: bob "still friends"'
      ],
      carol: [
        'group: alice chatCreated',
        'group: alice membersAdded',
        'group: bob memberJoined',
        'group: carol memberJoined',
        'group: alice "all three", forward-secret',
        'group: carol "an answer"',
        'group: alice memberRemoved'
      ]
    }
  },

  'a second device: found, enabled on both sides, then both show the same': {
    play: async cast => {
      const [bob, phone] = [await cast.create('bob'), await cast.create('phone', 'alice')]
      await say(phone, chatWith(bob), 'from the phone alone')
      const laptop = await cast.create('laptop', 'alice')
      await pair(phone, laptop)
      await say(phone, chatWith(bob), 'for the laptop too')
      await reads(laptop, 'for the laptop too')
      await say(bob, chatWith(phone), 'for both')
      for (const device of [phone, laptop]) await reads(device, 'for both')
      // Which device is heard of first is the moment's; what is read is not.
      const messages = ({ log }: typeof bob) =>
        log
          .filter(line => !line.startsWith('device'))
          .map(withoutProtection)
          .toSorted()
      return { bob: messages(bob), phone: messages(phone), laptop: messages(laptop) }
    },
    seen: {
      bob: [
        'with phone: bob "for both"',
        'with phone: phone "for the laptop too"',
        'with phone: phone "from the phone alone"'
      ],
      phone: [
        'with bob: bob "for both"',
        'with bob: phone "for the laptop too"',
        'with bob: phone "from the phone alone"'
      ],
      laptop: ['with bob: bob "for both"', 'with bob: phone "for the laptop too"']
    }
  },

  'a message for somebody who is away arrives once when they are back': {
    play: async cast => {
      const [alice, bob] = [await cast.create('alice'), await cast.create('bob')]
      await say(alice, chatWith(bob), 'hello')
      await say(bob, chatWith(alice), 'hello too')
      await bob.leave()
      const { messageId } = await alice.client.send(chatWith(bob), { text: 'while you were out' })
      await until('the first attempt', async () => ((await alice.client.ledger(messageId))?.legs[0]?.attempts ?? 0) > 0)
      await bob.join()
      await reads(bob, 'while you were out')
      await until('its acknowledgement', async () => (await alice.client.ledger(messageId))?.complete === true)
      return { alice: alice.log, bob: bob.log }
    },
    seen: {
      alice: [
        'with bob: alice "hello"',
        'with bob: bob "hello too", forward-secret',
        'with bob: alice "while you were out"'
      ],
      bob: [
        'with alice: alice "hello", static-key',
        'with alice: bob "hello too"',
        'with alice: alice "while you were out", forward-secret'
      ]
    }
  }
}

async function play(flow: Flow, open: () => Promise<Network>) {
  const network = await open()
  const cast = people(network)
  try {
    return await flow.play(cast)
  } finally {
    await cast.stop()
    await network.stop()
  }
}

const withoutProtection = (line: string): string => line.replace(/", [\w-]+$/, '"')

describe('flows', () => {
  test.each(Object.entries(flows))(
    'F-23 %s: the same application events in memory and over real TCP',
    { timeout: 4 * patience },
    async (_, flow) => {
      const [inMemory, overTcp] = await Promise.all([play(flow, memoryNetwork), play(flow, tcpNetwork)])
      expect(inMemory).toEqual(flow.seen)
      expect(overTcp).toEqual(flow.seen)
    }
  )
})
