// The wire format as pure functions, exported as `./wire`: for vectors, tools and other implementations. A node needs
// none of it.
export * from './bloom.ts'
export {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  envelopeHash,
  envelopeHeaderLength,
  envelopeSize,
  sentSeconds
} from './envelope.ts'
export {
  decodePlaintext,
  encodeUnsigned,
  type Plaintext,
  paddingAlignment,
  paddingLength,
  sizeFieldLength
} from './message/layout.ts'
export { symmetricKeyFromPassword } from './message/symmetric.ts'
export {
  encodePlaintext,
  type MessageContent,
  type OpenedMessage,
  type OpenFailure,
  openMessage,
  sealMessage
} from './message/wrap.ts'
export * from './pow.ts'
export { topicFromBytes, topicOfName } from './topic.ts'
