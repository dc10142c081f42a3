import { check } from './checks.ts'
import { createEnvelopeNode } from './envelope-node.ts'
import type { WhisperOptions } from './options.ts'
import { createWhisperProtocol } from './whisper-protocol.ts'
import type { Whisper, WhisperDeps } from './whisper-types.ts'

/**
 * A Whisper v6 node.
 *
 * @param deps what it works with; each has a default of the machine's own
 * @param options see {@link WhisperOptions}
 * @throws WhisperError `invalid-argument`
 * @example
 * ```ts
 * const whisper = createWhisper({}, { minPow: 0.002 })
 * await whisper.start()
 * void whisper.attach(link)
 * ```
 */
export function createWhisper(deps: WhisperDeps = {}, options: WhisperOptions = {}): Whisper {
  check.object('options', options)
  return createEnvelopeNode(createWhisperProtocol(options.bloom ?? 'full'), deps, options).node
}
