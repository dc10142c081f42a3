import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { createBridge, type Waku } from '@status-stack/waku'
import { packetCodes } from '@status-stack/waku/wire'
import { createRateLimiter, resolveOptions } from '@status-stack/whisper/relay'
import {
  decodeEnvelope,
  decodeMessages,
  encodeMessages,
  envelopeBloom,
  envelopeHash,
  envelopePow,
  openMessage
} from '@status-stack/whisper/wire'
import type { SectionSteps } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { floatOf } from './support.ts'
import { createNodeRun, type NodeRun } from './waku-node.ts'
import { subscribe } from './waku-subscribe.ts'

/** What nodes do, one after the other: links, acceptance, filters, forwarding, subscriptions, limits, the bridge. */
export const wakuNodeSections: Readonly<Record<string, SectionSteps>> = {
  connection: { decode: connection },
  node_accept: { decode: nodeAccept },
  filter_deliver: { decode: filterDeliver },
  forward: { decode: forward },
  subscribe: { reproduce: subscribe },
  rate_limiter: { reproduce: rateLimiter },
  bridge: { decode: bridge }
}

async function connection(vector: VectorCase, check: Check): Promise<void> {
  const run = createNodeRun(vector['now'])
  const node = await run.waku({ minPow: floatOf(vector['minPow']) })
  node.setMaxMessageSize(vector['maxMessageSize'])
  try {
    const peer = await run.connect(node)
    for (const { code, payload } of vector['packets']) await peer.send(code, vectorBytes(payload))
    check.equal('connectionKept', vector['connectionKept'], peer.kept())
    check.equal('pooled', vector['pooled'], node.info().messages)
    if (vector['peerPow'] !== undefined) check.equal('peerPow', floatOf(vector['peerPow']), node.peers()[0]?.minPow)
  } finally {
    await run.stop()
  }
}

const zeroBloom = new Uint8Array(64)

/** One step of a vector: `setTopicInterest t…`, `setBloomFilter t`, `setMinPow x`, `wait seconds`. */
async function step(node: Waku, { time }: NodeRun, text: string): Promise<void> {
  const [name, ...words] = text.split(' ')
  const [word = ''] = words
  if (name === 'setTopicInterest') await node.setTopicInterest(words.map(topic => vectorBytes(`0x${topic}`)))
  else if (name === 'setBloomFilter') {
    await node.setBloomFilter(word === 'zero' ? zeroBloom : envelopeBloom(vectorBytes(`0x${word}`)))
  } else if (name === 'setMinPow') await node.setMinPow(Number(word))
  else if (name === 'wait') await time.advance(Number(word) * 1000)
  else throw new Error(`unknown step: ${text}`)
}

/** The clock of the vector is that of the envelope's arrival: the steps come before. */
async function nodeAccept(vector: VectorCase, check: Check): Promise<void> {
  const waited = vector['steps']
    .filter((text: string) => text.startsWith('wait '))
    .reduce((sum: number, text: string) => sum + Number(text.slice(5)), 0)
  const run = createNodeRun(vector['now'] - waited)
  const node = await run.waku({
    minPow: floatOf(vector['minPow']),
    interest: vector['bloomFilterMode'] === true ? 'bloom' : 'topics'
  })
  node.setMaxMessageSize(vector['maxMessageSize'])
  try {
    const peer = await run.connect(node)
    await peer.send(packetCodes.status, Uint8Array.of(0xc0))
    for (const text of vector['steps']) await step(node, run, text)
    const envelope = vectorBytes(vector['rlp'])
    const decoded = decodeEnvelope(envelope)
    check.bytes('hash', vector['hash'], envelopeHash(envelope))
    check.bytes('topic', vector['topic'], decoded.topic)
    let result = 'dropped'
    node.on('enveloperefused', fact => {
      if (fact.reason !== 'expired') result = 'error'
    })
    node.on('envelopepooled', () => {
      result = 'accepted'
    })
    // A packet larger than the limit ends the link: what is looked at here is the limit of the envelope.
    for (let i = 0; i < vector['times']; i++) {
      if (encodeMessages([envelope]).length <= vector['maxMessageSize']) {
        await peer.send(packetCodes.messages, encodeMessages([envelope]))
      } else if ((await node.exchange.offer(envelope)).kind === 'refused') result = 'error'
    }
    check.equal('result', vector['result'], result)
    check.equal('pooled', vector['pooled'], node.info().messages)
    const sent = decoded.expiry - decoded.ttl
    const future = sent > vector['now'] && sent <= vector['now'] + 10 ? sent - vector['now'] + 1 : 0
    check.equal('effectivePow', floatOf(vector['effectivePow']), envelopePow(decoded, future))
    check.equal('connectionKept', true, peer.kept())
  } finally {
    await run.stop()
  }
}

async function filterDeliver(vector: VectorCase, check: Check): Promise<void> {
  const run = createNodeRun(vector['now'])
  const node = await run.waku({ minPow: 0, interest: 'full', light: vector['nodeIsLight'] })
  try {
    const peer = await run.connect(node)
    await peer.send(packetCodes.status, Uint8Array.of(0xc0))
    node.trustPeer('peer'.padEnd(64, '0'))
    const { allowP2P, minPow, symKey, topics } = vector['filter']
    const id = node.filters.add({
      key: { kind: 'symmetric', key: vectorBytes(symKey) },
      topics: (topics ?? []).map(vectorBytes),
      minPow: floatOf(minPow),
      allowP2P
    })
    const payload = vectorBytes(vector['payload'])
    await peer.send(vector['code'], payload)
    const messages = node.filters.messages(id) ?? []
    check.equal('delivered', vector['delivered'], messages.length === 1)
    check.equal('pooled', vector['pooled'], node.info().messages)
    check.equal('p2p', vector['p2p'], messages[0]?.p2p ?? false)
    const [envelope] = decodeMessages(payload)
    const opened = openMessage(decodeEnvelope(envelope ?? new Uint8Array()).data, {
      kind: 'symmetric',
      key: vectorBytes(vector['symKey'])
    })
    check.equal('symKey', 'object', typeof opened)
  } finally {
    await run.stop()
  }
}

