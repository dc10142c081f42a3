import {
  check,
  checkTopics,
  createEnvelopeNode,
  type EnvelopeNodeOptions,
  invalidArgument,
  topicSetOf,
  type Whisper,
  type WhisperDeps
} from '@status-stack/whisper/relay'
import { checkInterestSize, createWakuProtocol, type InterestMode } from './protocol.ts'

const modes: readonly InterestMode[] = ['full', 'topics', 'bloom']

/** Values a node can be given. All optional; those that Whisper has too mean the same. */
export type WakuOptions = Omit<EnvelopeNodeOptions, 'bloom'> & {
  /** What peers are asked for. @default 'full' */
  readonly interest?: InterestMode | undefined
}

/** What a node works with. All optional: the machine's own are the default. */
export type WakuDeps = WhisperDeps

/**
 * A Waku v1 node. Usable over any `PeerLink`. It has everything that a Whisper node has, with the same meaning; its errors are
 * `WhisperError`, because the relay that both are made of is Whisper's.
 */
export interface Waku extends Whisper {
  /**
   * Wants exactly these topics of 4 bytes, none: nothing; resolves when the peers know. A bloom filter that was set is forgotten.
   * @throws WhisperError `invalid-argument`, also for more than 10 000
   */
  readonly setTopicInterest: (topics: readonly Uint8Array[]) => Promise<void>
  /** The topics that are announced; absent while there is no such list. */
  readonly topicInterest: () => readonly Uint8Array[] | undefined
}

/**
 * A Waku v1 node.
 *
 * @param deps what it works with; each has a default of the machine's own
 * @param options see {@link WakuOptions}
 * @throws WhisperError `invalid-argument`
 * @example
 * ```ts
 * const waku = createWaku({}, { interest: 'topics' })
 * await waku.start()
 * void waku.attach(link)
 * ```
 */
export function createWaku(deps: WakuDeps = {}, options: WakuOptions = {}): Waku {
  check.object('options', options)
  if ('bloom' in options) throw invalidArgument("options: no option is called bloom; a Waku node has interest: 'bloom'")
  const { interest = 'full', ...shared } = options
  check.oneOf('interest', interest, modes)
  const relay = createEnvelopeNode(createWakuProtocol(interest), deps, shared)
  return {
    ...relay.node,
    setTopicInterest: async topics => {
      checkTopics('topics', topics, 0)
      await relay.setInterest({ topics: checkInterestSize(topicSetOf(topics)) })
    },
    topicInterest: () => relay.interest().topics?.topics()
  }
}
