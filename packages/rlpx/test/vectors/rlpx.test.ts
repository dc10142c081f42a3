import {
  createKeccak256,
  ecdhX,
  eciesDecrypt,
  eciesEncrypt,
  hexToBytes,
  keccak256,
  publicKeyOf
} from '@status-stack/crypto'
import { decodeRlpPrefix } from '@status-stack/rlp'
import { vectorBytes as bytes, vectorHex as hex, loadVectors, type VectorCase } from '@status-stack/vectors'
import { expect, test } from 'vitest'
import { formatEnode, parseEnode, peerIdOf } from '../../src/enode.ts'
import { createFrameSealer } from '../../src/frame/frame.ts'
import { createFrameReader } from '../../src/frame/reader.ts'
import { decodeAck } from '../../src/handshake/ack.ts'
import { decodeAuth } from '../../src/handshake/auth.ts'
import { createHandshakeReader, type OpenedHandshake } from '../../src/handshake/packet.ts'
import { answerAuth, createInitiator, type HandshakeRandomness } from '../../src/handshake/roles.ts'
import { deriveSecrets, type SessionSecrets } from '../../src/handshake/secrets.ts'
import { decodeDisconnect, decodeHello, encodeDisconnect, encodeHello } from '../../src/p2p/messages.ts'
import { disconnectReasons, reasonName } from '../../src/p2p/reasons.ts'
import { decompress } from '../../src/p2p/snappy.ts'
import { compressed } from '../../src/p2p/snappy-compress.ts'

const { sections } = await loadVectors('rlpx')
const cases = (section: string): readonly VectorCase[] => {
  const found = sections[section] ?? []
  expect(found.length).toBeGreaterThan(0)
  return found
}
const form = (name: string): 'plain' | 'eip8' => (name.startsWith('plain') ? 'plain' : 'eip8')

function open(privateKey: Uint8Array, kind: 'auth' | 'ack', packet: Uint8Array): OpenedHandshake {
  const result = createHandshakeReader(privateKey, kind).push(packet)
  if (result === undefined) throw new Error('incomplete')
  expect(result.rest.length).toBe(0)
  return result.opened
}

const randomness = (c: VectorCase, side: 'initiator' | 'responder'): HandshakeRandomness => {
  const packet = side === 'initiator' ? 'auth' : 'ack'
  const plaintext = bytes(c[`${packet}Plaintext`])
  return {
    ephemeralPrivateKey: bytes(c[`${side}EphemeralPrivateKey`]),
    nonce: bytes(c[`${side}Nonce`]),
    ecies: { ephemeralPrivateKey: bytes(c[`${packet}EciesEphemeralPrivateKey`]), iv: bytes(c[`${packet}EciesIv`]) },
    padding: form(c.name) === 'plain' ? 0 : plaintext.length - decodeRlpPrefix(plaintext).length
  }
}

test('T-1 ECIES vectors are reproduced and opened', () => {
  for (const c of cases('ecies')) {
    const message = eciesEncrypt(bytes(c.publicKey), bytes(c.plaintext), bytes(c.sharedMacData), {
      ephemeralPrivateKey: bytes(c.ephemeralPrivateKey),
      iv: bytes(c.iv)
    })
    expect(hex(message)).toBe(c.ciphertext)
    expect(message.length).toBe(bytes(c.plaintext).length + 113)
    expect(hex(eciesDecrypt(bytes(c.privateKey), bytes(c.ciphertext), bytes(c.sharedMacData)))).toBe(c.plaintext)
  }
})

