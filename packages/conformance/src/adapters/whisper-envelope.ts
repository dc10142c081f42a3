import { keccak256, prepareNonceSearch } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { type VectorCase, vectorBytes } from '@status-stack/vectors'
import type { InterestKey } from '@status-stack/whisper'
import {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  encodePlaintext,
  envelopeBloom,
  envelopeHash,
  envelopePow,
  envelopeSize,
  judgeEnvelope,
  leadingZeroBits,
  type MessageContent,
  nonceBytes,
  openMessage,
  paddingLength,
  powPrefix,
  powTargetBits,
  sealMessage,
  sentSeconds,
  sizeFieldLength
} from '@status-stack/whisper/wire'
import type { Adapter, CaseContext } from '../runner/adapter.ts'
import type { Check, Part } from '../runner/check.ts'
import { bytesOf, floatOf, identityOf, recordedRandom } from './support.ts'

export const whisperEnvelope: Adapter = {
  file: 'whisper-envelope.json',
  sections: {
    valid: { reproduce: reproduceEnvelope, decode: decodeValid },
    open: { decode: openCase },
    rlp_decode: { decode: decodeRlpCase },
    node_accept: { decode: acceptCase }
  }
}

function reproduceEnvelope(vector: VectorCase, check: Check, context: CaseContext): void {
  const payload = vectorBytes(vector['payload'])
  const signer = vector['signerPrivateKey'] === null ? undefined : identityOf(vector['signerPrivateKey'])
  const symmetric = vector['mode'] === 'sym'
  const key: MessageContent['key'] = symmetric
    ? { kind: 'symmetric', key: vectorBytes(vector['symKey']) }
    : { kind: 'asymmetric', publicKey: vectorBytes(vector['recipientPublicKey']) }
  const explicit = vector['paddingExplicit'] === true
  const content = { payload, signer, ...(explicit ? { padding: vectorBytes(vector['padding']) } : {}) }
  const automatic = explicit ? [] : [vector['padding']]
  const sealing = symmetric ? [vector['salt']] : [vector['eciesEphemeralPrivateKey'], vector['eciesIv']]

  check.equal('payloadLength', vector['payloadLength'], payload.length)
  check.equal('payloadSizeFieldLength', vector['payloadSizeFieldLength'], sizeFieldLength(payload.length))
  if (!explicit)
    check.equal('paddingLength', vector['paddingLength'], paddingLength(payload.length, signer !== undefined))
  const plaintext = encodePlaintext(content, recordedRandom(automatic))
  if (payload.length <= longestGivenWhole)
    check.bytes('plaintext', vector['plaintext'], plaintext, plaintextParts(vector))
  check.equal('flags', vector['flags'], plaintext[0])
  check.bytes('plaintextKeccak256', vector['plaintextKeccak256'], keccak256(plaintext))
  if (signer !== undefined) check.bytes('signature', vector['signature'], plaintext.subarray(-65))

  const data = sealMessage({ ...content, key }, recordedRandom([...automatic, ...sealing]))
  if (isGivenWhole(data)) check.bytes('envelope.data', vector['envelope'].data, data, dataParts(symmetric, data.length))
  check.bytes('dataKeccak256', vector['dataKeccak256'], keccak256(data))

  const unsealed = {
    expiry: vector['sentTimestamp'] + vector['ttl'],
    ttl: vector['ttl'],
    topic: vectorBytes(vector['topic']),
    data
  }
  const envelope: Envelope = { ...unsealed, nonce: findNonce(vector, unsealed, check, context) }
  check.equal('envelope.nonce', vector['envelope'].nonce, envelope.nonce)
  const bytes = encodeEnvelope(envelope)
  check.bytes('rlp', vector['rlp'], bytes, envelopeParts(envelope))
  checkFacts(vector, envelope, bytes, check)
}

/** Of longer data the vectors give hashes, and the envelope as a whole. */
const longestGivenWhole = 8192
const isGivenWhole = (data: Uint8Array): boolean => data.length <= longestGivenWhole

/** The smallest nonce that reaches the target; target 0 asks for no search at all. */
function findNonce(
  vector: VectorCase,
  unsealed: Omit<Envelope, 'nonce'>,
  check: Check,
  { limits }: CaseContext
): bigint {
  const target = floatOf(vector['powTarget'])
  const bits: number = vector['powTargetBits']
  check.equal('powTargetBits', bits, powTargetBits(target, unsealed.data.length, unsealed.ttl))
  if (target === 0) return 0n
  if (bits > limits.maxPowBits) throw new Error(`powTargetBits: expected at most ${limits.maxPowBits}, got ${bits}`)
  const search = prepareNonceSearch(powPrefix(unsealed))
  const batch = 1 << 16
  // A search for n bits fails in 2^(n+8) tries once in e^256 times.
  for (let start = 0; start < 2 ** (bits + 8); start += batch) {
    const nonce = search.search(bits, start, batch)
    if (nonce >= 0) return BigInt(nonce)
  }
  throw new Error(`no nonce reaches ${bits} bits`)
}

function decodeValid(vector: VectorCase, check: Check): void {
  const bytes = vectorBytes(vector['rlp'])
  const envelope = decodeEnvelope(bytes)
  const { data, ...rest } = envelope
  for (const [name, value] of Object.entries(rest)) check.equal(`envelope.${name}`, vector['envelope'][name], value)
  if (isGivenWhole(data)) check.bytes('envelope.data', vector['envelope'].data, data)
  check.equal('sentTimestamp', vector['sentTimestamp'], sentSeconds(envelope))
  checkFacts(vector, envelope, bytes, check)
  checkOpened(vector, openMessage(data, interestKeyOf(vector)), check)
}

