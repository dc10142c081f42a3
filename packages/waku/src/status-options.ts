import { encodeRlp, type RlpInput, type RlpItem, rlpBigUint, rlpBool, rlpBytes } from '@status-stack/rlp'
import {
  check,
  checkTopics,
  firstItem,
  invalidPacket,
  joinList,
  listItems,
  type RateLimits,
  rateLimitsOfItem,
  readPacket,
  type TopicSet,
  topicSetOfBytes
} from '@status-stack/whisper/relay'
import { limits } from './limits.ts'

/** The options of a Status, or of a Status update: what is absent is not said. */
export interface StatusOptions {
  /** The IEEE-754 bits of the PoW that is asked for; whether they are one is checked when they are applied. */
  readonly powBits?: bigint
  /** 64 bytes, or none for everything; other lengths are refused when they are applied. */
  readonly bloom?: Uint8Array
  /** Whether the node relays nothing of others. */
  readonly light?: boolean
  /** Whether it answers batches with packets 12 and 11. */
  readonly confirmations?: boolean
  /** Packets a second. */
  readonly packetLimits?: RateLimits
  /** 4 bytes each; none: nothing is wanted. */
  readonly topics?: readonly Uint8Array[]
  /** Payload bytes a second. */
  readonly byteLimits?: RateLimits
}

/** Keys of the options. SPEC: 6/WAKU1, "Status Options". */
export const optionKeys = Object.freeze({
  pow: 0,
  bloom: 1,
  light: 2,
  confirmations: 3,
  packetLimits: 4,
  topics: 5,
  byteLimits: 6
})

/** What a key means, and how it is written. */
interface KeyForm {
  readonly encode: (key: number) => RlpInput
  /** @throws RlpError for what is no key at all */
  readonly decode: (item: RlpItem) => number | undefined
}

/** Keys of `waku/1`: integers, so that key 0 is the byte 80. */
export const integerKeys: KeyForm = {
  encode: key => key,
  decode: item => Number(rlpBigUint('key', item, 64))
}

const character0 = 0x30

/** Keys of `waku/0`: one character each. It had no byte limits. */
export const characterKeys: KeyForm = {
  encode: key => Uint8Array.of(character0 + key),
  decode: item => {
    const bytes = rlpBytes('key', item)
    const key = (bytes[0] ?? 0) - character0
    return bytes.length === 1 && key >= 0 && key < optionKeys.byteLimits ? key : undefined
  }
}

const topicItemLength = 5
const topicHeader = 0x84

const limitsInput = ({ address, peer, topic }: RateLimits): RlpInput => [address, peer, topic]

/**
 * The options as a list, keys ascending. @throws WhisperError `invalid-argument`
 *
 * @example
 * ```ts
 * const payload = encodeStatusOptions({ light: true, confirmations: true })
 * ```
 */
export function encodeStatusOptions(options: StatusOptions, keys: KeyForm = integerKeys): Uint8Array {
  check.object('options', options)
  const { powBits, bloom, light, confirmations, packetLimits, topics, byteLimits } = options
  if (bloom !== undefined) check.bytes('options.bloom', bloom)
  if (light !== undefined) check.boolean('options.light', light)
  if (confirmations !== undefined) check.boolean('options.confirmations', confirmations)
  if (topics !== undefined) checkTopics('options.topics', topics, 0)
  const values: readonly (readonly [number, RlpInput | undefined])[] = [
    [optionKeys.pow, powBits],
    [optionKeys.bloom, bloom],
    [optionKeys.light, light],
    [optionKeys.confirmations, confirmations],
    [optionKeys.packetLimits, packetLimits && limitsInput(packetLimits)],
    [optionKeys.topics, topics],
    [optionKeys.byteLimits, byteLimits && limitsInput(byteLimits)]
  ]
  return joinList(values.flatMap(([key, value]) => (value === undefined ? [] : [encodeRlp([keys.encode(key), value])])))
}