test('T-7 handshake vectors are reproduced byte for byte, then their frames', () => {
  for (const c of cases('handshake')) {
    const keyI = bytes(c.initiatorPrivateKey)
    const keyR = bytes(c.responderPrivateKey)
    expect(hex(ecdhX(keyI, bytes(c.responderPublicKey)))).toBe(c.staticSharedSecret)
    const initiator = createInitiator(
      { privateKey: keyI, remotePublicKey: bytes(c.responderPublicKey) },
      randomness(c, 'initiator'),
      form(c.name)
    )
    expect(hex(initiator.auth)).toBe(c.auth)
    const opened = open(keyR, 'auth', initiator.auth)
    expect(opened.form).toBe(form(c.name))
    expect(hex(opened.body)).toBe(c.authPlaintext)
    const answer = answerAuth(keyR, opened, randomness(c, 'responder'))
    expect(hex(answer.ack)).toBe(c.ack)
    expect(hex(answer.remotePublicKey)).toBe(hex(publicKeyOf(keyI)))
    const ack = open(keyI, 'ack', answer.ack)
    expect(hex(ack.body)).toBe(c.ackPlaintext)
    const ours = initiator.finish(ack)
    for (const secrets of [ours, answer.secrets]) {
      expect(hex(secrets.aes)).toBe(c.aesSecret)
      expect(hex(secrets.mac)).toBe(c.macSecret)
    }
    expect(hex(ours.egress.digest())).toBe(c.initiatorEgressMacDigest)
    expect(hex(ours.ingress.digest())).toBe(c.initiatorIngressMacDigest)
    checkFrames(c, ours, answer.secrets)
  }
})

function checkFrames(c: VectorCase, initiator: SessionSecrets, responder: SessionSecrets): void {
  const sides = { initiator, responder }
  const sealers = { initiator: createFrameSealer(initiator), responder: createFrameSealer(responder) }
  const readers = { initiator: createFrameReader(responder), responder: createFrameReader(initiator) }
  for (const frame of c['frames'] as VectorCase[]) {
    const from = (frame['from'] as string) === 'initiator' ? 'initiator' : 'responder'
    const payload = bytes(frame['snappy'] ? frame['compressedPayload'] : frame['payload'])
    expect(hex(sealers[from].seal(frame['code'], payload))).toBe(frame['frame'])
    expect(hex(sides[from].egress.digest())).toBe(frame['egressMacDigestAfter'])
    readers[from].push(bytes(frame['frame']))
    const message = readers[from].next(0xffffff)
    expect(message?.id).toBe(frame['code'])
    expect(hex(message?.payload ?? new Uint8Array())).toBe(hex(payload))
    if (frame['snappy']) expect(hex(decompress(payload))).toBe(frame['payload'])
  }
}

test('T-4 EIP-8 auth and ack packets are decoded, with extra elements and other versions', () => {
  for (const c of cases('eip8_auth')) {
    const opened = open(bytes(c.responderPrivateKey), 'auth', bytes(c.packet))
    expect(opened.form).toBe(c.plainFormat ? 'plain' : 'eip8')
    const auth = decodeAuth(opened.form, opened.body, bytes(c.responderPrivateKey))
    expect(hex(auth.initiatorPublicKey.subarray(1))).toBe(c.initiatorPubkey)
    expect(hex(auth.nonce)).toBe(c.nonce)
    expect(hex(auth.ephemeralPublicKey)).toBe(hex(publicKeyOf(bytes(c.initiatorEphemeralPrivateKey))))
  }
  for (const c of cases('eip8_ack')) {
    const opened = open(bytes(c.initiatorPrivateKey), 'ack', bytes(c.packet))
    const ack = decodeAck(opened.form, opened.body)
    expect(hex(ack.ephemeralPublicKey.subarray(1))).toBe(c.randomPubkey)
    expect(hex(ack.nonce)).toBe(c.nonce)
  }
})

test('T-8 the ingress MAC of the EIP-8 secrets absorbs foo as the vector says', () => {
  for (const c of cases('eip8_secrets')) {
    const secrets = deriveSecrets({
      role: 'recipient',
      ephemeralPrivateKey: bytes(c.responderEphemeralPrivateKey),
      remoteEphemeralPublicKey: publicKeyOf(bytes(c.initiatorEphemeralPrivateKey)),
      initiatorNonce: bytes(c.initiatorNonce),
      recipientNonce: bytes(c.responderNonce),
      auth: bytes(c.auth),
      ack: bytes(c.ack)
    })
    expect(hex(secrets.aes)).toBe(c.aesSecret)
    expect(hex(secrets.mac)).toBe(c.macSecret)
    expect(hex(secrets.ingress.update(new TextEncoder().encode('foo')).digest())).toBe(
      c.responderIngressMacDigestAfterFoo
    )
  }
})

