import { chatWith, type Messenger, pair, people, reads, type Stack } from '../support/messenger.ts'
import type { Network } from '../support/networks.ts'
import { until } from '../support/until.ts'

/** What everybody's application saw, in order, without what differs by design: how well each message was protected. */
export type Seen = Readonly<Record<string, readonly string[]>>

export interface FlowResult {
  readonly seen: Seen
  /** How the messages to Bob were protected, in order, each kind once. */
  readonly protections: readonly string[]
}

const room = { kind: 'public', name: 'matrix' } as const

/** Sends, and waits until everybody named has read it. */
async function tell(from: Messenger, chat: Parameters<Messenger['client']['send']>[0], text: string, to: Messenger[]) {
  await from.client.send(chat, { text })
  for (const reader of to) await reads(reader, `"${text}"`)
}

async function talk(alice: Messenger, bob: Messenger): Promise<void> {
  await tell(alice, chatWith(bob), 'first contact', [bob])
  for (const turn of [1, 2, 3]) {
    await tell(bob, chatWith(alice), `answer ${turn}`, [alice])
    await tell(alice, chatWith(bob), `question ${turn}`, [bob])
  }
}

async function meetInPublic(alice: Messenger, bob: Messenger): Promise<void> {
  for (const { client } of [alice, bob]) await client.joinPublic(room.name)
  await tell(alice, room, 'to everybody', [bob])
  await tell(bob, room, 'heard', [alice])
}

async function meetInGroup(alice: Messenger, bob: Messenger): Promise<void> {
  const { id } = await alice.client.createGroup('friends', [bob.client.publicKey])
  const group = { kind: 'group', id } as const
  await reads(bob, 'membersAdded')
  await bob.client.joinGroup(id)
  await reads(alice, 'memberJoined')
  await tell(alice, group, 'in the group', [bob])
  await tell(bob, group, 'also in the group', [alice])
}

/** First contact, six turns, a public chat, a group, a second device, a restart: the same in every cell of the matrix. */
export async function playFlow(network: Network, stack: Stack): Promise<FlowResult> {
  const cast = people(network, stack)
  try {
    const [alice, bob] = [await cast.create('alice'), await cast.create('bob')]
    await talk(alice, bob)
    await meetInPublic(alice, bob)
    await meetInGroup(alice, bob)
    // Without a ratchet a new device reads what it was not there for, as long as the network keeps it: not what is compared.
    const past = new Set(alice.log.map(withoutProtection))
    const laptop = await cast.create('laptop', 'alice')
    await pair(alice, laptop)
    await tell(alice, chatWith(bob), 'for the laptop too', [bob, laptop])
    await laptop.client.publishContactCode()
    await until('bob to know the laptop', async () => (await bob.client.devicesOf(alice.client.publicKey)).length === 2)
    await tell(bob, chatWith(alice), 'for both', [alice, laptop])
    await bob.restart()
    await tell(alice, chatWith(bob), 'welcome back', [bob, laptop])
    await tell(bob, chatWith(alice), 'good to be back', [alice, laptop])
    const linesOf = ({ log }: Messenger): readonly string[] => log.filter(isMessage).map(withoutProtection)
    return {
      seen: {
        alice: linesOf(alice),
        bob: linesOf(bob),
        laptop: linesOf(laptop).filter(line => !past.has(line))
      },
      protections: [...new Set(bob.log.flatMap(line => /", ([\w-]+)$/.exec(line)?.[1] ?? []))]
    }
  } finally {
    await cast.stop()
  }
}

/** Which device is heard of first is the moment's. */
const isMessage = (line: string): boolean => !line.startsWith('device')
const withoutProtection = (line: string): string => line.replace(/", [\w-]+$/, '"')
