import { isPublicKey } from '@status-stack/crypto'
import type { FilterOptions, InterestKey } from '@status-stack/whisper'
import type { Core } from './core.ts'
import { failed, RpcError } from './errors.ts'
import { identityOf } from './keys.ts'
import { base64, hex } from './values/binary.ts'
import { flag, float, list, type Param, struct, text } from './values/go-json.ts'
import { topic } from './values/hex.ts'

/** What a filter or a subscription asks for. SPEC: go-ethereum `whisperv6.Criteria`. */
const criteriaOf = (bytes: Param<Uint8Array>) =>
  struct('whisperv6.Criteria', {
    symKeyID: text,
    privateKeyID: text,
    sig: bytes,
    minPow: float,
    topics: list(topic, '[]whisperv6.TopicType'),
    allowP2P: flag
  })

const inHex = criteriaOf(hex.param)
const inBase64 = criteriaOf(base64.param)

/** The criteria of a namespace. */
export function criteria({ binary }: Pick<Core, 'binary'>): Param<Criteria> {
  return binary === base64 ? inBase64 : inHex
}

export type Criteria = typeof inHex.zero

/**
 * Checks criteria in the order and with the texts of go-ethereum; the two callers differ in two of them.
 * @throws RpcError `call-failed`
 */
export async function filterOptionsOf(
  core: Core,
  wanted: Criteria,
  caller: 'poll' | 'subscribe'
): Promise<FilterOptions> {
  const { symKeyID, privateKeyID, sig, minPow, topics, allowP2P } = wanted
  if ((symKeyID === '') === (privateKeyID === '')) throw failed('specify either a symmetric or an asymmetric key')
  if (sig.length > 0 && !(sig.length === 65 && isPublicKey(sig))) throw failed('invalid signing public key')
  if (caller === 'subscribe' && symKeyID !== '' && topics.length === 0) throw failed('missing topic(s)')
  checkTopicCount(core, topics)
  const key = symKeyID === '' ? await asymmetricKey(core, privateKeyID, caller) : symmetricKey(core, symKeyID)
  return {
    key,
    topics,
    minPow: Math.max(0, minPow),
    allowP2P,
    ...(sig.length > 0 ? { src: sig } : {})
  }
}

/** @throws RpcError `call-failed` */
export function checkTopicCount({ options }: Pick<Core, 'options'>, topics: readonly unknown[]): void {
  const { maxTopics } = options.limits
  if (topics.length > maxTopics) throw failed(`too many topics, at most ${maxTopics}`)
}

/** A filter of the node that has places for its topics. */
interface Installed {
  readonly id: string
  /** Takes it out and gives the places back. Answers whether it was there. */
  readonly remove: () => boolean
}

/** Adds what a filter or a subscription listens to, within the topics that all clients share. @throws RpcError `call-failed` */
export function addFilter(core: Core, options: FilterOptions, client: unknown): Installed {
  const { filters } = core.deps.whisper
  const leave = core.topics.take(client, Math.max(1, options.topics?.length ?? 0))
  if (leave === undefined) {
    const { maxAllTopics } = core.options.limits
    throw failed(`too many topics in all filters, at most ${maxAllTopics}, half of them of one client`)
  }
  try {
    const id = filters.add(options)
    return {
      id,
      remove: () => {
        leave()
        return filters.remove(id)
      }
    }
  } catch (error) {
    leave()
    throw error
  }
}

/** The symmetric key of an id. @throws RpcError `call-failed` when it is unknown or all zero */
export function symmetricKey(core: Core, id: string): InterestKey & { readonly kind: 'symmetric' } {
  const key = core.keys.symmetricKey(id)
  if (key.every(byte => byte === 0)) throw failed('invalid symmetric key')
  return { kind: 'symmetric', key }
}

async function asymmetricKey(core: Core, id: string, caller: 'poll' | 'subscribe'): Promise<InterestKey> {
  try {
    return { kind: 'asymmetric', identity: identityOf(await core.keys.privateKey(id)) }
  } catch (error) {
    if (caller === 'subscribe' && RpcError.is(error)) throw failed('invalid public key')
    throw error
  }
}
