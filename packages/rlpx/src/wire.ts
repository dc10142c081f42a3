/**
 * The wire format by itself: handshake, frames, base protocol messages, Snappy. For conformance runs and tools; a host needs
 * none of it.
 *
 * @packageDocumentation
 */
export { type NegotiatedCapability, negotiate } from './capability.ts'
export { nodeIdOf } from './enode.ts'
export { createFrameSealer, type FrameSealer } from './frame/frame.ts'
export { createFrameReader, type FrameReader, type Message } from './frame/reader.ts'
export { type Ack, decodeAck, encodeAck } from './handshake/ack.ts'
export { type Auth, decodeAuth, encodeAuth, signAuth } from './handshake/auth.ts'
export {
  createHandshakeReader,
  type HandshakeForm,
  type HandshakeReader,
  type OpenedHandshake,
  sealHandshake
} from './handshake/packet.ts'
export {
  type Answer,
  answerAuth,
  createInitiator,
  drawHandshakeRandomness,
  type HandshakeRandomness,
  type Initiator
} from './handshake/roles.ts'
export { deriveSecrets, type HandshakeTranscript, type SessionSecrets } from './handshake/secrets.ts'
export {
  baseMessage,
  decodeDisconnect,
  decodeHello,
  encodeDisconnect,
  encodeHello,
  type Hello
} from './p2p/messages.ts'
export { disconnectReasons, reasonName } from './p2p/reasons.ts'
export { decompress as decompressSnappy } from './p2p/snappy.ts'
export { compressed as compressSnappy } from './p2p/snappy-compress.ts'
