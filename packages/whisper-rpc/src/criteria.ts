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

/** Places for the topics of a filter or subscription; the answer gives them back. @throws RpcError `call-failed` */
export function takeTopics({ options, topics: places }: Core, topics: readonly unknown[], client: unknown): () => void {
  const leave = places.take(client, Math.max(1, topics.length))
  if (leave !== undefined) return leave
  throw failed(`too many topics in all filters, at most ${options.limits.maxAllTopics}, half of them of one client`)
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