async function forward(vector: VectorCase, check: Check): Promise<void> {
  const run = createNodeRun(vector['now'])
  const node = await run.waku({ minPow: 0 })
  try {
    const peer = await run.connect(node)
    await peer.send(packetCodes.status, vectorBytes(vector['status']))
    for (const update of vector['updates']) await peer.send(packetCodes.statusUpdate, vectorBytes(update))
    for (const [index, pooled] of vector['pool'].entries()) {
      const bytes = vectorBytes(pooled.rlp)
      const envelope = decodeEnvelope(bytes)
      check.bytes(`pool[${index}].hash`, pooled.hash, envelopeHash(bytes))
      check.equal(`pool[${index}].pow`, floatOf(pooled.pow), envelopePow(envelope))
      check.bytes(`pool[${index}].bloom`, pooled.bloom, envelopeBloom(envelope.topic))
      check.equal(`pool[${index}].topic`, pooled.topic, vectorHex(envelope.topic))
      check.equal(`pool[${index}].expiry`, pooled.expiry, envelope.expiry)
      check.equal(`pool[${index}].ttl`, pooled.ttl, envelope.ttl)
      await node.exchange.offer(bytes)
    }
    await run.time.advance(300)
    const sent = peer.received
      .filter(({ code }) => code === packetCodes.messages)
      .flatMap(({ payload }) => decodeMessages(payload))
      .map(bytes => vectorHex(envelopeHash(bytes)))
    check.equal('sent', [...(vector['sent'] ?? [])].sort(), sent.sort())
  } finally {
    await run.stop()
  }
}

function rateLimiter(vector: VectorCase, check: Check): void {
  const { packetLimits, bytesLimits, tolerance, peerWhitelisted, whitelistedIps, ip } = vector
  const peerId = 'a'.repeat(64)
  // The packets come at one moment, so that nothing is refilled. The address stands for a public one: private ones are not limited.
  const address = ip === '10.0.0.1' ? '203.0.113.1' : ip
  const limiter = createRateLimiter(
    resolveOptions({
      rateLimitPerAddress: packetLimits.ip,
      rateLimitPerPeer: packetLimits.peerId,
      byteLimitPerAddress: bytesLimits.ip,
      byteLimitPerPeer: bytesLimits.peerId,
      rateLimitWorkPerPeer: 0,
      rateLimitTolerance: tolerance,
      rateLimitExempt: [...whitelistedIps, ...(peerWhitelisted === true ? [peerId] : [])]
    })
  ).open({ peerId, remoteAddress: address, flags: { static: false, trusted: false } }, 0)
  let count = 0
  for (const [index, packet] of (vector['packets'] as readonly VectorCase[]).entries()) {
    const { exceeds } = limiter.begin(0, packet['size'])
    if (exceeds.address || exceeds.peer) count += 1
    check.equal(`packets[${index}].exceedsIp`, packet['exceedsIp'], exceeds.address)
    check.equal(`packets[${index}].exceedsPeer`, packet['exceedsPeer'], exceeds.peer)
    check.equal(`packets[${index}].drop`, packet['drop'], tolerance > 0 && count >= tolerance)
  }
}

async function bridge(vector: VectorCase, check: Check): Promise<void> {
  const run = createNodeRun(vector['now'])
  const whisper = await run.whisper({ minPow: floatOf(vector['shhMinPow']) })
  const waku = await run.waku({ minPow: floatOf(vector['wakuMinPow']), interest: 'topics' })
  const joined = createBridge({ whisper, waku })
  try {
    if (vector['steps'] !== '') await step(waku, run, vector['steps'].replace(/^waku /, ''))
    const isWaku = vector['from'] === 'waku'
    check.equal('from', true, isWaku || vector['from'] === 'shh')
    const [near, far] = isWaku ? [waku, whisper] : [whisper, waku]
    const bytes = vectorBytes(vector['rlp'])
    check.bytes('hash', vector['hash'], envelopeHash(bytes))
    const peer = await run.connect(near)
    const shhStatus = Uint8Array.of(0xc1, 6)
    await peer.send(packetCodes.status, isWaku ? Uint8Array.of(0xc0) : shhStatus)
    let result = 'dropped'
    near.on('enveloperefused', fact => {
      if (fact.reason !== 'expired') result = 'error'
    })
    near.on('envelopepooled', () => {
      result = 'accepted'
    })
    for (let i = 0; i < vector['times']; i++) {
      const code = vector['p2p'] === true ? packetCodes.p2pMessage : packetCodes.messages
      await peer.send(code, encodeMessages([bytes]))
    }
    await joined.idle()
    check.equal('result', vector['result'], result)
    check.equal('inShh', vector['inShh'], whisper.info().messages === 1)
    check.equal('inWaku', vector['inWaku'], waku.info().messages === 1)
    check.equal('from', true, far.info().messages <= 1)
  } finally {
    joined.stop()
    await run.stop()
  }
}
