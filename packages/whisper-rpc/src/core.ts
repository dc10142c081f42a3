import { randomBytes } from '@status-stack/crypto'
import { WhisperError } from '@status-stack/whisper'
import { failed } from './errors.ts'
import { createKeys, type Keys } from './keys.ts'
import type { ResolvedOptions } from './options.ts'
import type { Clock, Random, RpcDeps } from './ports.ts'

/** What the methods share. */
export interface Core {
  readonly deps: RpcDeps
  readonly options: ResolvedOptions
  readonly clock: Clock
  readonly random: Random
  readonly keys: Keys
  /** Ids of the filters that `shh_newMessageFilter` made. BOUNDED: maxFilters */
  readonly filters: Set<string>
}

export function createCore(deps: RpcDeps, options: ResolvedOptions): Core {
  const random = deps.random ?? { bytes: randomBytes }
  return {
    deps,
    options,
    clock: deps.clock ?? { nowMs: () => Date.now() },
    random,
    keys: createKeys(random, options),
    filters: new Set()
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
