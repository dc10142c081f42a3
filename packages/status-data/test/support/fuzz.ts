import { concatBytes } from '@status-stack/crypto'
import type { Content, GroupEvent } from '@status-stack/interface'
import { vectorBytes } from '@status-stack/vectors'
import { createGroupId, DataError, decode, describeText, outgoing, refusalCodes } from '../../src/index.ts'
import { mergeGroup, openEvent } from '../../src/rules.ts'
import { decodePayload, decodeWrapper, encodePayload, encodeWrapper } from '../../src/wire.ts'
import { alice, bob, now } from './chats.ts'
import { event, groupId } from './groups.ts'
import { countingRandom } from './people.ts'
import { cases } from './vectors.ts'

/** A generator that gives the same numbers for the same seed (mulberry32); `below` n. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** One to four faults: bits turned, bytes set, cut, doubled, moved in from another input, lengths exaggerated. */
export function mutate(
  bytes: Uint8Array,
  corpus: readonly Uint8Array[],
  random: (below: number) => number
): Uint8Array {
  let mutant: Uint8Array = Uint8Array.from(bytes)
  for (let faults = 1 + random(4); faults > 0; faults--) {
    const at = random(mutant.length + 1)
    const end = Math.min(mutant.length, at + random(16))
    const other = corpus[random(corpus.length)] ?? bytes
    const piece = other.subarray(random(other.length + 1)).subarray(0, random(40))
    switch (random(7)) {
      case 0:
        if (at < mutant.length) mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8))
        break
      case 1:
        if (at < mutant.length) mutant[at] = [0, 1, 0x7f, 0x80, 0xff][random(5)] ?? 0
        break
      case 2:
        mutant = concatBytes(mutant.subarray(0, at), mutant.subarray(end))
        break
      case 3:
        mutant = concatBytes(mutant.subarray(0, end), mutant.subarray(at))
        break
      case 4:
        mutant = concatBytes(mutant.subarray(0, at), piece, mutant.subarray(at))
        break
      case 5:
        mutant = mutant.slice(0, at)
        break
      default:
        mutant = concatBytes(mutant.subarray(0, at), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), mutant.subarray(at))
    }
  }
  return mutant
}

const contents: readonly Content[] = [
  { kind: 'text', text: 'hello @you', replyTo: `0x${'ab'.repeat(32)}` },
  { kind: 'image', image: Uint8Array.of(0xff, 0xd8, 0xff, 1) },
  { kind: 'audio', audio: Uint8Array.of(0xff, 0xf1, 2), durationMs: 1500 },
  { kind: 'reaction', messageId: `0x${'cd'.repeat(32)}`, emoji: 'laugh' },
  { kind: 'edit', messageId: `0x${'cd'.repeat(32)}`, text: 'better' },
  { kind: 'contact-update', ensName: 'alice.eth', picture: 'data:image/png;base64,AAAA' }
]

const events = [event.created(alice, 0), event.added(alice, 1, bob), event.joined(bob, 2), event.renamed(alice, 3, 'x')]
const group = { kind: 'group', id: groupId, events } as const
const context = { identity: alice, nowMs: now }

/** Good inputs, from which bad ones are made. */
export const wrappers: readonly Uint8Array[] = [
  ...contents.map(content => outgoing({ kind: 'one-to-one', publicKey: bob.publicKey }, content, context).bytes),
  outgoing({ kind: 'public', name: 'status' }, { kind: 'text', text: 'hi' }, context).bytes,
  outgoing(group, { kind: 'text', text: 'hi all' }, context).bytes,
  outgoing(
    { kind: 'group', id: createGroupId(alice.publicKey, countingRandom()), events: [] },
    { kind: 'group-changes', changes: [{ kind: 'created', name: 'x' }] },
    context
  ).bytes
]
const payloads = cases('message').map(({ type, payload }) => ({ type: Number(type), bytes: vectorBytes(payload) }))
const types = [...new Set([...payloads.map(({ type }) => type), 3, 16, 17, 18, 19, 20, 21, 28, 29, 31])]
const eventBytes = events.map(each => each.bytes)
const corpus = [...wrappers, ...payloads.map(({ bytes }) => bytes), ...eventBytes]
const reasons = new Set<string>(refusalCodes)

