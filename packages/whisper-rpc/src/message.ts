import type { EnvelopeMessage } from '@status-stack/whisper'
import { toHex } from './values/hex.ts'

/** A message as the API gives it: absent fields are left out, byte strings are hex. */
export function messageJson(message: EnvelopeMessage): Readonly<Record<string, unknown>> {
  const { signer, recipient, pow } = message
  return {
    ...(signer === undefined ? {} : { sig: toHex(signer) }),
    ttl: message.ttl,
    timestamp: message.sentSeconds,
    topic: toHex(message.topic),
    payload: toHex(message.payload),
    padding: toHex(message.padding),
    // With ttl 0 the PoW is infinite, which JSON cannot say.
    pow: Math.min(pow, Number.MAX_VALUE),
    hash: toHex(message.hash),
    ...(recipient === undefined ? {} : { recipientPublicKey: toHex(recipient) })
  }
}
