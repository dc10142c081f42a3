import { createHandshakeReader } from '../handshake/packet.ts'
import { answerAuth, createInitiator, drawHandshakeRandomness, type Initiator } from '../handshake/roles.ts'
import type { SessionSecrets } from '../handshake/secrets.ts'
import type { Random } from '../ports.ts'

/** What a handshake comes to. */
export interface HandshakeResult {
  readonly secrets: SessionSecrets
  /** What a recipient answers; 65 bytes say who it was that asked. */
  readonly answer: { readonly ack: Uint8Array; readonly remotePublicKey: Uint8Array } | undefined
  /** Bytes behind the handshake: the first frames. */
  readonly rest: Uint8Array
}

/** The handshake of one session, from the side that it is on. */
export interface SessionHandshake {
  /** The first packet of an initiator. @throws CryptoError for a public key that is none */
  readonly begin: (remotePublicKey: Uint8Array) => Uint8Array
  /** Takes bytes of the peer; `undefined` until its packet is whole. @throws TransportError of the peer */
  readonly push: (chunk: Uint8Array) => HandshakeResult | undefined
}

/** `direction`: who connected; the one who dialed begins. */
export function createSessionHandshake(
  { privateKey, random }: { readonly privateKey: Uint8Array; readonly random: Random },
  direction: 'inbound' | 'outbound'
): SessionHandshake {
  const reader = createHandshakeReader(privateKey, direction === 'inbound' ? 'auth' : 'ack')
  let initiator: Initiator | undefined
  return {
    begin: remotePublicKey => {
      initiator = createInitiator({ privateKey, remotePublicKey }, drawHandshakeRandomness(random))
      return initiator.auth
    },
    push: chunk => {
      const read = reader.push(chunk)
      if (read === undefined) return undefined
      const { opened, rest } = read
      if (initiator !== undefined) return { secrets: initiator.finish(opened), answer: undefined, rest }
      const { secrets, ...answer } = answerAuth(privateKey, opened, drawHandshakeRandomness(random))
      return { secrets, answer, rest }
    }
  }
}
