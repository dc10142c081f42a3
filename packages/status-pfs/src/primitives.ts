// The building blocks, for tools that check or inspect the protocol. Applications use the sealer.
export { generateKeyPair, type KeyPair, keyPairOf } from './keys.ts'
export {
  associatedData,
  decryptWithKey,
  encryptWithKey,
  type MessageHeader,
  ratchetOverhead
} from './ratchet/cipher.ts'
export { type DecryptContext, type Decrypted, type DecryptFailure, decryptMessage } from './ratchet/decrypt.ts'
export {
  type ChainStep,
  type CipherKeys,
  deriveCipherKeys,
  kdfChainKey,
  kdfRootKey,
  type RootStep
} from './ratchet/keys.ts'
export { type MessageKey, type RatchetLimits, ratchetLimits, withoutMessageKey } from './ratchet/message-keys.ts'
export {
  type Encrypted,
  encryptMessage,
  initiatorRatchet,
  type RatchetState,
  responderRatchet
} from './ratchet/ratchet.ts'
export { decodeRatchet, encodeRatchet } from './records/ratchet.ts'
export { openStatic, sealStatic, staticOverhead } from './static-dh.ts'
export {
  decodeBundle,
  decodeBundleContainer,
  decodeDirectEntry,
  decodeProtocolMessage,
  encodeBundle,
  encodeBundleContainer,
  encodeDirectEntry,
  encodeProtocolMessage
} from './wire/codec.ts'
export type {
  Bundle,
  BundleContainer,
  DirectEntry,
  ProtocolMessage,
  RatchetHeader,
  SignedPrekey,
  X3dhHeader
} from './wire/messages.ts'
export { agreedSecret, type DhKey, initiateX3dh, respondX3dh } from './x3dh/agreement.ts'
export { assertBundle, bundleMaterial, createBundle } from './x3dh/bundle.ts'
