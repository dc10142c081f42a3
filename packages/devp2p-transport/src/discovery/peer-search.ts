import type { CompleteEnode } from '@status-stack/rlpx'
import type { CancelTimer, Clock, Logger, Scheduler } from '../ports.ts'

/** Where candidates come from: discovery, node lists, a fixed set. */
export interface PeerSource {
  /** For logs. */
  readonly name: string
  /** A few nodes worth dialing; may answer the same ones again. */
  readonly find: (options: { readonly signal: AbortSignal }) => Promise<readonly CompleteEnode[]>
}

/** What a search is made of. */
export interface PeerSearchParts {
  readonly sources: readonly PeerSource[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly logger?: Logger | undefined
  /** How many peers are missing now. */
  readonly missing: () => number
  /** A source knows this node. */
  readonly found: (node: CompleteEnode) => void
  /** There may be new candidates to dial. */
  readonly fill: () => void
  /** What is waited for before the pool ends. */
  readonly track: (promise: Promise<unknown>) => void
}

/** How often sources are asked: fast at first, then slowly. */
export interface SearchPace {
  readonly fastSearchMs: number
  readonly slowSearchMs: number
  readonly fastPeriodMs: number
}

/** Asks the sources again and again for as long as peers are missing. */
export interface PeerSearch {
  /** Looks when something is missing, stops when nothing is. */
  readonly update: () => void
  readonly end: () => void
  /** Fires when the search that is under way ends; `undefined` where none is. */
  readonly signal: () => AbortSignal | undefined
}

export function createPeerSearch(parts: PeerSearchParts, pace: SearchPace): PeerSearch {
  const { clock, scheduler, logger, missing } = parts
  let controller: AbortController | undefined
  let sinceMs = 0
  let cancelNext: CancelTimer | undefined

  const ask = async (signal: AbortSignal): Promise<void> => {
    const finds = parts.sources.map(async source => {
      try {
        for (const node of await source.find({ signal })) parts.found(node)
        parts.fill()
      } catch (error) {
        logger?.debug(`peer pool: ${source.name} failed`, { code: error instanceof Error ? error.name : 'unknown' })
      }
    })
    await Promise.all(finds)
  }

  const plan = (delayMs: number): void => {
    cancelNext?.()
    cancelNext = scheduler.after(delayMs, () => {
      cancelNext = undefined
      update()
    })
  }

  const end = (): void => {
    controller?.abort()
    controller = undefined
    cancelNext?.()
    cancelNext = undefined
  }

  const update = (): void => {
    if (missing() === 0) {
      end()
      return
    }
    if (controller === undefined) {
      controller = new AbortController()
      sinceMs = clock.nowMs()
    }
    const { signal } = controller
    parts.fill()
    parts.track(ask(signal))
    plan(clock.nowMs() - sinceMs < pace.fastPeriodMs ? pace.fastSearchMs : pace.slowSearchMs)
  }

  return { update, end, signal: () => controller?.signal }
}
