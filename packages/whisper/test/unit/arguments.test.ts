import { expect, test } from 'vitest'
import * as api from '../../src/index.ts'
import * as status from '../../src/status/index.ts'
import { createSeededRandom } from '../../src/testing/index.ts'
import * as wire from '../../src/wire.ts'
import { key, node, place, symmetricKey, time, topic } from '../support.ts'

const alice = key(1)
const random = createSeededRandom('arguments')
const symmetric = { kind: 'symmetric' as const, key: symmetricKey }

/** Values that are no bytes, though some look like them. */
const notBytes = ['hello', '01020304', undefined, null, 5, [1, 2, 3, 4], new Uint16Array(2), {}, new ArrayBuffer(4)]
/** Values that are no object with the right parts. */
const notObjects = [undefined, null, 'hello', 7, {}, [], new Uint8Array(4)]

/** How a call ends: the code and origin of its error, or that it has none. */
async function outcome(call: () => unknown): Promise<string> {
  try {
    await call()
    return 'accepted'
  } catch (error) {
    return api.WhisperError.is(error) ? `${error.code} ${error.origin}` : `not ours: ${String(error)}`
  }
}

/** Calls that take one bad value each. A call from JavaScript is not checked by types, so neither are these. */
// biome-ignore lint/suspicious/noExplicitAny: wrong types are what is tested
type Calls = Readonly<Record<string, (value: any) => unknown>>

async function refusesAll(calls: Calls, values: readonly unknown[]): Promise<void> {
  const wrong: string[] = []
  for (const [name, call] of Object.entries(calls)) {
    for (const value of values) {
      const got = await outcome(() => call(value))
      if (got !== 'invalid-argument caller') wrong.push(`${name}(${String(value)}): ${got}`)
    }
  }
  expect(wrong).toEqual([])
}

async function started() {
  const whisper = node(time(), 'node')
  await whisper.start()
  return whisper
}

test('a node refuses what is no bytes, at every entrance', async () => {
  const whisper = await started()
  const { route, interest } = place()
  const query = { interests: [interest], fromSeconds: 1, toSeconds: 2, limit: 1, signer: alice }
  const request = { fromSeconds: 1, toSeconds: 2, topics: [topic], limit: 1, signer: alice }
  await refusesAll(
    {
      payload: payload => whisper.post({ route, payload }),
      'route topic': at => whisper.post({ route: { ...route, topic: at }, payload: new Uint8Array(1) }),
      'route key': bytes =>
        whisper.post({ route: { ...route, key: { kind: 'symmetric', key: bytes } }, payload: new Uint8Array(1) }),
      'payload of an envelope': payload => whisper.postEnvelope({ topic, key: symmetric, payload }),
      'topic of an envelope': at => whisper.postEnvelope({ topic: at, key: symmetric, payload: new Uint8Array(1) }),
      'public key': publicKey =>
        whisper.postEnvelope({ topic, key: { kind: 'asymmetric', publicKey }, payload: new Uint8Array(1) }),
      'interest topic': at => whisper.subscribe({ ...interest, topics: [at] }),
      'interest key': bytes => whisper.subscribe({ ...interest, key: { kind: 'symmetric', key: bytes } }),
      'filter key': bytes => whisper.filters.add({ key: { kind: 'symmetric', key: bytes } }),
      'filter topic': at => whisper.filters.add({ key: symmetric, topics: [at] }),
      bloom: bloom => whisper.setBloomFilter(bloom),
      'limit of a route': at => whisper.payloadLimit({ ...route, topic: at }),
      'history topic': at => whisper.history('server', { ...query, interests: [{ ...interest, topics: [at] }] }),
      'request topic': at => whisper.mailserver.request('server', { ...request, topics: [at] }),
      'sync bloom': bloom =>
        whisper.mailserver.sync('server', { lower: 1, upper: 2, bloom, limit: 1, cursor: new Uint8Array(0) })
    },
    notBytes
  )
  await refusesAll(
    {
      padding: padding => whisper.postEnvelope({ topic, key: symmetric, payload: new Uint8Array(1), padding }),
      'filter src': src => whisper.filters.add({ key: symmetric, src }),
      'interest signer': signer => whisper.subscribe({ ...interest, signer }),
      cursor: cursor => whisper.history('server', { ...query, cursor }),
      'request cursor': cursor => whisper.mailserver.request('server', { ...request, cursor })
    },
    notBytes.filter(value => value !== undefined)
  )
  expect(whisper.info().messages).toBe(0)
  await whisper.stop()
})

