import { createKeccak256, eciesDecrypt, eciesEncrypt, publicKeyOf } from '@status-stack/crypto'
import { formatEnode, parseEnode } from '@status-stack/rlpx'
import {
  baseMessage,
  compressSnappy,
  createFrameReader,
  createFrameSealer,
  decodeDisconnect,
  decodeHello,
  decompressSnappy,
  deriveSecrets,
  disconnectReasons,
  encodeDisconnect,
  encodeHello,
  nodeIdOf
} from '@status-stack/rlpx/wire'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { Adapter } from '../runner/adapter.ts'
import type { Check, Part } from '../runner/check.ts'
import { decodeEip8Ack, decodeEip8Auth, decodeHandshake, reproduceHandshake } from './rlpx-handshake.ts'
import { bytesOf, frameParts } from './support.ts'

export const rlpx: Adapter = {
  file: 'rlpx.json',
  sections: {
    handshake: { reproduce: reproduceHandshake, decode: decodeHandshake },
    eip8_auth: { decode: decodeEip8Auth },
    eip8_ack: { decode: decodeEip8Ack },
    eip8_secrets: { reproduce: deriveEip8Secrets },
    ecies: { reproduce: encryptEcies, decode: decryptEcies },
    frames_known_secrets: { reproduce: sealFrames, decode: openFrames },
    frames_invalid: { decode: refuseFrame },
    hello: { reproduce: encodeHelloCase, decode: decodeHelloCase },
    hello_receive: { decode: receiveHello },
    disconnect: { reproduce: encodeDisconnectCase, decode: decodeDisconnectCase },
    snappy: { decode: decompressCase, roundtrip: compressCase },
    snappy_invalid: {
      decode: (vector, check) => check.refused('compressed', () => decompressSnappy(vectorBytes(vector['compressed'])))
    },
    enode: { reproduce: formatEnodeCase, decode: parseEnodeCase }
  }
}

const frameBytes = 0xff_ffff

function deriveEip8Secrets(vector: VectorCase, check: Check): void {
  const secrets = deriveSecrets({
    role: 'recipient',
    ephemeralPrivateKey: vectorBytes(vector['responderEphemeralPrivateKey']),
    remoteEphemeralPublicKey: publicKeyOf(vectorBytes(vector['initiatorEphemeralPrivateKey'])),
    initiatorNonce: vectorBytes(vector['initiatorNonce']),
    recipientNonce: vectorBytes(vector['responderNonce']),
    auth: vectorBytes(vector['auth']),
    ack: vectorBytes(vector['ack'])
  })
  check.bytes('aesSecret', vector['aesSecret'], secrets.aes)
  check.bytes('macSecret', vector['macSecret'], secrets.mac)
  const afterFoo = secrets.ingress.update(new TextEncoder().encode('foo')).digest()
  check.bytes('responderIngressMacDigestAfterFoo', vector['responderIngressMacDigestAfterFoo'], afterFoo)
}

function encryptEcies(vector: VectorCase, check: Check): void {
  const plaintext = vectorBytes(vector['plaintext'])
  const ciphertext = eciesEncrypt(vectorBytes(vector['publicKey']), plaintext, bytesOf(vector['sharedMacData']), {
    ephemeralPrivateKey: vectorBytes(vector['ephemeralPrivateKey']),
    iv: vectorBytes(vector['iv'])
  })
  const parts: readonly Part[] = [
    ['ephemeralKey', 65],
    ['iv', 16],
    ['ciphertext', plaintext.length],
    ['mac', 32]
  ]
  check.bytes('ciphertext', vector['ciphertext'], ciphertext, parts)
}

function decryptEcies(vector: VectorCase, check: Check): void {
  const privateKey = vectorBytes(vector['privateKey'])
  check.bytes('publicKey', vector['publicKey'], publicKeyOf(privateKey))
  const plaintext = eciesDecrypt(privateKey, vectorBytes(vector['ciphertext']), bytesOf(vector['sharedMacData']))
  check.bytes('plaintext', vector['plaintext'], plaintext)
}

