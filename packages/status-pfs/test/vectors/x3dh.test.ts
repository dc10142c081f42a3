import { ecdhX, keccak256, recoverPublicKey } from '@status-stack/crypto'
import { loadVectors, type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { PfsError } from '../../src/errors.ts'
import { compress, keyPairOf } from '../../src/keys.ts'
import {
  assertBundle,
  bundleMaterial,
  createBundle,
  decodeBundle,
  decodeBundleContainer,
  decodeDirectEntry,
  encodeBundle,
  encodeBundleContainer,
  encodeDirectEntry,
  initiateX3dh,
  openStatic,
  respondX3dh,
  sealStatic
} from '../../src/primitives.ts'
import { identityOf } from '../support/sealers.ts'

const { sections } = await loadVectors('x3dh')
const cases = (section: string): readonly VectorCase[] => sections[section] ?? []
const ratchetVectors = await loadVectors('doubleratchet')

describe('bundle', () => {
  for (const c of cases('bundle')) {
    test(`S-3 bundle ${c.name}: material, signature and protobuf`, () => {
      const prekeys = c.signedPreKeys.map((prekey: VectorCase) => ({
        installationId: prekey.installationId,
        publicKey: vectorBytes(prekey.publicKey),
        version: prekey.version,
        protocolVersion: prekey.protocolVersion
      }))
      const identity = identityOf(vectorBytes(c.identityPrivateKey))
      const bundle = createBundle(identity, prekeys, BigInt(c.timestamp))
      expect(vectorHex(bundleMaterial(bundle))).toBe(c.signatureMaterial)
      expect(vectorHex(keccak256(bundleMaterial(bundle)))).toBe(c.signatureHash)
      expect(vectorHex(bundle.signature)).toBe(c.signature)
      expect(vectorHex(bundle.identity)).toBe(c.identityPublicKey)
      expect(vectorHex(compress(recoverPublicKey(keccak256(bundleMaterial(bundle)), bundle.signature)))).toBe(
        c.recoveredIdentity
      )
      const decoded = decodeBundle(vectorBytes(c.bundleProtobuf))
      expect(decoded).toEqual(bundle)
      expect(() => assertBundle(decoded!)).not.toThrow()
      const container = { bundle, privateSignedPrekey: vectorBytes(c.signedPreKeys[0].privateKey) }
      expect(decodeBundleContainer(vectorBytes(c.bundleContainerProtobuf))).toEqual(container)
      expect(decodeBundle(encodeBundle(bundle))).toEqual(bundle)
      if (!c.mapOrderFixed) return
      expect(vectorHex(encodeBundle(bundle))).toBe(c.bundleProtobuf)
      expect(vectorHex(encodeBundleContainer(container))).toBe(c.bundleContainerProtobuf)
    })
  }
})

describe('bundle_verify', () => {
  for (const c of cases('bundle_verify')) {
    test(`S-4 a bundle is verified completely: ${c.name} is ${c.valid ? 'valid' : 'refused'}`, () => {
      const bundle = decodeBundle(vectorBytes(c.bundleProtobuf))!
      if (c.valid) expect(() => assertBundle(bundle)).not.toThrow()
      else expect(() => assertBundle(bundle)).toThrow(PfsError)
    })
  }
})

describe('x3dh', () => {
  for (const c of cases('x3dh')) {
    test(`S-2 SK from both roles: ${c.name}`, () => {
      const initiator = identityOf(vectorBytes(c.initiatorIdentityPrivateKey))
      const responder = identityOf(vectorBytes(c.receiverIdentityPrivateKey))
      const ephemeral = keyPairOf(vectorBytes(c.ephemeralPrivateKey))
      const prekey = keyPairOf(vectorBytes(c.signedPreKeyPrivateKey))
      expect(vectorHex(ephemeral.publicKey)).toBe(c.ephemeralPublicKey)
      expect(vectorHex(prekey.publicKey)).toBe(c.signedPreKeyPublicKey)
      expect(vectorHex(initiator.ecdhX(prekey.publicKey))).toBe(c.dh1)
      expect(vectorHex(responder.ecdhX(ephemeral.publicKey))).toBe(c.dh2)
      expect(vectorHex(ecdhX(prekey.privateKey, ephemeral.publicKey))).toBe(c.dh3)
      const sent = initiateX3dh(initiator, ephemeral, { identity: responder.publicKey, prekey: prekey.publicKey })
      const got = respondX3dh(responder, prekey, { identity: initiator.publicKey, ephemeral: ephemeral.publicKey })
      expect([vectorHex(sent), vectorHex(got)]).toEqual([c.sharedSecret, c.sharedSecret])
    })
  }
})

describe('dh_encryption', () => {
  for (const c of cases('dh_encryption')) {
    test(`S-18 static-key output is ct‖tag‖nonce: ${c.name}`, () => {
      const receiver = identityOf(vectorBytes(c.receiverPrivateKey))
      const ephemeral = keyPairOf(vectorBytes(c.ephemeralPrivateKey))
      const plaintext = vectorBytes(c.plaintext)
      expect(vectorHex(receiver.ecdhX(ephemeral.publicKey))).toBe(c.key)
      const payload = sealStatic(receiver.publicKey, ephemeral, vectorBytes(c.nonce), plaintext)
      expect(vectorHex(payload)).toBe(c.payload)
      expect(openStatic(receiver, ephemeral.publicKey, payload)).toEqual(plaintext)
      const entry = { installationId: 'none', dhKey: ephemeral.publicKey, payload }
      expect(vectorHex(encodeDirectEntry(entry))).toBe(c.directMessageProtocolProtobuf)
      expect(decodeDirectEntry('none', vectorBytes(c.directMessageProtocolProtobuf))).toEqual(entry)
      expect(openStatic(receiver, ephemeral.publicKey, payload.subarray(1))).toBeUndefined()
    })
  }
})

describe('dh', () => {
  for (const c of ratchetVectors.sections['dh'] ?? []) {
    test(`S-1 ECDH is the 32-byte left-padded X coordinate: ${c.name}`, () => {
      const pair = keyPairOf(vectorBytes(c.privateKey))
      const other = keyPairOf(vectorBytes(c.otherPrivateKey))
      expect(vectorHex(ecdhX(pair.privateKey, other.publicKey))).toBe(c.sharedSecret)
      expect(vectorHex(ecdhX(other.privateKey, pair.publicKey))).toBe(c.sharedSecret)
      expect(ecdhX(pair.privateKey, other.publicKey).length).toBe(32)
    })
  }
})