/** What follows from an envelope alone: its hash, sizes and proof of work. */
function checkFacts(vector: VectorCase, envelope: Envelope, bytes: Uint8Array, check: Check): void {
  const prefix = powPrefix(envelope)
  const powHash = keccak256(new Uint8Array([...prefix, ...nonceBytes(envelope.nonce)]))
  check.bytes('hash', vector['hash'], envelopeHash(bytes))
  check.equal('dataLength', vector['dataLength'], envelope.data.length)
  check.equal('size', vector['size'], envelopeSize(envelope))
  if (isGivenWhole(envelope.data)) check.bytes('rlpWithoutNonce', vector['rlpWithoutNonce'], prefix)
  check.equal('powDivisorRlpWithoutNonceLength', vector['powDivisorRlpWithoutNonceLength'], prefix.length)
  check.bytes('powHash', vector['powHash'], powHash)
  check.equal('powLeadingZeroBits', vector['powLeadingZeroBits'], leadingZeroBits(powHash))
  check.equal('pow', floatOf(vector['pow']), envelopePow(envelope))
  check.bytes('bloom', vector['bloom'], envelopeBloom(envelope.topic))
}

export function openCase(vector: VectorCase, check: Check): void {
  const opened = openMessage(decodeEnvelope(vectorBytes(vector['rlp'])).data, interestKeyOf(vector))
  check.equal('result', vector['result'], typeof opened === 'string' ? opened : 'ok')
  if (typeof opened !== 'string') checkOpened(vector, opened, check)
}

function checkOpened(vector: VectorCase, opened: ReturnType<typeof openMessage>, check: Check): void {
  if (typeof opened === 'string') {
    check.equal('result', 'ok', opened)
    return
  }
  check.bytes('payload', vector['payload'] ?? '0x', opened.payload)
  check.bytes('padding', vector['padding'] ?? '0x', opened.padding)
  check.bytes('signerPublicKey', vector['signerPublicKey'], opened.signer)
}

function interestKeyOf(vector: VectorCase): InterestKey {
  return vector['mode'] === 'sym'
    ? { kind: 'symmetric', key: vectorBytes(vector['symKey']) }
    : { kind: 'asymmetric', identity: identityOf(vector['recipientPrivateKey']) }
}

async function decodeRlpCase(vector: VectorCase, check: Check): Promise<void> {
  const bytes = vectorBytes(vector['rlp'])
  const envelope = await check.verdict('rlp', vector['decodes'] === true, () => decodeEnvelope(bytes))
  if (envelope === undefined) return
  check.bytes('rlp', vector['rlp'], encodeEnvelope(envelope), envelopeParts(envelope))
  check.bytes('hash', vector['hash'], envelopeHash(bytes))
}

const results = { accepted: 'accepted', dropped: 'dropped', refused: 'error' } as const

/** A node whose requirements have not changed lately: the tolerated ones are the same. */
function acceptCase(vector: VectorCase, check: Check): void {
  const bytes = vectorBytes(vector['rlp'])
  const envelope = decodeEnvelope(bytes)
  check.bytes('hash', vector['hash'], envelopeHash(bytes))
  check.equal('size', vector['size'], envelopeSize(envelope))
  check.equal('sent', vector['sent'], sentSeconds(envelope))
  check.equal('expiry', vector['expiry'], envelope.expiry)
  check.equal('ttl', vector['ttl'], envelope.ttl)
  check.equal('pow', floatOf(vector['pow']), envelopePow(envelope))
  const minPow = floatOf(vector['minPow'])
  const bloom = vector['nodeBloom'] === null ? undefined : vectorBytes(vector['nodeBloom'])
  const verdict = judgeEnvelope(
    envelope,
    { pow: futureSeconds => envelopePow(envelope, futureSeconds), bloom: () => envelopeBloom(envelope.topic) },
    {
      minPow,
      toleratedMinPow: minPow,
      bloom,
      toleratedBloom: bloom,
      maxMessageSize: vector['maxMessageSize'],
      syncAllowanceSeconds: 10
    },
    vector['now']
  )
  check.equal('result', vector['result'], results[verdict.kind])
  check.equal('effectivePow', floatOf(vector['effectivePow']), verdict.kind === 'dropped' ? 0 : verdict.pow)
}

function plaintextParts(vector: VectorCase): readonly Part[] {
  return [
    ['flags', 1],
    ['payloadSize', vector['payloadSizeFieldLength']],
    ['payload', vector['payloadLength']],
    ['padding', vector['paddingLength']],
    ['signature', bytesOf(vector['signature']).length]
  ]
}

function dataParts(symmetric: boolean, length: number): readonly Part[] {
  return symmetric
    ? [
        ['ciphertext', length - 28],
        ['tag', 16],
        ['salt', 12]
      ]
    : [
        ['ephemeralKey', 65],
        ['iv', 16],
        ['ciphertext', length - 113],
        ['mac', 32]
      ]
}

/** Lengths of the items of an envelope's RLP, headers included. */
function envelopeParts(envelope: Envelope): readonly Part[] {
  const { expiry, ttl, topic, data, nonce } = envelope
  const items = Object.entries({ expiry, ttl, topic, data, nonce }).map(
    ([name, value]): Part => [name, encodeRlp(value).length]
  )
  const body = items.reduce((sum, [, length]) => sum + length, 0)
  return [['listHeader', encodeEnvelope(envelope).length - body], ...items]
}
