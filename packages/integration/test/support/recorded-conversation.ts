import { sha256, utf8Bytes } from '@status-stack/crypto'
import type { Carrier } from '@status-stack/rlpx'
import type { Gate, GateRecording } from './gated-carrier.ts'
import { type OurPerson, startOurs } from './our-person.ts'
import type { Shown } from './person.ts'
import { seededRandom } from './recording.ts'

/** What status-go did and saw in one step; our part is computed again. */
export interface StepFacts {
  /** The message of the step, as status-go calls it: written by it, or read. */
  readonly id: string
}

/** A conversation with a status-go messenger, as it was held. */
export interface Transcript extends GateRecording {
  readonly about: string
  readonly enode: string
  /** Public key of the person on status-go. */
  readonly key: string
  readonly group: string
  /** Our clock stood still at this moment; Unix milliseconds. */
  readonly nowMs: number
  readonly facts: readonly StepFacts[]
}

export interface Line {
  readonly by: 'ours' | 'theirs'
  readonly place: 'one-to-one' | 'public' | 'group'
  readonly text: string
}

export const publicChat = 'recorded'

const turn = (by: Line['by'], text: string, place: Line['place'] = 'one-to-one'): Line => ({ by, place, text })

/** Who says what, in order. */
export const script: readonly Line[] = [
  turn('ours', 'first contact'),
  turn('theirs', 'first answer'),
  turn('ours', 'second turn'),
  turn('theirs', 'third turn'),
  turn('ours', 'שלום 👨‍👩‍👧‍👦'),
  turn('theirs', 'مرحبا 🏳️‍🌈'),
  turn('ours', 'to everybody', 'public'),
  turn('theirs', 'heard', 'public'),
  turn('theirs', 'in the group', 'group'),
  turn('ours', 'me too', 'group')
]

/** The other person: live, or what is known of them. */
export interface Counterpart {
  readonly key: string
  readonly enode: string
  /** Their half of a step, after ours; answers what they call the message. */
  readonly act: (line: Line, ours: OurPerson) => Promise<StepFacts>
  /** Creates a group with us in it; answers its id. */
  readonly createGroup: (ours: OurPerson) => Promise<string>
  /** Waits until they know that we have joined it. */
  readonly joined: (ours: OurPerson) => Promise<void>
  /** Waits until what belongs to the step has arrived; immediate when it is played. */
  readonly settled: (ours: OurPerson, done: () => boolean | Promise<boolean>) => Promise<void>
}

const key = (use: string): Uint8Array => sha256(utf8Bytes(`recorded conversation ${use}`))

/**
 * Repeatable randomness whatever the order in which parts of the client ask for it: a stream for each length. 12 bytes are nonces, also of
 * what is stored, and always the same: this database is thrown away, and its keys are known to all.
 */
function randomByLength(seed: string): { readonly bytes: (length: number) => Uint8Array } {
  const streams = new Map<number, ReturnType<typeof seededRandom>>()
  return {
    bytes: length => {
      if (length === 12) return sha256(utf8Bytes(seed)).slice(0, 12)
      const stream = streams.get(length) ?? seededRandom(`${seed} ${length}`)
      streams.set(length, stream)
      return stream.bytes(length)
    }
  }
}

/** Our client with everything given: keys, randomness, the time. */
export function startRecorded(about: { enode: string; nowMs: number; carrier: Carrier }): Promise<OurPerson> {
  const clock = { nowMs: () => about.nowMs }
  return startOurs('Alice', {
    dials: [about.enode],
    identity: key('identity'),
    deps: { storageKey: key('storage'), clock, random: randomByLength('recorded conversation client') },
    host: {
      privateKey: key('node'),
      carrier: about.carrier,
      clock,
      random: seededRandom('recorded conversation transport')
    },
    options: { installationId: 'recorded', timers: false }
  })
}

export interface Held {
  readonly facts: readonly StepFacts[]
  /** Ids by us: of what we wrote, and of what we were shown. */
  readonly ids: readonly string[]
  readonly shown: readonly Shown[]
  readonly group: string
}

/** Holds the conversation. The same steps record it and play it again. */
export async function holdConversation(gate: Gate, ours: OurPerson, other: Counterpart): Promise<Held> {
  const [facts, ids]: [StepFacts[], string[]] = [[], []]
  let group = ''
  const placeOf = ({ place }: Line): string =>
    place === 'one-to-one' ? other.key : place === 'public' ? publicChat : group
  const shownAs = (text: string): Shown | undefined => ours.shown.find(message => message.text === text)
  gate.nextStep()
  await ours.joinPublic(publicChat)
  await settle(ours)
  for (const line of script) {
    gate.nextStep()
    if (line.place === 'group' && group === '') {
      group = await other.createGroup(ours)
      await other.settled(ours, async () => (await ours.group(group)) !== undefined)
      gate.nextStep()
      await ours.joinGroup(group)
      await settle(ours)
      await other.joined(ours)
      gate.nextStep()
    }
    if (line.by === 'ours') ids.push(await ours.say(placeOf(line), line.text))
    await settle(ours)
    facts.push(await other.act(line, ours))
    await other.settled(ours, () => line.by === 'ours' || shownAs(line.text) !== undefined)
    if (line.by === 'theirs') ids.push(shownAs(line.text)?.id ?? '')
  }
  return { facts, ids, shown: ours.shown, group }
}

/** Runs sync and waits until nothing is being handled, all its turns of the event loop included. */
export async function settle(ours: OurPerson): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await ours.client().tick()
    await ours.client().idle()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
