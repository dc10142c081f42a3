import type { Gate } from './gated-carrier.ts'
import type { OurPerson } from './our-person.ts'
import { reads, seesGroup } from './person.ts'
import { type Counterpart, publicChat, settle, type Transcript } from './recorded-conversation.ts'
import type { TheirPerson } from './their-person.ts'
import { until } from './until.ts'

/** Lets in what comes, one chunk after another, each handled before the next. */
async function letAllIn(gate: Gate, ours: OurPerson): Promise<void> {
  while (gate.letIn()) await settle(ours)
}

/** The person on a live status-go. */
export async function liveCounterpart(gate: Gate, theirs: TheirPerson): Promise<Counterpart> {
  await theirs.joinPublic(publicChat)
  let group = ''
  const settled: Counterpart['settled'] = async (ours, done) => {
    await until('the step to be over', async () => {
      await letAllIn(gate, ours)
      return done()
    })
  }
  return {
    key: theirs.key,
    enode: String(theirs.events().find(({ event }) => event === 'ready')?.['enode']).replace('?discport=0', ''),
    act: async ({ by, place, text }, ours) => {
      const chat = place === 'one-to-one' ? ours.key : place === 'public' ? publicChat : group
      if (by === 'theirs') return { id: await theirs.say(chat, text) }
      // What we wrote is confirmed by the envelope's packet while it is read.
      const [{ id }] = await Promise.all([reads(theirs, text), letAllIn(gate, ours)])
      return { id }
    },
    createGroup: async ours => {
      group = await theirs.createGroup('recorded', [ours.key])
      return group
    },
    joined: async ours => {
      await seesGroup(theirs, group, 'our joining', members => members.get(ours.key)?.joined === true)
    },
    settled
  }
}

/** What is known of the person from a recording. */
export function playedCounterpart(gate: Gate, transcript: Transcript): Counterpart {
  let step = 0
  return {
    key: transcript.key,
    enode: transcript.enode,
    act: async () => transcript.facts[step++] ?? { id: 'none' },
    createGroup: async () => transcript.group,
    joined: async () => undefined,
    settled: letAllIn.bind(undefined, gate)
  }
}