test('a node refuses arguments that are missing or of another kind', async () => {
  const whisper = await started()
  const { route, interest } = place()
  const query = { interests: [interest], fromSeconds: 1, toSeconds: 2, limit: 1, signer: alice }
  const request = { fromSeconds: 1, toSeconds: 2, topics: [topic], limit: 1, signer: alice }
  await refusesAll(
    {
      attach: link => whisper.attach(link),
      post: message => whisper.post(message),
      'post route': route => whisper.post({ route, payload: new Uint8Array(1) }),
      postEnvelope: message => whisper.postEnvelope(message),
      subscribe: interest => whisper.subscribe(interest),
      filter: filter => whisper.filters.add(filter),
      history: query => whisper.history('server', query),
      'mail request': request => whisper.mailserver.request('server', request),
      range: range => whisper.mailserver.range(['server'], range),
      sync: request => whisper.mailserver.sync('server', request),
      payloadLimit: route => whisper.payloadLimit(route)
    },
    notObjects
  )
  await refusesAll(
    {
      signer: signer => whisper.post({ route, payload: new Uint8Array(1), signer }),
      'history signer': signer => whisper.history('server', { ...query, signer }),
      'request signer': signer => whisper.mailserver.request('server', { ...request, signer })
    },
    notObjects.filter(value => value !== undefined)
  )
  const payload = new Uint8Array(1)
  await refusesAll(
    {
      ttl: ttlSeconds => whisper.post({ route, payload, ttlSeconds }),
      'pow target': target => whisper.post({ route, payload, pow: { target, timeSeconds: 1 } }),
      'pow time': timeSeconds => whisper.post({ route, payload, pow: { target: 0, timeSeconds } }),
      maxMessageSize: size => whisper.setMaxMessageSize(size),
      minPow: pow => whisper.setMinPow(pow),
      light: light => whisper.setLight(light),
      estimate: target => whisper.estimatePow(target, 100, 10),
      disconnect: peer => whisper.disconnect(peer),
      trust: peer => whisper.trustPeer(peer),
      server: server => whisper.history(server, query),
      'from seconds': fromSeconds => whisper.history('server', { ...query, fromSeconds }),
      limit: limit => whisper.history('server', { ...query, limit }),
      signal: signal => whisper.post({ route, payload, signal })
    },
    [null, Number.NaN, {}, []]
  )
  expect(await outcome(() => whisper.postEnvelope({ topic, payload } as never))).toBe('no-key caller')
  expect(await outcome(() => api.createWhisper(null as never))).toBe('invalid-argument caller')
  expect(await outcome(() => api.createPowSearcher(undefined as never))).toBe('invalid-argument caller')
  await whisper.stop()
})

test('routes and interests refuse what they cannot be made of', async () => {
  const identity = { kind: 'identity' } as const
  await refusesAll(
    {
      planRoute: to => status.planRoute(to),
      planInterest: want => status.planInterest(alice, want),
      'planInterest me': me => status.planInterest(me, identity),
      guaranteeOf: route => status.guaranteeOf(route)
    },
    [...notObjects, { kind: 'group' }, { kind: 'identity ' }]
  )
  await refusesAll(
    {
      'identity key': publicKey => status.planRoute({ kind: 'identity', publicKey }),
      'contact code': owner => status.planRoute({ kind: 'contact-code', owner }),
      'interest owner': owner => status.planInterest(alice, { kind: 'contact-code', owner }),
      'rendezvous peer': peer => status.planInterest(alice, { kind: 'rendezvous', peer, secret: symmetricKey }),
      'rendezvous secret': secret => status.planInterest(alice, { kind: 'rendezvous', peer: alice.publicKey, secret }),
      'own key': publicKey => status.planInterest({ publicKey, ecdhX: alice.ecdhX }, identity),
      contactCodeName: owner => status.contactCodeName(owner),
      partitionOf: publicKey => status.partitionOf(publicKey),
      partitionedName: publicKey => status.partitionedName(publicKey),
      personalDiscoveryName: publicKey => status.personalDiscoveryName(publicKey),
      negotiatedName: secret => status.negotiatedName(secret)
    },
    [...notBytes, new Uint8Array(64), new Uint8Array(65)].filter(
      value => !(value instanceof Uint8Array && value.length === 65)
    )
  )
  const notTexts = [undefined, null, 5, {}, new Uint8Array(3)]
  await refusesAll(
    {
      'chat name': name => status.planRoute({ kind: 'public', name }),
      'interest name': name => status.planInterest(alice, { kind: 'public', name }),
      topicOfName: name => status.topicOfName(name),
      symmetricKeyOfName: name => status.symmetricKeyOfName(name)
    },
    notTexts
  )
})

