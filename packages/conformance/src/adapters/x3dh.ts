import { compressPublicKey, ecdhX, keccak256, recoverPublicKey } from '@status-stack/crypto'
import {
  assertBundle,
  type Bundle,
  bundleMaterial,
  createBundle,
  decodeBundle,
  decodeBundleContainer,
  decodeDirectEntry,
  encodeBundle,
  encodeBundleContainer,
  encodeDirectEntry,
  initiateX3dh,
  keyPairOf,
  openStatic,
  respondX3dh,
  type SignedPrekey,
  sealStatic
} from '@status-stack/status-pfs/primitives'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { identityOf } from './support.ts'

export const x3dh: Adapter = {
  file: 'x3dh.json',
  sections: {
    bundle: { reproduce: makeBundle, decode: readBundle },
    bundle_verify: { decode: verifyBundle },
    x3dh: { reproduce: agree },
    dh_encryption: { reproduce: sealForIdentity, decode: openForIdentity }
  }
}

interface VectorPrekey {
  readonly installationId: string
  readonly privateKey: string
  readonly publicKey: string
  readonly version: number
  readonly protocolVersion: number
}

/** Prekeys of the vector; the network gives the map that holds them no order. */
function prekeysOf(vector: VectorCase): readonly SignedPrekey[] {
  const prekeys: readonly VectorPrekey[] = vector['signedPreKeys']
  return prekeys.map(({ installationId, publicKey, version, protocolVersion }) => ({
    installationId,
    publicKey: vectorBytes(publicKey),
    version,
    protocolVersion
  }))
}

function makeBundle(vector: VectorCase, check: Check): void {
  const identity = identityOf(vector['identityPrivateKey'])
  check.bytes('identityPublicKeyUncompressed', vector['identityPublicKeyUncompressed'], identity.publicKey)
  const prekeys: readonly VectorPrekey[] = vector['signedPreKeys']
  for (const [index, prekey] of prekeys.entries()) {
    check.bytes(
      `signedPreKeys[${index}].publicKey`,
      prekey.publicKey,
      keyPairOf(vectorBytes(prekey.privateKey)).publicKey
    )
  }
  const bundle = createBundle(identity, prekeysOf(vector), BigInt(vector['timestamp']))
  check.bytes('identityPublicKey', vector['identityPublicKey'], bundle.identity)
  const material = bundleMaterial(bundle)
  check.bytes('signatureMaterial', vector['signatureMaterial'], material)
  check.bytes('signatureHash', vector['signatureHash'], keccak256(material))
  check.bytes('signature', vector['signature'], bundle.signature)
  if (vector['mapOrderFixed'] !== true) return
  check.bytes('bundleProtobuf', vector['bundleProtobuf'], encodeBundle(bundle))
  const privateSignedPrekey = vectorBytes(prekeys[0]?.privateKey ?? '')
  const container = encodeBundleContainer({ bundle, privateSignedPrekey })
  check.bytes('bundleContainerProtobuf', vector['bundleContainerProtobuf'], container)
}

async function readBundle(vector: VectorCase, check: Check): Promise<void> {
  const bundle = decodeBundle(vectorBytes(vector['bundleProtobuf']))
  checkBundle(vector, 'bundleProtobuf', bundle, check)
  const container = decodeBundleContainer(vectorBytes(vector['bundleContainerProtobuf']))
  checkBundle(vector, 'bundleContainerProtobuf', container?.bundle, check)
  check.bytes('signedPreKeys[0].privateKey', vector['signedPreKeys'][0].privateKey, container?.privateSignedPrekey)
  if (bundle === undefined) return
  await check.accepted('signature', () => assertBundle(bundle))
  const signer = compressPublicKey(recoverPublicKey(keccak256(bundleMaterial(bundle)), bundle.signature))
  check.bytes('recoveredIdentity', vector['recoveredIdentity'], signer)
  // What was read is written again with the same content, in whatever order.
  checkBundle(vector, 'bundleProtobuf', decodeBundle(encodeBundle(bundle)), check)
}

function checkBundle(vector: VectorCase, field: string, bundle: Bundle | undefined, check: Check): void {
  check.bytes('identityPublicKey', vector['identityPublicKey'], bundle?.identity)
  check.bytes('signature', vector['signature'], bundle?.signature)
  check.equal('timestamp', vector['timestamp'], bundle?.timestamp)
  check.equal(`${field}.signedPreKeys`, byInstallation(prekeysOf(vector)), byInstallation(bundle?.signedPrekeys ?? []))
}

