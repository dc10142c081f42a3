import { bloomAdmitsTopic, bloomWidens, isFullNodeBloom } from '../bloom.ts'
import { topicBytes, topicNumber } from '../topic.ts'

/** Topics of four bytes, each once. Four bytes of memory a topic, so that a peer with the longest list costs 40 KB. */
export interface TopicSet {
  /** Topics in the set. */
  readonly size: number
  /** Whether a topic is in the set. @param topic a number of `topicNumber` */
  readonly has: (topic: number) => boolean
  /** Whether all of its numbers pass. */
  readonly every: (test: (topic: number) => boolean) => boolean
  /** The topics as bytes, ascending. */
  readonly topics: () => readonly Uint8Array[]
  /** This set and more topics. */
  readonly with: (topics: Iterable<number>) => TopicSet
}

function ofSorted(sorted: Int32Array): TopicSet {
  const has = (topic: number): boolean => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle] ?? 0) < topic) low = middle + 1
      else high = middle
    }
    return low < sorted.length && sorted[low] === topic
  }
  return {
    size: sorted.length,
    has,
    every: test => sorted.every(test),
    topics: () => {
      // Negative numbers are the topics from 80000000 on.
      const positive = sorted.findIndex(topic => topic >= 0)
      const at = positive < 0 ? sorted.length : positive
      return [...sorted.subarray(at), ...sorted.subarray(0, at)].map(topicBytes)
    },
    with: topics => {
      const more = [...topics].filter(topic => !has(topic))
      return more.length === 0 ? ofSorted(sorted) : topicSetOfNumbers([...sorted, ...more])
    }
  }
}

/** Sorts in place; repeats count once. */
function ofNumbers(topics: Int32Array): TopicSet {
  topics.sort()
  let kept = 0
  for (let at = 0; at < topics.length; at++) {
    const topic = topics[at] ?? 0
    if (kept > 0 && topics[kept - 1] === topic) continue
    topics[kept] = topic
    kept += 1
  }
  return ofSorted(kept === topics.length ? topics : topics.slice(0, kept))
}

/**
 * A set of numbers of `topicNumber`; repeats count once.
 *
 * @example
 * ```ts
 * topicSetOfNumbers([1, 1, 2]).size // 2
 * ```
 */
export function topicSetOfNumbers(topics: Iterable<number>): TopicSet {
  return ofNumbers(Int32Array.from(topics))
}

/**
 * A set of topics that lie in `bytes` every `stride` bytes, the first one at `start`: of a peer's longest list, without an object for each.
 *
 * @example
 * ```ts
 * const topics = topicSetOfBytes(content, 1, 5)
 * ```
 */
export function topicSetOfBytes(bytes: Uint8Array, start: number, stride: number): TopicSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const topics = new Int32Array(Math.floor(bytes.length / stride))
  for (let i = 0; i < topics.length; i++) topics[i] = view.getInt32(start + i * stride)
  return ofNumbers(topics)
}

/**
 * A set of topics of four bytes each; repeats count once.
 *
 * @example
 * ```ts
 * topicSetOf([topicOfName('status')]).has(topicNumber(topic))
 * ```
 */
export function topicSetOf(topics: Iterable<Uint8Array>): TopicSet {
  return topicSetOfNumbers(Array.from(topics, topicNumber))
}

/** What a node says that it wants. Neither: everything. */
export interface AnnouncedInterest {
  /** 64 bytes; absent: everything. */
  readonly bloom?: Uint8Array | undefined
  /** Exactly these topics, an empty set: none. The bloom filter is not looked at then. */
  readonly topics?: TopicSet | undefined
}

/**
 * The interest that peers are held to: a filter that means everything is none.
 *
 * @example
 * ```ts
 * plainInterest({ bloom: new Uint8Array(64).fill(0xff) }) // {}: everything
 * ```
 */
export function plainInterest({ bloom, topics }: AnnouncedInterest): AnnouncedInterest {
  if (topics !== undefined) return { topics }
  return isFullNodeBloom(bloom) ? {} : { bloom }
}

/**
 * Whether a peer that announced this wants envelopes of the topic. @param topic a number of `topicNumber`
 *
 * @example
 * ```ts
 * if (interestAdmits(peer.interest, topicNumber(topic))) forward()
 * ```
 */
export function interestAdmits({ bloom, topics }: AnnouncedInterest, topic: number): boolean {
  return topics === undefined ? bloomAdmitsTopic(bloom, topic) : topics.has(topic)
}

/** Whether `next` may admit something that `before` does not. Both as {@link plainInterest} gives them. */
export function interestWidens(before: AnnouncedInterest, next: AnnouncedInterest): boolean {
  if (before.topics === undefined && before.bloom === undefined) return false
  if (next.topics !== undefined) {
    return !next.topics.every(topic => interestAdmits(before, topic))
  }
  return before.topics !== undefined || bloomWidens(before.bloom, next.bloom)
}
