import { check, environmentError } from '@status-stack/rlpx/carrier'
import { longestDelayMs } from '@status-stack/utils'
import { findMappers } from './mappers.node.ts'
import { parseNat } from './spec.ts'
import type { FindMappers } from './types.ts'

/** A router that maps ports, as it answered. */
export interface Gateway {
  /** The protocol by which it answered. */
  readonly kind: 'upnp' | 'pmp'
  /** The address of its other side: public, unless it stands behind a router itself. */
  readonly externalAddress: string
}

/**
 * Asks for a gateway as {@link createNat} would and maps nothing: for a look at the surroundings.
 * @throws TransportError `invalid-text` for a NAT string that cannot be read, `unavailable` when no gateway answers in time
 *
 * @example
 * ```ts
 * const { kind, externalAddress } = await findGateway('any')
 * ```
 */
export async function findGateway(
  nat: string,
  { timeoutMs = 5_000 }: { readonly timeoutMs?: number | undefined } = {},
  find: FindMappers = findMappers
): Promise<Gateway> {
  const spec = parseNat(nat)
  check.integer('timeoutMs', timeoutMs, 1, longestDelayMs)
  const signal = AbortSignal.timeout(timeoutMs)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(unavailable(signal.reason)), { once: true })
  })
  // Nobody may be waiting any more when the time is over.
  late.catch(() => undefined)
  const attempts = await Promise.race([find(spec, { signal }), late])
  const asked = attempts.map(async attempt => {
    const mapper = await attempt
    try {
      return { kind: mapper.kind, externalAddress: await mapper.externalAddress({ signal }) }
    } finally {
      await mapper.close().catch(() => undefined)
    }
  })
  try {
    return await Promise.race([Promise.any(asked), late])
  } catch (cause) {
    throw unavailable(cause)
  }
}

function unavailable(cause: unknown): Error {
  return environmentError('unavailable', 'NAT: no gateway answered', {}, cause)
}
