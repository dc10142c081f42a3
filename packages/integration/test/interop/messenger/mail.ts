import { expect } from 'vitest'
import { type Person, reads, times } from '../../support/person.ts'
import type { ShhNode } from '../../support/shh-node.ts'
import { until } from '../../support/until.ts'
import type { Direction, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const atOurMailserver = {
  role: 'mailserver',
  peer: 'status-go messenger',
  settings: [{ relay: 'ours', datasync: 'neither' }]
} as const

const publicChat = 'archived'
const missed = Array.from({ length: 120 }, (_, number) => `missed ${number}`)

/** Half of them to the person who is away, half to a public chat. */
async function writeAll(from: Person, to: string): Promise<void> {
  for (const [number, text] of missed.entries()) await from.say(number % 2 === 0 ? to : publicChat, text)
}

/** Nothing is left but what is archived. */
const forgotten = ({ whisper }: ShhNode): Promise<void> =>
  until('the envelopes to expire', () => whisper.info().messages === 0, 180_000)

async function readsAllOnce(who: Person): Promise<void> {
  for (const text of missed) await reads(who, text)
  expect(missed.map(text => times(who, text))).toEqual(missed.map(() => 1))
}

/** Two who know each other and sit in a public chat, at a node of ours that is their mailserver too. */
async function atMailserver(stage: Stage) {
  const node = await stage.mailserver()
  const dials = [node.enode()]
  const ours = await stage.ours('Alice', { dials, options: { mailservers: [node.host.peerId] } })
  const theirs = await stage.theirs('Bob', { dials })
  await theirs.openChat(ours.key)
  for (const person of [ours, theirs]) await person.joinPublic(publicChat)
  await ours.say(theirs.key, 'hello')
  await reads(theirs, 'hello')
  await theirs.say(ours.key, 'hello to you')
  await reads(ours, 'hello to you')
  return { node, ours, theirs }
}

/** History from our mailserver. */
export const mail: readonly Scenario[] = [
  {
    ...atOurMailserver,
    name: '120 messages that status-go missed, asked for page by page',
    directions: ['ours → theirs'] as readonly Direction[],
    play: async stage => {
      const { node, ours, theirs } = await atMailserver(stage)
      const from = Math.floor(Date.now() / 1000) - 60
      await theirs.stop()
      await writeAll(ours, theirs.key)
      await forgotten(node)
      await theirs.start()
      await theirs.tell('history', { enode: node.enode(), from }, 180_000)
      await readsAllOnce(theirs)
      await theirs.say(ours.key, 'all read')
      await reads(ours, 'all read')
    }
  },
  {
    ...atOurMailserver,
    name: '120 messages of status-go that we missed',
    directions: ['theirs → ours'] as readonly Direction[],
    play: async stage => {
      const { node, ours, theirs } = await atMailserver(stage)
      await ours.stop()
      await writeAll(theirs, ours.key)
      await forgotten(node)
      await ours.start()
      await readsAllOnce(ours)
      await ours.say(theirs.key, 'all read')
      await reads(theirs, 'all read')
    }
  }
]
