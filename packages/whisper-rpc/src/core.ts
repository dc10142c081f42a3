import { randomBytes } from '@status-stack/crypto'
import { WhisperError } from '@status-stack/whisper'
import { failed } from './errors.ts'
import { createKeys, type Keys } from './keys.ts'
import type { ResolvedOptions } from './options.ts'
import type { Clock, Random, RpcDeps, WhisperNode } from './ports.ts'
import { createShares, type Shares } from './shares.ts'
import { type Binary, base64, hex } from './values/binary.ts'

/** Whose methods they are: those of Whisper or those of Waku. */
export type Namespace = 'shh' | 'waku'

/** What the methods of one namespace share. */
export interface Core {
  readonly namespace: Namespace
  readonly deps: Omit<RpcDeps, 'whisper' | 'waku'> & { readonly whisper: WhisperNode }
  readonly options: ResolvedOptions
  /** How byte strings are written that are no keys. */
  readonly binary: Binary
  readonly clock: Clock
  readonly random: Random
  readonly keys: Keys
  /** Places of messages that are being sealed. */
  readonly posts: Shares
  /** Places of requests to mailservers that wait for their answer. */
  readonly requests: Shares
  /** Places of topics that filters and subscriptions listen to. */
  readonly topics: Shares
  /** Ids of the filters that `shh_newMessageFilter` made, and what takes each out again. BOUNDED: maxFilters */
  readonly filters: Map<string, () => boolean>
}

/** Keys and filters of one namespace are its own, as the services of status-go have them. */
export function createCore(namespace: Namespace, whisper: WhisperNode, deps: RpcDeps, given: ResolvedOptions): Core {
  // Waku is status-go's alone.
  const options: ResolvedOptions = namespace === 'waku' ? { ...given, flavour: 'status-go' } : given
  const random = deps.random ?? { bytes: randomBytes }
  return {
    namespace,
    deps: { ...deps, whisper },
    options,
    binary: namespace === 'waku' && given.wakuBytes === 'base64' ? base64 : hex,
    clock: deps.clock ?? { nowMs: () => Date.now() },
    random,
    keys: createKeys(random, options),
    // BOUNDED: maxPosts, maxRequests, maxAllTopics
    posts: createShares(options.limits.maxPosts),
    requests: createShares(options.limits.maxRequests),
    topics: createShares(options.limits.maxAllTopics),
    filters: new Map()
  }
}

/** Texts of go-ethereum for what the node refuses; its own text where there is none. */
export function whisperFault(error: unknown): unknown {
  if (!WhisperError.is(error)) return error
  const { code, details, message } = error
  if (code === 'pow-too-low') return failed(`envelope with low PoW received: PoW=${Number(details['pow']).toFixed(6)}`)
  if (code === 'message-too-large')
    return failed(`huge messages are not allowed [${details['got']}>${details['most']}]`)
  if (code === 'pool-full') return failed('failed to add envelope')
  if (code === 'invalid-envelope' && message.includes('bloom')) return failed('envelope does not match bloom filter')
  return failed(message)
}
