import type { EnvelopeMessage } from '@status-stack/whisper'
import { type Binary, hex } from './values/binary.ts'
import { toHex } from './values/hex.ts'

/** A message as the API gives it: absent fields are left out; topics are hex in every form. */
export function messageJson(message: EnvelopeMessage, binary: Binary = hex): Readonly<Record<string, unknown>> {
  const { write } = binary
  const { signer, recipient, pow } = message
  return {
    ...(signer === undefined ? {} : { sig: write(signer) }),
    ttl: message.ttl,
    timestamp: message.sentSeconds,
    topic: toHex(message.topic),
    payload: write(message.payload),
    padding: message.padding.length === 0 ? binary.absent : write(message.padding),
    // With ttl 0 the PoW is infinite, which JSON cannot say.
    pow: Math.min(pow, Number.MAX_VALUE),
    hash: write(message.hash),
    ...(recipient === undefined ? {} : { recipientPublicKey: write(recipient) })
  }
}
