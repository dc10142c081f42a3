import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { expect } from 'vitest'
import { envelopeBloom } from '../../src/bloom.ts'
import {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  envelopeHash,
  envelopeSize,
  sentSeconds
} from '../../src/envelope.ts'
import { openMessage, sealMessage } from '../../src/message/wrap.ts'
import { sealEnvelope } from '../../src/posting.ts'
import { envelopePow, envelopePowOfBytes, powTargetBits } from '../../src/pow.ts'
import { judgeEnvelope } from '../../src/relay/acceptance.ts'
import type { InterestKey, RouteKey } from '../../src/route.ts'
import { createInThreadSearcher } from '../../src/search/in-thread.ts'
import { createRecordedRandom, createTestKey } from '../../src/testing/index.ts'

const searcher = createInThreadSearcher({ nowMs: () => 0 })

function keys(vector: VectorCase): { readonly route: RouteKey; readonly interest: InterestKey } {
  if (vector.mode === 'sym') {
    const key = { kind: 'symmetric' as const, key: vectorBytes(vector.symKey) }
    return { route: key, interest: key }
  }
  const identity = createTestKey(vectorBytes(vector.recipientPrivateKey))
  return {
    route: { kind: 'asymmetric', publicKey: identity.publicKey },
    interest: { kind: 'asymmetric', identity }
  }
}

function randomness(vector: VectorCase): readonly Uint8Array[] {
  const padding = vector.paddingExplicit ? [] : [vectorBytes(vector.padding)]
  return vector.mode === 'sym'
    ? [...padding, vectorBytes(vector.salt)]
    : [...padding, vectorBytes(vector.eciesEphemeralPrivateKey), vectorBytes(vector.eciesIv)]
}

function openedPayload(given: Envelope, interest: InterestKey): Uint8Array {
  const opened = openMessage(given.data, interest)
  if (typeof opened === 'string') throw new Error(opened)
  return opened.payload
}

/** Large vectors leave the padding out: it is what the message itself holds. */
function recovered(vector: VectorCase, given: Envelope, interest: InterestKey): readonly Uint8Array[] {
  const opened = openMessage(given.data, interest)
  if (typeof opened === 'string') throw new Error(opened)
  return randomness({ ...vector, padding: vectorHex(opened.padding) })
}

/** `valid`: sealed byte for byte. */
export async function checkSeal(vector: VectorCase): Promise<void> {
  const { route, interest } = keys(vector)
  const signer = vector.signerPrivateKey ? createTestKey(vectorBytes(vector.signerPrivateKey)) : undefined
  const rlp = vectorBytes(vector.rlp)
  const given = decodeEnvelope(rlp)
  const payload = vector.payload === undefined ? openedPayload(given, interest) : vectorBytes(vector.payload)
  const padding = vector.padding === undefined ? undefined : vectorBytes(vector.padding)
  const data = sealMessage(
    { payload, key: route, signer, padding: vector.paddingExplicit ? padding : undefined },
    createRecordedRandom(padding === undefined ? recovered(vector, given, interest) : randomness(vector))
  )
  expect(vectorHex(keccak256(data))).toBe(vector.dataKeccak256)
  const { expiry, ttl, topic } = given
  const sealed = await sealEnvelope(
    { expiry, ttl, topic, data },
    { target: Number(vector.powTarget), timeSeconds: 5 },
    searcher
  )
  expect(sealed.nonce).toBe(given.nonce)
  const bytes = encodeEnvelope(sealed)
  expect(vectorHex(bytes)).toBe(vector.rlp)
  expect(vectorHex(envelopeHash(bytes))).toBe(vector.hash)
  expect(envelopePow(sealed)).toBe(Number(vector.pow))
  expect(envelopePowOfBytes(bytes, sealed)).toBe(Number(vector.pow))
  expect(envelopeSize(sealed)).toBe(vector.size)
  expect(sentSeconds(sealed)).toBe(vector.sentTimestamp)
  if (Number(vector.powTarget) > 0) {
    expect(powTargetBits(Number(vector.powTarget), data.length, ttl)).toBe(vector.powTargetBits)
  }
}

/** `valid`: opened, with the signer. */
export function checkOpen(vector: VectorCase): void {
  const envelope = decodeEnvelope(vectorBytes(vector.rlp))
  const opened = openMessage(envelope.data, keys(vector).interest)
  if (typeof opened === 'string') throw new Error(opened)
  if (vector.payload !== undefined) expect(vectorHex(opened.payload)).toBe(vector.payload)
  if (vector.padding !== undefined) expect(vectorHex(opened.padding)).toBe(vector.padding)
  expect(opened.payload.length).toBe(vector.payloadLength)
  expect(opened.signer && vectorHex(opened.signer)).toBe(vector.signerPublicKey ?? undefined)
  expect(opened.signature && vectorHex(opened.signature)).toBe(vector.signature ?? undefined)
}

/** `open`: opened, or dropped for the right reason. */
export function checkOpenOrDrop(vector: VectorCase): void {
  const opened = openMessage(decodeEnvelope(vectorBytes(vector.rlp)).data, keys(vector).interest)
  if (vector.result !== 'ok') {
    expect(opened).toBe(vector.result)
    return
  }
  if (typeof opened === 'string') throw new Error(opened)
  expect(vectorHex(opened.payload)).toBe(vector.payload)
  expect(vectorHex(opened.padding)).toBe(vector.padding)
  expect(opened.signer ? vectorHex(opened.signer) : null).toBe(vector.signerPublicKey ?? null)
}

/** `rlp_decode`. */
export function checkDecode(vector: VectorCase): void {
  const bytes = vectorBytes(vector.rlp)
  if (!vector.decodes) {
    expect(() => decodeEnvelope(bytes)).toThrow(expect.objectContaining({ code: 'invalid-envelope', origin: 'peer' }))
    return
  }
  expect(vectorHex(encodeEnvelope(decodeEnvelope(bytes)))).toBe(vector.rlp)
  expect(`0x${bytesToHex(envelopeHash(bytes))}`).toBe(vector.hash)
}

/** `node_accept`. */
export function checkJudgement(vector: VectorCase): void {
  const bytes = vectorBytes(vector.rlp)
  const envelope = decodeEnvelope(bytes)
  let computed = 0
  const verdict = judgeEnvelope(
    envelope,
    {
      pow: futureSeconds => {
        computed = envelopePowOfBytes(bytes, envelope, futureSeconds)
        return computed
      },
      bloom: () => envelopeBloom(envelope.topic)
    },
    {
      minPow: Number(vector.minPow),
      toleratedMinPow: Number(vector.minPow),
      bloom: vector.nodeBloom === null ? undefined : vectorBytes(vector.nodeBloom),
      toleratedBloom: vector.nodeBloom === null ? undefined : vectorBytes(vector.nodeBloom),
      maxMessageSize: vector.maxMessageSize,
      syncAllowanceSeconds: 10
    },
    vector.now
  )
  expect(verdict.kind).toBe(vector.result === 'error' ? 'refused' : vector.result)
  expect(computed).toBe(Number(vector.effectivePow))
}
