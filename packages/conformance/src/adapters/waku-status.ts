import { keccak256 } from '@status-stack/crypto'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Waku } from '@status-stack/waku'
import {
  decodeStatusOptions,
  decodeStatusV0,
  encodeStatusOptions,
  packetCodes,
  statusOf,
  updateOf
} from '@status-stack/waku/wire'
import { noRateLimits, type PeerStatus, type RateLimits } from '@status-stack/whisper/relay'
import { isFullNodeBloom, powToBits } from '@status-stack/whisper/wire'
import type { Check } from '../runner/check.ts'
import { floatOf } from './support.ts'
import { createNodeRun, type HandPeer } from './waku-node.ts'

/** What a node knows of a peer, in the words of the vectors. */
function knownOf(status: PeerStatus) {
  const { minPow, bloom, topics, confirmations, rateLimits, byteLimits = noRateLimits } = status
  const limits = ({ address, peer, topic }: RateLimits) => ({
    ip: Number(address),
    peerId: Number(peer),
    topic: Number(topic)
  })
  return {
    pow: minPow,
    powFloat64Bits: `0x${powToBits(Math.abs(minPow)).toString(16)}`,
    // Without a word about either, the Go code keeps a filter of all ones.
    bloom: topics !== undefined ? null : vectorHex(bloom ?? new Uint8Array(64).fill(0xff)),
    topicInterest: topics === undefined ? null : topics.topics().map(vectorHex),
    fullNode: topics === undefined && isFullNodeBloom(bloom),
    confirmationsEnabled: confirmations,
    packetRateLimits: limits(rateLimits),
    bytesRateLimits: limits(byteLimits)
  }
}

function checkPeer(name: string, peer: VectorCase, status: PeerStatus, check: Check): void {
  const known = knownOf(status)
  for (const [field, value] of Object.entries(peer)) {
    const at = `${name}.${field}`
    if (field === 'pow') check.equal(at, floatOf(value), known.pow)
    // The sign of −0 is all that is lost.
    else if (field === 'powFloat64Bits') {
      const bits = floatOf(peer['pow']) === 0 ? '0x0' : `0x${BigInt(value).toString(16)}`
      check.equal(at, bits, known.powFloat64Bits)
      if (floatOf(peer['pow']) === 0) check.equal(`${at} without its sign`, 0n, BigInt(value) & ~(1n << 63n))
    } else if (field === 'topicInterestCount') check.equal(at, value, status.topics?.size)
    else if (field !== 'topicInterest' || peer['topicInterestCount'] === undefined)
      check.equal(at, value, known[field as keyof typeof known])
  }
}

/** A list of so many topics, counted up. */
export function countedTopics(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const topic = new Uint8Array(4)
    new DataView(topic.buffer).setUint32(0, i)
    return topic
  })
}

function payloadOf(vector: VectorCase, check: Check): Uint8Array {
  if (vector['payload'] !== undefined) return vectorBytes(vector['payload'])
  const payload = encodeStatusOptions({ topics: countedTopics(vector['payloadTopicCount']) })
  check.bytes('payloadKeccak256', vector['payloadKeccak256'], keccak256(payload))
  return payload
}

/** A node as the vector has it, with one peer, for as long as something is done with them. */
async function withReceiver(vector: VectorCase, work: (node: Waku, peer: HandPeer) => Promise<void>): Promise<void> {
  const run = createNodeRun(1_600_000_000)
  const node = await run.waku({
    light: vector['receiverIsLight'],
    restrictLightLinks: vector['receiverRestrictsLight']
  })
  try {
    await work(node, await run.connect(node))
  } finally {
    await run.stop()
  }
}

export async function receiveStatus(vector: VectorCase, check: Check): Promise<void> {
  check.equal('code', vector['code'], packetCodes.status)
  const payload = payloadOf(vector, check)
  await withReceiver(vector, async (node, peer) => {
    await peer.send(packetCodes.status, payload)
    const accepted = peer.kept() && node.connected()
    check.equal('accepted', vector['accepted'], accepted)
    if (!accepted) return
    const status = statusOf(decodeStatusOptions(payload))
    const name = vector['intended'] === undefined ? 'peer' : 'intended'
    const peerFields = vector[name] ?? {}
    checkPeer(name, peerFields, status, check)
    check.equal(`${name}.pow`, floatOf(peerFields.pow), node.peers()[0]?.minPow)
    check.equal(`${name}.fullNode`, peerFields.fullNode, node.peers()[0]?.fullNode)
    check.equal(`${name}.confirmationsEnabled`, peerFields.confirmationsEnabled, node.peers()[0]?.confirmations)
  })
}

export async function receiveStatusV0(vector: VectorCase, check: Check): Promise<void> {
  check.equal('code', vector['code'], packetCodes.status)
  const decode = () => statusOf(decodeStatusV0(vectorBytes(vector['payload'])))
  const status = await check.verdict('accepted', vector['accepted'] === true, decode)
  if (status !== undefined) checkPeer('peer', vector['peer'], status, check)
}

/** One peer over its Status and what follows, on a node and as pure functions. */
export async function receiveUpdates(vector: VectorCase, check: Check): Promise<void> {
  await withReceiver(vector, async (node, peer) => {
    await peer.send(packetCodes.status, vectorBytes(vector['status']))
    let known = statusOf(decodeStatusOptions(vectorBytes(vector['status'])))
    for (const [index, update] of (vector['updates'] as readonly VectorCase[]).entries()) {
      const refusedBefore = node.counters().events.packetrefused
      await peer.send(packetCodes.statusUpdate, vectorBytes(update['payload']))
      const isError = node.counters().events.packetrefused > refusedBefore
      check.equal(`updates[${index}].error`, update['error'] !== undefined, isError)
      known = applied(known, vectorBytes(update['payload']))
      checkPeer(`updates[${index}].peer`, update['peer'], known, check)
      const [seen] = node.peers()
      check.equal(`updates[${index}].peer.pow`, floatOf(update['peer'].pow), seen?.minPow)
      check.equal(`updates[${index}].peer.fullNode`, update['peer'].fullNode, seen?.fullNode)
      check.equal(
        `updates[${index}].peer.confirmationsEnabled`,
        update['peer'].confirmationsEnabled,
        seen?.confirmations
      )
    }
    check.equal('connectionKept', vector['connectionKept'], peer.kept())
  })
}

function applied(known: PeerStatus, payload: Uint8Array): PeerStatus {
  let update: ReturnType<typeof updateOf>
  try {
    update = updateOf(decodeStatusOptions(payload))
  } catch {
    return known
  }
  const { failure, interest, ...rest } = update
  const { bloom, topics, ...others } = known
  const before = { ...(bloom === undefined ? {} : { bloom }), ...(topics === undefined ? {} : { topics }) }
  return { ...others, ...rest, ...((interest as typeof before | undefined) ?? before) }
}