const known = (c: VectorCase): SessionSecrets => ({
  aes: bytes(c['aesSecret']),
  mac: bytes(c['macSecret']),
  egress: createKeccak256().update(bytes(c['macSeed'])),
  ingress: createKeccak256().update(bytes(c['macSeed']))
})

test('T-10 frames of known secrets run on one key stream in each direction', () => {
  for (const c of cases('frames_known_secrets')) {
    const sealer = createFrameSealer(known(c))
    const reader = createFrameReader(known(c))
    for (const frame of c['frames'] as VectorCase[]) {
      expect(hex(sealer.seal(frame['code'], bytes(frame['payload'])))).toBe(frame['frame'])
      reader.push(bytes(frame['frame']))
      const message = reader.next(0xffffff)
      expect(message?.id).toBe(frame['code'])
      expect(hex(message?.payload ?? new Uint8Array())).toBe(frame['payload'])
    }
  }
})

test('T-11 invalid frames are refused with the right MAC error', () => {
  for (const c of cases('frames_invalid')) {
    const reader = createFrameReader(known(c))
    reader.push(bytes(c['frame']))
    expect(() => reader.next(0xffffff)).toThrow(c['error'])
  }
})

test('T-16 Hello vectors are reproduced; extra items are ignored, bad ids refused with reason 7', () => {
  for (const c of cases('hello')) {
    const hello = decodeHello(bytes(c['payload']))
    expect(hello).toMatchObject({ version: c['version'], clientName: c['clientId'], listenPort: c['listenPort'] })
    expect(hello.capabilities).toEqual(c['caps'] ?? [])
    expect(hex(hello.key)).toBe(c['nodeId'])
    expect(hex(encodeHello(hello))).toBe(c['payload'])
  }
  for (const c of cases('hello_receive')) {
    if (c['accepted']) expect(decodeHello(bytes(c['payload'])).key.length).toBe(64)
    else expect(() => decodeHello(bytes(c['payload']))).toThrow(expect.objectContaining({ details: { reason: 7 } }))
  }
})

test('T-18 Disconnect vectors in both directions, plain and compressed', () => {
  for (const c of cases('disconnect')) {
    expect(decodeDisconnect(bytes(c['payload']))).toBe(c['reason'])
    expect(decodeDisconnect(decompress(bytes(c['snappyPayload'])))).toBe(c['reason'])
    const name = reasonName(c['reason'])
    expect(name in disconnectReasons).toBe(true)
    if (name !== 'unknown') expect(hex(encodeDisconnect(name))).toBe(c['payload'])
  }
})

test('T-15 Snappy vectors are opened, oversized and corrupt ones refused', () => {
  for (const c of cases('snappy')) {
    expect(hex(decompress(bytes(c['compressed'])))).toBe(c['plain'])
    expect(hex(decompress(compressed(bytes(c['plain']))))).toBe(c['plain'])
  }
  for (const c of cases('snappy_invalid')) expect(() => decompress(bytes(c['compressed']))).toThrow(/snappy/)
})

test('T-28 enode vectors are read, written and hashed', () => {
  for (const c of cases('enode')) {
    const node = parseEnode(c['enode'])
    expect(formatEnode(node)).toBe(c['enode'])
    expect(`0x${peerIdOf(node.publicKey)}`).toBe(c['nodeId'])
    expect(hex(keccak256(publicKeyOf(bytes(c['privateKey'])).slice(1)))).toBe(c['nodeId'])
  }
  expect(hexToBytes('00').length).toBe(1)
})