function byInstallation(prekeys: readonly SignedPrekey[]): Readonly<Record<string, SignedPrekey>> {
  return Object.fromEntries(prekeys.map(prekey => [prekey.installationId, prekey]))
}

async function verifyBundle(vector: VectorCase, check: Check): Promise<void> {
  const verify = () => {
    const bundle = decodeBundle(vectorBytes(vector['bundleProtobuf']))
    if (bundle === undefined) throw new Error('bundle: not a protobuf')
    assertBundle(bundle)
  }
  await check.verdict('bundleProtobuf', vector['valid'] === true, verify)
}

function agree(vector: VectorCase, check: Check): void {
  const initiator = identityOf(vector['initiatorIdentityPrivateKey'])
  const receiver = identityOf(vector['receiverIdentityPrivateKey'])
  const ephemeral = keyPairOf(vectorBytes(vector['ephemeralPrivateKey']))
  const prekey = keyPairOf(vectorBytes(vector['signedPreKeyPrivateKey']))
  check.bytes(
    'initiatorIdentityPublicKey',
    vector['initiatorIdentityPublicKey'],
    compressPublicKey(initiator.publicKey)
  )
  check.bytes('receiverIdentityPublicKey', vector['receiverIdentityPublicKey'], compressPublicKey(receiver.publicKey))
  check.bytes('ephemeralPublicKey', vector['ephemeralPublicKey'], ephemeral.publicKey)
  check.bytes('signedPreKeyPublicKey', vector['signedPreKeyPublicKey'], prekey.publicKey)
  check.bytes('dh1', vector['dh1'], initiator.ecdhX(prekey.publicKey))
  check.bytes('dh1', vector['dh1'], ecdhX(prekey.privateKey, initiator.publicKey))
  check.bytes('dh2', vector['dh2'], ecdhX(ephemeral.privateKey, receiver.publicKey))
  check.bytes('dh2', vector['dh2'], receiver.ecdhX(ephemeral.publicKey))
  check.bytes('dh3', vector['dh3'], ecdhX(ephemeral.privateKey, prekey.publicKey))
  check.bytes('dh3', vector['dh3'], ecdhX(prekey.privateKey, ephemeral.publicKey))
  const asInitiator = initiateX3dh(initiator, ephemeral, { identity: receiver.publicKey, prekey: prekey.publicKey })
  const asReceiver = respondX3dh(receiver, prekey, { identity: initiator.publicKey, ephemeral: ephemeral.publicKey })
  check.bytes('sharedSecret', vector['sharedSecret'], asInitiator)
  check.bytes('sharedSecret', vector['sharedSecret'], asReceiver)
}

function sealForIdentity(vector: VectorCase, check: Check): void {
  const receiver = vectorBytes(vector['receiverPublicKey'])
  const ephemeral = keyPairOf(vectorBytes(vector['ephemeralPrivateKey']))
  const plaintext = vectorBytes(vector['plaintext'])
  check.bytes('ephemeralPublicKey', vector['ephemeralPublicKey'], ephemeral.publicKey)
  check.bytes('key', vector['key'], ecdhX(ephemeral.privateKey, receiver))
  const payload = sealStatic(receiver, ephemeral, vectorBytes(vector['nonce']), plaintext)
  check.bytes('payload', vector['payload'], payload, [
    ['ciphertext', plaintext.length],
    ['tag', 16],
    ['nonce', 12]
  ])
  const entry = encodeDirectEntry({ installationId: 'none', dhKey: ephemeral.publicKey, payload })
  check.bytes('directMessageProtocolProtobuf', vector['directMessageProtocolProtobuf'], entry)
}

function openForIdentity(vector: VectorCase, check: Check): void {
  const entry = decodeDirectEntry('none', vectorBytes(vector['directMessageProtocolProtobuf']))
  check.bytes('payload', vector['payload'], entry?.payload)
  check.bytes('ephemeralPublicKey', vector['ephemeralPublicKey'], entry?.dhKey)
  const receiver = identityOf(vector['receiverPrivateKey'])
  check.bytes('receiverPublicKey', vector['receiverPublicKey'], compressPublicKey(receiver.publicKey))
  if (entry?.dhKey === undefined) return
  check.bytes('plaintext', vector['plaintext'], openStatic(receiver, entry.dhKey, entry.payload))
}