/** Both directions start from a MAC state that has taken in the seed. */
function knownSecrets(
  vector: VectorCase
): Parameters<typeof createFrameSealer>[0] & Parameters<typeof createFrameReader>[0] {
  const state = () => createKeccak256().update(vectorBytes(vector['macSeed']))
  return {
    aes: vectorBytes(vector['aesSecret']),
    mac: vectorBytes(vector['macSecret']),
    egress: state(),
    ingress: state()
  }
}

function sealFrames(vector: VectorCase, check: Check): void {
  const sealer = createFrameSealer(knownSecrets(vector))
  for (const [index, { code, payload, frame }] of vector['frames'].entries()) {
    const sealed = sealer.seal(code, vectorBytes(payload))
    check.bytes(`frames[${index}].frame`, frame, sealed, frameParts(sealed.length))
  }
}

function openFrames(vector: VectorCase, check: Check): void {
  const reader = createFrameReader(knownSecrets(vector))
  for (const [index, { code, payload, frame }] of vector['frames'].entries()) {
    reader.push(vectorBytes(frame))
    const message = reader.next(frameBytes)
    check.equal(`frames[${index}].code`, code, message?.id)
    check.bytes(`frames[${index}].payload`, payload, message?.payload)
  }
}

async function refuseFrame(vector: VectorCase, check: Check): Promise<void> {
  const reader = createFrameReader(knownSecrets(vector))
  reader.push(vectorBytes(vector['frame']))
  await check.refused('frame', () => reader.next(frameBytes))
}

function encodeHelloCase(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], baseMessage.hello)
  const payload = encodeHello({
    version: vector['version'],
    clientName: vector['clientId'],
    capabilities: vector['caps'] ?? [],
    listenPort: vector['listenPort'],
    key: vectorBytes(vector['nodeId'])
  })
  check.bytes('payload', vector['payload'], payload)
}

function decodeHelloCase(vector: VectorCase, check: Check): void {
  const hello = decodeHello(vectorBytes(vector['payload']))
  check.equal('version', vector['version'], hello.version)
  check.equal('clientId', vector['clientId'], hello.clientName)
  check.equal('caps', vector['caps'] ?? [], hello.capabilities)
  check.equal('listenPort', vector['listenPort'], hello.listenPort)
  check.bytes('nodeId', vector['nodeId'], hello.key)
}

async function receiveHello(vector: VectorCase, check: Check): Promise<void> {
  const decode = () => decodeHello(vectorBytes(vector['payload']))
  await check.verdict('payload', vector['accepted'] === true, decode)
}

function encodeDisconnectCase(vector: VectorCase, check: Check): void {
  check.equal('code', vector['code'], baseMessage.disconnect)
  const name = Object.entries(disconnectReasons).find(([, code]) => code === vector['reason'])?.[0]
  if (name === undefined) throw new Error(`reason: ${vector['reason']} has no name`)
  check.bytes('payload', vector['payload'], encodeDisconnect(name as keyof typeof disconnectReasons))
}

function decodeDisconnectCase(vector: VectorCase, check: Check): void {
  check.equal('reason', vector['reason'], decodeDisconnect(vectorBytes(vector['payload'])))
  if (vector['snappyPayload'] === undefined) return
  check.equal(
    'snappyPayload',
    vector['reason'],
    decodeDisconnect(decompressSnappy(vectorBytes(vector['snappyPayload'])))
  )
}

function decompressCase(vector: VectorCase, check: Check): void {
  check.bytes('plain', vector['plain'], decompressSnappy(vectorBytes(vector['compressed'])))
}

/** Another compressor may give other bytes; they have to come back. */
function compressCase(vector: VectorCase, check: Check): void {
  check.bytes('plain', vector['plain'], decompressSnappy(compressSnappy(vectorBytes(vector['plain']))))
}

function formatEnodeCase(vector: VectorCase, check: Check): void {
  const publicKey = publicKeyOf(vectorBytes(vector['privateKey']))
  check.bytes('nodeId', vector['nodeId'], nodeIdOf(publicKey))
  check.equal('enode', vector['enode'], formatEnode({ ...parseEnode(vector['enode']), publicKey }))
}

function parseEnodeCase(vector: VectorCase, check: Check): void {
  const node = parseEnode(vector['enode'])
  check.bytes('publicKey', publicKeyOf(vectorBytes(vector['privateKey'])), node.publicKey)
  check.bytes('nodeId', vector['nodeId'], nodeIdOf(node.publicKey))
}