/** The content of one list that is exactly `bytes`, whose header has been checked. */
function listContent(bytes: Uint8Array): Uint8Array {
  const first = bytes[0] ?? 0
  return bytes.subarray(first <= 0xf7 ? 1 : 1 + first - 0xf7)
}

/**
 * The items of a list of topics. They have one encoding, of five bytes, so the list is checked without an object for each.
 * BOUNDED: limits.topicInterest.
 */
function topicItemsOf(value: Uint8Array): Uint8Array {
  if ((value[0] ?? 0) < 0xc0) throw invalidPacket('topic interest: expected a list')
  const content = listContent(value)
  const count = content.length / topicItemLength
  if (!Number.isInteger(count)) throw invalidPacket('topic interest: expected topics of 4 bytes')
  if (count > limits.topicInterest) throw invalidPacket(`invalid topic interest: ${count}`)
  for (let at = 0; at < content.length; at += topicItemLength) {
    if (content[at] !== topicHeader) throw invalidPacket('topic interest: expected topics of 4 bytes')
  }
  return content
}

function topicsOf(items: Uint8Array): readonly Uint8Array[] {
  const topics: Uint8Array[] = []
  for (let at = 0; at < items.length; at += topicItemLength) topics.push(items.slice(at + 1, at + topicItemLength))
  return topics
}

/** The set of a list of topics. */
export function topicSetOfItems(items: Uint8Array): TopicSet {
  return topicSetOfBytes(items, 1, topicItemLength)
}

/** Options as they were read: topics are still the items of their list, a view into the packet. */
export interface ReadOptions extends Omit<StatusOptions, 'topics'> {
  /** The content of the topic list: items of five bytes, a header and the topic. Absent when no list was sent. */
  readonly topicItems?: Uint8Array
}

const bool = (item: RlpItem): boolean => rlpBool('flag', item)

function optionOf(key: number | undefined, value: Uint8Array): ReadOptions {
  const read = <T>(decode: (item: RlpItem) => T): T => readPacket('option', value, decode)
  switch (key) {
    case optionKeys.pow:
      return { powBits: read(item => rlpBigUint('PoW', item, 64)) }
    case optionKeys.bloom:
      return { bloom: read(item => rlpBytes('bloom', item).slice()) }
    case optionKeys.light:
      return { light: read(bool) }
    case optionKeys.confirmations:
      return { confirmations: read(bool) }
    case optionKeys.packetLimits:
      return { packetLimits: read(rateLimitsOfItem) }
    case optionKeys.topics:
      return { topicItems: topicItemsOf(value) }
    case optionKeys.byteLimits:
      return { byteLimits: read(rateLimitsOfItem) }
    default:
      // A later version's: its value may be anything.
      return {}
  }
}

/**
 * Reads a list of options in any order; of a repeated key the last one counts, also when it is empty. Bytes behind the list are ignored.
 * DEVIATION: status-go forgets every option behind an unknown key.
 * @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { light, topicItems } = readStatusOptions(payload)
 * ```
 */
export function readStatusOptions(payload: Uint8Array, keys: KeyForm = integerKeys): ReadOptions {
  check.bytes('payload', payload)
  let options: ReadOptions = {}
  let count = 0
  for (const option of listItems(firstItem(payload))) {
    count += 1
    // BOUNDED: limits.options.
    if (count > limits.options) throw invalidPacket(`status options: more than ${limits.options}`)
    // No more of it is read than shows that it is no pair: a megabyte may be a million items.
    const [key, value, more] = listItems(option)
    if (key === undefined || value === undefined || more !== undefined) {
      throw invalidPacket('status options: expected [key, value]')
    }
    options = { ...options, ...optionOf(readPacket('option', key, keys.decode), value) }
  }
  return options
}

/**
 * {@link readStatusOptions} with the topics as bytes. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { light, topics } = decodeStatusOptions(payload)
 * ```
 */
export function decodeStatusOptions(payload: Uint8Array, keys: KeyForm = integerKeys): StatusOptions {
  const { topicItems, ...options } = readStatusOptions(payload, keys)
  return topicItems === undefined ? options : { ...options, topics: topicsOf(topicItems) }
}
