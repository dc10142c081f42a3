import { WhisperError } from '../errors.ts'
import type { EnvelopeSpan } from '../packets/envelope-reader.ts'
import type { Judgement } from './acceptance.ts'
import type { NodeContext } from './context.ts'
import { createPooledEnvelope, type PooledEnvelope } from './pooled-envelope.ts'

/** A new entry for the pool, of an envelope that was judged. */
export function pooledOf(
  id: string,
  bytes: Uint8Array,
  span: EnvelopeSpan,
  topic: number,
  pow: number,
  own: boolean
): PooledEnvelope {
  return createPooledEnvelope({ id, bytes, topic, expiry: span.expiry, ttl: span.ttl, pow, own })
}

/** Why an envelope of our own cannot go out. */
export function ownRefused(
  { requirements }: NodeContext,
  bytes: Uint8Array,
  verdict: Exclude<Judgement, number>
): WhisperError {
  if (verdict.kind === 'refused' && verdict.reason === 'low-pow') {
    return new WhisperError('pow-too-low', 'envelope: its PoW is below our own minimum', {
      origin: 'caller',
      details: { pow: verdict.pow, least: requirements.minPow() }
    })
  }
  if (verdict.kind === 'refused' && verdict.reason === 'too-large') {
    return new WhisperError('message-too-large', 'envelope: larger than the maximum message size', {
      origin: 'caller',
      details: { got: bytes.length, most: requirements.current().maxMessageSize }
    })
  }
  const why = verdict.kind === 'dropped' ? 'expired' : verdict.reason
  return new WhisperError('invalid-envelope', `envelope: ${why}`, { origin: 'caller' })
}