test('the wire format refuses what is no bytes', async () => {
  const envelope = { expiry: 1, ttl: 1, topic, data: new Uint8Array(3), nonce: 0n }
  const hash = new Uint8Array(32)
  await refusesAll(
    {
      decodeEnvelope: wire.decodeEnvelope,
      envelopeHash: wire.envelopeHash,
      'envelope topic': at => wire.encodeEnvelope({ ...envelope, topic: at }),
      'envelope data': data => wire.encodeEnvelope({ ...envelope, data }),
      'envelope nonce': nonce => wire.encodeEnvelope({ ...envelope, nonce }),
      envelopeSize: data => wire.envelopeSize({ data }),
      envelopePow: data => wire.envelopePow({ ...envelope, data }),
      topicFromBytes: wire.topicFromBytes,
      envelopeBloom: wire.envelopeBloom,
      filterBloom: at => wire.filterBloom([at]),
      bloomAdmits: sample => wire.bloomAdmits(undefined, sample),
      openMessage: data => wire.openMessage(data, symmetric),
      'openMessage key': bytes => wire.openMessage(new Uint8Array(300), { kind: 'symmetric', key: bytes }),
      'openMessage own key': publicKey =>
        wire.openMessage(new Uint8Array(300), { kind: 'asymmetric', identity: { publicKey, ecdhX: alice.ecdhX } }),
      sealMessage: payload => wire.sealMessage({ payload, key: symmetric }, random),
      'sealMessage key': bytes => wire.sealMessage({ payload: hash, key: { kind: 'symmetric', key: bytes } }, random),
      decodePlaintext: wire.decodePlaintext,
      encodeUnsigned: payload => wire.encodeUnsigned(payload, hash, false),
      decodeMessages: wire.decodeMessages,
      encodeMessages: envelope => wire.encodeMessages([envelope]),
      decodeP2pMessages: wire.decodeP2pMessages,
      encodeP2pMessages: envelope => wire.encodeP2pMessages([envelope]),
      decodeStatus: wire.decodeStatus,
      decodeRateLimits: wire.decodeRateLimits,
      decodeBloomFilter: wire.decodeBloomFilter,
      encodeBloomFilter: wire.encodeBloomFilter,
      decodePowRequirement: wire.decodePowRequirement,
      decodeBatchAcknowledged: wire.decodeBatchAcknowledged,
      encodeBatchAcknowledged: wire.encodeBatchAcknowledged,
      decodeMessageResponse: wire.decodeMessageResponse,
      'response batch': batch => wire.encodeMessageResponse({ batch, errors: [] }),
      'response error': each =>
        wire.encodeMessageResponse({ batch: hash, errors: [{ hash: each, code: 1, description: '' }] }),
      decodeRequestComplete: wire.decodeRequestComplete,
      'completed request': requestId => wire.encodeRequestComplete({ kind: 'failed', requestId, error: '' }),
      decodeHistoryRequest: wire.decodeHistoryRequest,
      decodeRequestPayload: wire.decodeRequestPayload,
      decodeSyncRequest: wire.decodeSyncRequest,
      decodeSyncResponse: wire.decodeSyncResponse,
      archiveKey: each => wire.archiveKey({ sentSeconds: 1, hash: each, topic }),
      cursorOfArchiveKey: wire.cursorOfArchiveKey,
      leadingZeroBits: wire.leadingZeroBits
    },
    notBytes
  )
})

test('a key of our own that is wrong is the fault of the caller, and a locked one costs no peer its link', async () => {
  const whisper = await started()
  const keys = [new Uint8Array(31), new Uint8Array(32), new Uint8Array(33)]
  for (const bytes of keys) {
    const wrong = { kind: 'symmetric' as const, key: bytes }
    expect(await outcome(() => whisper.filters.add({ key: wrong }))).toBe('invalid-argument caller')
    expect(await outcome(() => wire.openMessage(new Uint8Array(300), wrong))).toBe('invalid-argument caller')
  }
  const locked = {
    publicKey: alice.publicKey,
    ecdhX: () => {
      throw new Error('locked')
    }
  }
  whisper.filters.add({ key: { kind: 'asymmetric', identity: locked }, topics: [topic] })
  const sent = whisper.postEnvelope({
    topic,
    key: { kind: 'asymmetric', publicKey: alice.publicKey },
    payload: new Uint8Array(1),
    pow: { target: 0, timeSeconds: 0 }
  })
  await expect(sent).resolves.toMatchObject({ sentTo: [] })
  await whisper.stop()
})
