import type { Logger } from '@status-stack/interface'
import { type TimeSlicer, timeSlicer } from '@status-stack/utils'
import { check, type EnvelopeExchange, invalidArgument, type Whisper } from '@status-stack/whisper/relay'
import { limits } from './limits.ts'

/** One of the two networks: a node of Whisper or of Waku. */
export type BridgeSide = Pick<Whisper, 'capability' | 'exchange'>

/** What passed in one direction since the bridge was made. */
export interface BridgeDirection {
  /** New on the first side. */
  readonly offered: number
  /** Passed the checks of the other side and are in its pool. */
  readonly accepted: number
  /** Were or had been in the pool of the other side. */
  readonly known: number
  /** Not wanted there: PoW, interest, size, time. */
  readonly refused: number
  /** Never offered, because the queue was full. */
  readonly dropped: number
  /** Bytes that wait now, as the bound counts them. */
  readonly waitingBytes: number
}

/** Both directions, by the name of the capability that envelopes go to. */
export interface BridgeCounters {
  /** What came from Waku. */
  readonly toWhisper: BridgeDirection
  /** What came from Whisper. */
  readonly toWaku: BridgeDirection
}

/** Values a bridge can be given. */
export interface BridgeOptions {
  /** Most bytes that wait for one side, at least 1 KiB. @default 16 MiB */
  readonly maxWaitingBytes?: number | undefined
}

/** What a bridge works with. */
export interface BridgeDeps {
  /** Told when an offer fails for another reason than a refusal. @default silent */
  readonly logger?: Pick<Logger, 'warn'> | undefined
  /** Divides long work into turns. @default the one that all packages share */
  readonly slicer?: TimeSlicer | undefined
}

/** Carries envelopes between a Whisper and a Waku network. */
export interface Bridge {
  /** A snapshot of both directions. */
  readonly counters: () => BridgeCounters
  /** Resolves when nothing waits. */
  readonly idle: () => Promise<void>
  /** Carries nothing any more; what waits is forgotten. Idempotent. */
  readonly stop: () => void
}

interface Lane {
  readonly counters: () => BridgeDirection
  readonly idle: () => Promise<void>
  readonly stop: () => void
}

/** One direction: takes what is new on one side and offers it to the other, in order. */
function createLane(from: EnvelopeExchange, to: EnvelopeExchange, maxBytes: number, deps: BridgeDeps): Lane {
  const slicer = deps.slicer ?? timeSlicer
  // BOUNDED: maxBytes; what comes beyond it is dropped and counted.
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let running: Promise<void> | undefined
  let stopped = false
  const count = { offered: 0, accepted: 0, known: 0, refused: 0, dropped: 0 }

  const offer = async (envelope: Uint8Array): Promise<void> => {
    try {
      const { kind } = await to.offer(envelope)
      count[kind] += 1
    } catch {
      count.refused += 1
      deps.logger?.warn('waku:bridge: an offer failed', { bytes: envelope.length })
    } finally {
      waitingBytes = Math.max(0, waitingBytes - costOf(envelope))
    }
  }

  const carry = async (): Promise<void> => {
    // Not in the call in which the envelope is pooled: its own side comes first.
    await Promise.resolve()
    while (waiting.length > 0) {
      // In batches: taking envelopes one by one off the front of a long list copies it each time.
      const batch = waiting
      waiting = []
      for (const envelope of batch) {
        if (stopped) return
        await offer(envelope)
        const pause = slicer.yielded()
        if (pause !== undefined) await pause
      }
    }
    // In the turn of the last look at the queue, so that nothing is left behind in it.
    running = undefined
  }

  const end = from.onPooled(envelope => {
    count.offered += 1
    if (waitingBytes + costOf(envelope) > maxBytes) {
      count.dropped += 1
      return
    }
    waiting.push(envelope)
    waitingBytes += costOf(envelope)
    running ??= carry()
  })
  return {
    counters: () => ({ ...count, waitingBytes }),
    idle: async () => running,
    stop: () => {
      stopped = true
      end()
      waiting = []
      waitingBytes = 0
    }
  }
}

function costOf(envelope: Uint8Array): number {
  return envelope.length + limits.bridgeEntryBytes
}

/**
 * Joins a Whisper and a Waku node into one network: every envelope that is newly pooled or posted on one side is offered to the other, which
 * checks it as one of a peer. The bytes are the same on both sides, and so is the hash. SPEC: K-21 … K-24; status-go `bridge`.
 *
 * What came through the bridge is not carried back, nor are packets 127 or what a light node receives. Both nodes should want everything and
 * have the same `minPow`, otherwise the bridge is a filter between the networks. Refused envelopes cost no peer its link.
 *
 * @throws WhisperError `invalid-argument`
 * @example
 * ```ts
 * const bridge = createBridge({ whisper: createWhisper(), waku: createWaku() })
 * console.log(bridge.counters().toWaku.accepted)
 * bridge.stop()
 * ```
 */
export function createBridge(
  sides: { readonly whisper: BridgeSide; readonly waku: BridgeSide },
  options: BridgeOptions = {},
  deps: BridgeDeps = {}
): Bridge {
  check.object('sides', sides)
  check.options('options', options, ['maxWaitingBytes'])
  check.object('deps', deps)
  check.ports(deps, { logger: ['warn'], slicer: ['yielded'] })
  const { maxWaitingBytes = limits.bridgeBytes } = options
  const { whisper, waku } = sides
  for (const [name, side] of Object.entries({ whisper, waku })) {
    check.object(name, side)
    check.object(`${name}.exchange`, side.exchange)
    check.ports(side, { exchange: ['onPooled', 'offer'] })
  }
  if (whisper.exchange === waku.exchange) throw invalidArgument('bridge: both sides are the same node')
  check.integer('maxWaitingBytes', maxWaitingBytes, 1024, Number.MAX_SAFE_INTEGER)
  const toWaku = createLane(whisper.exchange, waku.exchange, maxWaitingBytes, deps)
  const toWhisper = createLane(waku.exchange, whisper.exchange, maxWaitingBytes, deps)
  return {
    counters: () => ({ toWhisper: toWhisper.counters(), toWaku: toWaku.counters() }),
    idle: async () => {
      await Promise.all([toWaku.idle(), toWhisper.idle()])
    },
    stop: () => {
      toWaku.stop()
      toWhisper.stop()
    }
  }
}
