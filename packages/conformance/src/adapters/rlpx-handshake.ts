import { ecdhX, eciesDecrypt, publicKeyOf } from '@status-stack/crypto'
import { decodeRlpPrefix, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import {
  answerAuth,
  createFrameReader,
  createFrameSealer,
  createHandshakeReader,
  createInitiator,
  decodeAck,
  decodeAuth,
  decompressSnappy,
  type HandshakeForm,
  type HandshakeRandomness,
  type OpenedHandshake,
  type SessionSecrets,
  signAuth
} from '@status-stack/rlpx/wire'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { Check, Part } from '../runner/check.ts'
import { frameParts } from './support.ts'

const formOf = (vector: VectorCase): HandshakeForm => (vector.name.startsWith('plain') ? 'plain' : 'eip8')

/** Makes both packets, both sides' secrets and every frame from the recorded randomness. */
export function reproduceHandshake(vector: VectorCase, check: Check): void {
  const form = formOf(vector)
  const initiatorKey = vectorBytes(vector['initiatorPrivateKey'])
  const responderKey = vectorBytes(vector['responderPrivateKey'])
  const staticShared = ecdhX(initiatorKey, vectorBytes(vector['responderPublicKey']))
  const nonce = vectorBytes(vector['initiatorNonce'])
  check.bytes('initiatorPublicKey', vector['initiatorPublicKey'], publicKeyOf(initiatorKey))
  check.bytes('responderPublicKey', vector['responderPublicKey'], publicKeyOf(responderKey))
  check.bytes('staticSharedSecret', vector['staticSharedSecret'], staticShared)
  const ephemeralKey = vectorBytes(vector['initiatorEphemeralPrivateKey'])
  check.bytes('authSignature', vector['authSignature'], signAuth(staticShared, nonce, ephemeralKey))
  const ephemeralShared = ecdhX(ephemeralKey, publicKeyOf(vectorBytes(vector['responderEphemeralPrivateKey'])))
  check.bytes('ephemeralSharedSecret', vector['ephemeralSharedSecret'], ephemeralShared)

  const remotePublicKey = vectorBytes(vector['responderPublicKey'])
  const keys = { privateKey: initiatorKey, remotePublicKey }
  const initiator = createInitiator(keys, randomnessOf(vector, 'initiator', form), form)
  check.bytes('authPlaintext', vector['authPlaintext'], opened(form, responderKey, initiator.auth))
  check.bytes('auth', vector['auth'], initiator.auth, packetParts(form, initiator.auth.length))

  const answer = answerAuth(
    responderKey,
    readPacket(responderKey, 'auth', initiator.auth),
    randomnessOf(vector, 'responder', form)
  )
  check.bytes('ackPlaintext', vector['ackPlaintext'], opened(form, initiatorKey, answer.ack))
  check.bytes('ack', vector['ack'], answer.ack, packetParts(form, answer.ack.length))
  check.bytes('initiatorPublicKey', vector['initiatorPublicKey'], answer.remotePublicKey)

  const sides = { initiator: initiator.finish(readPacket(initiatorKey, 'ack', answer.ack)), responder: answer.secrets }
  checkSecrets(vector, sides, check)
  const sealers = { initiator: createFrameSealer(sides.initiator), responder: createFrameSealer(sides.responder) }
  for (const [index, frame] of vector['frames'].entries()) {
    const field = `frames[${index}]`
    const from: 'initiator' | 'responder' = frame.from
    const sealed = sealers[from].seal(frame.code, vectorBytes(frame.snappy ? frame.compressedPayload : frame.payload))
    check.bytes(`${field}.frame`, frame.frame, sealed, frameParts(sealed.length))
    check.bytes(`${field}.egressMacDigestAfter`, frame.egressMacDigestAfter, sides[from].egress.digest())
  }
}

/** Reads the recorded packets and frames as the side that received each. */
export function decodeHandshake(vector: VectorCase, check: Check): void {
  const form = formOf(vector)
  const initiatorKey = vectorBytes(vector['initiatorPrivateKey'])
  const responderKey = vectorBytes(vector['responderPrivateKey'])
  const auth = readPacket(responderKey, 'auth', vectorBytes(vector['auth']))
  check.equal('auth.form', form, auth.form)
  check.bytes('authPlaintext', vector['authPlaintext'], auth.body)
  const fromAuth = decodeAuth(auth.form, auth.body, responderKey)
  check.bytes('initiatorPublicKey', vector['initiatorPublicKey'], fromAuth.initiatorPublicKey)
  check.bytes('initiatorNonce', vector['initiatorNonce'], fromAuth.nonce)
  const ephemeral = publicKeyOf(vectorBytes(vector['initiatorEphemeralPrivateKey']))
  check.bytes('initiatorEphemeralPublicKey', ephemeral, fromAuth.ephemeralPublicKey)

  const ack = readPacket(initiatorKey, 'ack', vectorBytes(vector['ack']))
  check.equal('ack.form', form, ack.form)
  check.bytes('ackPlaintext', vector['ackPlaintext'], ack.body)
  check.bytes('responderNonce', vector['responderNonce'], decodeAck(ack.form, ack.body).nonce)

  const remotePublicKey = vectorBytes(vector['responderPublicKey'])
  const initiator = createInitiator(
    { privateKey: initiatorKey, remotePublicKey },
    randomnessOf(vector, 'initiator', form),
    form
  )
  const sides = {
    initiator: initiator.finish(ack),
    responder: answerAuth(responderKey, auth, randomnessOf(vector, 'responder', form)).secrets
  }
  checkSecrets(vector, sides, check)
  const readers = { initiator: createFrameReader(sides.initiator), responder: createFrameReader(sides.responder) }
  for (const [index, frame] of vector['frames'].entries()) {
    const field = `frames[${index}]`
    const reader = readers[frame.from === 'initiator' ? 'responder' : 'initiator']
    reader.push(vectorBytes(frame.frame))
    const message = reader.next(0xff_ffff)
    check.equal(`${field}.code`, frame.code, message?.id)
    if (frame.snappy) check.bytes(`${field}.compressedPayload`, frame.compressedPayload, message?.payload)
    const payload = message !== undefined && frame.snappy ? decompressSnappy(message.payload) : message?.payload
    check.bytes(`${field}.payload`, frame.payload, payload)
  }
}

export function decodeEip8Auth(vector: VectorCase, check: Check): void {
  const responderKey = vectorBytes(vector['responderPrivateKey'])
  const auth = readPacket(responderKey, 'auth', vectorBytes(vector['packet']))
  check.equal('plainFormat', vector['plainFormat'], auth.form === 'plain')
  const decoded = decodeAuth(auth.form, auth.body, responderKey)
  const initiatorKey = vectorBytes(vector['initiatorPrivateKey'])
  check.bytes('initiatorPubkey', vector['initiatorPubkey'], decoded.initiatorPublicKey.subarray(1))
  check.bytes('initiatorPubkey', vector['initiatorPubkey'], publicKeyOf(initiatorKey).subarray(1))
  check.bytes('nonce', vector['nonce'], decoded.nonce)
  const ephemeral = publicKeyOf(vectorBytes(vector['initiatorEphemeralPrivateKey']))
  check.bytes('initiatorEphemeralPublicKey', ephemeral, decoded.ephemeralPublicKey)
  const raw = rawFields(auth, 3)
  check.bytes('signature', vector['signature'], auth.form === 'plain' ? auth.body.subarray(0, 65) : raw.first)
  checkTail(vector, raw, check)
}

export function decodeEip8Ack(vector: VectorCase, check: Check): void {
  const ack = readPacket(vectorBytes(vector['initiatorPrivateKey']), 'ack', vectorBytes(vector['packet']))
  const decoded = decodeAck(ack.form, ack.body)
  check.bytes('randomPubkey', vector['randomPubkey'], decoded.ephemeralPublicKey.subarray(1))
  check.bytes('nonce', vector['nonce'], decoded.nonce)
  const ephemeral = publicKeyOf(vectorBytes(vector['responderEphemeralPrivateKey']))
  check.bytes('responderEphemeralPublicKey', ephemeral, decoded.ephemeralPublicKey)
  checkTail(vector, rawFields(ack, 2), check)
}

interface RawFields {
  readonly first: Uint8Array
  readonly version: number
  readonly extra: number
}

/** What receivers ignore: the version at `versionAt` and the elements after it. The plain form has neither. */
function rawFields({ form, body }: OpenedHandshake, versionAt: number): RawFields {
  if (form === 'plain') return { first: body, version: 4, extra: 0 }
  const list = rlpList('list', decodeRlpPrefix(body).item)
  return {
    first: rlpBytes('first element', list[0]),
    version: rlpUint('version', list[versionAt], 53),
    extra: list.length - versionAt - 1
  }
}

function checkTail(vector: VectorCase, raw: RawFields, check: Check): void {
  check.equal('version', vector['version'], raw.version)
  check.equal('extraListItems', vector['extraListItems'], raw.extra)
}

function randomnessOf(vector: VectorCase, side: 'initiator' | 'responder', form: HandshakeForm): HandshakeRandomness {
  const packet = side === 'initiator' ? 'auth' : 'ack'
  const plaintext = vectorBytes(vector[`${packet}Plaintext`])
  return {
    ephemeralPrivateKey: vectorBytes(vector[`${side}EphemeralPrivateKey`]),
    nonce: vectorBytes(vector[`${side}Nonce`]),
    ecies: {
      ephemeralPrivateKey: vectorBytes(vector[`${packet}EciesEphemeralPrivateKey`]),
      iv: vectorBytes(vector[`${packet}EciesIv`])
    },
    padding: form === 'plain' ? 0 : plaintext.length - decodeRlpPrefix(plaintext).length
  }
}

function readPacket(privateKey: Uint8Array, kind: 'auth' | 'ack', packet: Uint8Array): OpenedHandshake {
  const result = createHandshakeReader(privateKey, kind).push(packet)
  if (result === undefined) throw new Error(`${kind}: not whole`)
  return result.opened
}

function opened(form: HandshakeForm, privateKey: Uint8Array, packet: Uint8Array): Uint8Array {
  return form === 'plain'
    ? eciesDecrypt(privateKey, packet)
    : eciesDecrypt(privateKey, packet.subarray(2), packet.slice(0, 2))
}

function packetParts(form: HandshakeForm, length: number): readonly Part[] {
  const size = form === 'plain' ? 0 : 2
  return [
    ['size', size],
    ['ephemeralKey', 65],
    ['iv', 16],
    ['ciphertext', length - size - 113],
    ['mac', 32]
  ]
}

function checkSecrets(
  vector: VectorCase,
  sides: Readonly<Record<'initiator' | 'responder', SessionSecrets>>,
  check: Check
): void {
  const { initiator, responder } = sides
  for (const side of [initiator, responder]) {
    check.bytes('aesSecret', vector['aesSecret'], side.aes)
    check.bytes('macSecret', vector['macSecret'], side.mac)
  }
  check.bytes('initiatorEgressMacDigest', vector['initiatorEgressMacDigest'], initiator.egress.digest())
  check.bytes('initiatorIngressMacDigest', vector['initiatorIngressMacDigest'], initiator.ingress.digest())
  check.bytes('initiatorEgressMacDigest', vector['initiatorEgressMacDigest'], responder.ingress.digest())
  check.bytes('initiatorIngressMacDigest', vector['initiatorIngressMacDigest'], responder.egress.digest())
}