/** Runs a decoder: its value, or `undefined` when it refused with our error. Anything else is a finding. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (DataError.is(error) && error.code === 'malformed') return undefined
    throw error
  }
}

function expectSame(a: Uint8Array, b: Uint8Array, what: string): void {
  if (a.length !== b.length || a.some((byte, index) => byte !== b[index])) throw new Error(`${what}: not stable`)
}

const pick = <T>(list: readonly T[], random: (below: number) => number): T => list[random(list.length)] as T

/** One mutated input to one decoder: a value, which encodes to bytes that decode to it again, or a typed refusal. */
const targets: readonly ((random: (below: number) => number) => 'value' | 'refused')[] = [
  random => {
    const bytes = mutate(pick(wrappers, random), corpus, random)
    const wrapper = attempt(() => decodeWrapper(bytes))
    if (wrapper === undefined) return 'refused'
    const encoded = encodeWrapper(wrapper)
    expectSame(encodeWrapper(decodeWrapper(encoded)), encoded, 'wrapper')
    return 'value'
  },
  random => {
    const type = pick(types, random)
    const own = payloads.filter(payload => payload.type === type)
    const bytes = mutate(own.length === 0 ? pick(corpus, random) : pick(own, random).bytes, corpus, random)
    const payload = attempt(() => decodePayload(type, bytes))
    if (payload === undefined) return 'refused'
    const encoded = encodePayload(payload)
    expectSame(encodePayload(decodePayload(type, encoded)), encoded, `payload ${type}`)
    return 'value'
  },
  random => {
    const opened = openEvent(
      groupId,
      mutate(pick(eventBytes, random), corpus, random),
      random(2) ? 'strict' : 'status-go-0.56.10'
    )
    if (typeof opened !== 'string') {
      mergeGroup(groupId, events, [opened as GroupEvent])
      return 'value'
    }
    if (!reasons.has(opened)) throw new Error(`event: unknown reason ${opened}`)
    return 'refused'
  },
  random => {
    // The wrapper is left whole half of the time, so that the checks behind the signature are reached as well.
    const whole = decodeWrapper(pick(wrappers, random))
    const bytes = random(2)
      ? mutate(pick(wrappers, random), corpus, random)
      : encodeWrapper({ ...whole, type: pick(types, random), payload: mutate(whole.payload, corpus, random) })
    const result = decode(bytes, {
      transportAuthor: alice.publicKey,
      sentMs: now,
      nowMs: now,
      arrival: random(3) ? { kind: 'identity' } : { kind: 'public', name: 'status' },
      self: random(2) ? bob.publicKey : alice.publicKey,
      rules: random(3) ? 'status-go-0.56.10' : 'strict'
    })
    if (result.kind === 'refused') {
      if (!reasons.has(result.reason)) throw new Error(`decode: unknown reason ${result.reason}`)
      return 'refused'
    }
    if ('text' in result.content && result.content.text !== undefined) describeText(result.content.text)
    encodePayload(result.payload)
    return 'value'
  }
]

/** `rounds` inputs over all decoders. Throws, naming seed and round, on anything but a value or a typed refusal. */
export function fuzz(rounds: number, seed: number): { readonly values: number; readonly refusals: number } {
  const random = seeded(seed)
  const counts = { values: 0, refusals: 0 }
  for (let round = 0; round < rounds; round++) {
    const target = targets[round % targets.length]
    try {
      if (target?.(random) === 'value') counts.values++
      else counts.refusals++
    } catch (cause) {
      throw new Error(`seed ${seed}, round ${round}`, { cause })
    }
  }
  return counts
}
