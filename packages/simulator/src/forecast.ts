import { createPowSearcher } from '@status-stack/whisper'
import { bloomBits, bloomLength } from '@status-stack/whisper/wire'
import { publishedModel } from './presets/published-2019.ts'

/** What is asked about. All optional but the users. */
export interface ForecastInput {
  /** People on the network. */
  readonly users: number
  /** Topics that a client names in its filter or its list. @default 100 */
  readonly topics?: number | undefined
  /** Peers that send to a client. @default 2 */
  readonly peers?: number | undefined
  /** Length of an envelope. @default 1024 */
  readonly envelopeBytes?: number | undefined
  /** Envelopes that a user receives a day. @default 1000 */
  readonly envelopesPerUser?: number | undefined
  /** Proof of work that relays ask for, units of EIP-627. @default 0.002 */
  readonly pow?: number | undefined
  /** Seconds that an envelope lives. @default 15 */
  readonly ttlSeconds?: number | undefined
}

/** A number with the way to it. */
export interface Forecast {
  /** What the number is, in words. */
  readonly name: string
  /** In `unit`. */
  readonly value: number
  /** Such as `MB a day`. */
  readonly unit: string
  /** How it follows from the input, for people. */
  readonly formula: string
}

const partitions = 5000
const filterBits = bloomLength * 8
const million = 1_000_000

/** Share of foreign topics that fit a filter of so many topics. */
function falsePositivesOf(topics: number): number {
  return (1 - (1 - 1 / filterBits) ** (bitsPerTopic * topics)) ** bitsPerTopic
}
const bitsPerTopic = bloomBits(Uint8Array.of(1, 2, 3, 4)).length

/**
 * What a client and a relay have to expect, each number with its formula. Traffic is that of the model of 2019: half of what a user receives
 * is private, on one of 5000 topics, half public.
 *
 * @example
 * ```ts
 * for (const { name, value, unit } of await forecast({ users: 10_000 })) console.log(name, value, unit)
 * ```
 */
export async function forecast(input: ForecastInput): Promise<readonly Forecast[]> {
  const { users, topics = 100, peers = 2, envelopeBytes = 1024, envelopesPerUser = 1000 } = input
  const { pow = 0.002, ttlSeconds = 15 } = input
  const mistakes = falsePositivesOf(topics)
  const sharing = Math.max(1, Math.floor(users / partitions))
  const base = publishedModel({ users, envelopeBytes, envelopesPerUser, falsePositives: mistakes, copies: peers })
  const [, network = 0, , wanted = 0, filtered = 0, received = 0] = base
  const work = await createPowSearcher({ nowMs: () => Date.now() }, 0).estimate(pow, envelopeBytes, ttlSeconds)
  const megabytes = (bytes: number): number => bytes / million
  return [
    {
      name: 'false positives of the filter',
      value: mistakes,
      unit: 'share',
      formula: `(1 − (1 − 1/${filterBits})^(${bitsPerTopic}·topics))^${bitsPerTopic}`
    },
    { name: 'traffic of the network', value: megabytes(network), unit: 'MB/day', formula: 'bytes·envelopes·users' },
    {
      name: 'client with a topic list (Waku)',
      value: megabytes(wanted),
      unit: 'MB/day',
      formula: `bytes·envelopes·(0.5·max(1, ⌊users/${partitions}⌋) + 0.5)`
    },
    {
      name: 'client with a filter, one peer',
      value: megabytes(filtered),
      unit: 'MB/day',
      formula: 'topic list + false positives·network'
    },
    {
      name: 'client with a filter, all peers',
      value: megabytes(received),
      unit: 'MB/day',
      formula: 'peers·(topic list + false positives·network)'
    },
    {
      name: 'relay, received from all peers',
      value: megabytes(network * Math.max(1, 0.7 * peers)),
      unit: 'MB/day',
      formula: 'network·max(1, 0.7·peers); 0.7 as measured by simulate gossip'
    },
    {
      name: 'tries for the proof of work',
      value: work.tries,
      unit: 'hashes',
      formula: `2^⌈log2(pow·bytes·ttl)⌉ = 2^${work.bits}`
    },
    {
      name: 'time for the proof of work',
      value: work.averageMs,
      unit: 'ms',
      formula: `tries / ${Math.round(work.triesPerSecond)} hashes a second of one thread here`
    },
    {
      name: 'people behind a partitioned topic',
      value: users / partitions,
      unit: 'people',
      formula: `users/${partitions}`
    },
    {
      name: 'people who fit a filter',
      value: Math.max(sharing, mistakes * users),
      unit: 'people',
      formula: 'users·false positives'
    },
    { name: 'people who fit the full filter', value: users, unit: 'people', formula: 'users' }
  ]
}
