// The wire format and the pure steps behind it, exported as `./wire`: for vectors, tools and other implementations.
// A sealer needs none of it.
export { type KeyPair, keyPairOf } from './keys.ts'
export {
  associatedData,
  decryptWithKey,
  encryptWithKey,
  type MessageHeader,
  ratchetOverhead
} from './ratchet/cipher.ts'
export { type CipherKeys, deriveCipherKeys, kdfChainKey, kdfRootKey } from './ratchet/keys.ts'
export { type MessageKey, type RatchetLimits, withoutMessageKey } from './ratchet/message-keys.ts'
export {
  type Decrypted,
  decryptMessage,
  encryptMessage,
  initiatorRatchet,
  type RatchetState,
  responderRatchet
} from './ratchet/ratchet.ts'
export { openStatic, sealStatic, staticOverhead } from './static-dh.ts'
export * from './wire/codec.ts'
export { agreedSecret, initiateX3dh, respondX3dh } from './x3dh/agreement.ts'
export { assertBundle, bundleMaterial, createBundle } from './x3dh/bundle.ts'
