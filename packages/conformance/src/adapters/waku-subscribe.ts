import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { decodeStatusOptions, packetCodes } from '@status-stack/waku/wire'
import { envelopeBloom } from '@status-stack/whisper/wire'
import type { Check } from '../runner/check.ts'
import { createNodeRun } from './waku-node.ts'
import { countedTopics } from './waku-status.ts'

/** Sorted hex of topics, or null. */
function sortedHex(topics: readonly Uint8Array[] | undefined): readonly string[] | null {
  return topics === undefined ? null : topics.map(vectorHex).sort()
}

/**
 * A node's words about its own interest. Ours differs where the Go code has defects, see `intendedOf`: an update that says nothing is not
 * sent, a topic is named once, and topics of earlier filters are not lost.
 */
export async function subscribe(vector: VectorCase, check: Check): Promise<void> {
  const run = createNodeRun(1_600_000_000)
  // In the Go code no filter is set at first, in ours an empty one: then a subscription would widen it.
  const node = await run.waku({ minPow: 0, interest: vector['bloomFilterMode'] === true ? 'full' : 'topics' })
  try {
    const peer = await run.connect(node)
    await peer.send(packetCodes.status, Uint8Array.of(0xc0))
    const filters: string[] = []
    const heard = new Set<string>()
    let wasCleared = false
    for (const [index, given] of (vector['steps'] as readonly VectorCase[]).entries()) {
      const topics: readonly Uint8Array[] =
        given['topicCount'] === undefined ? given['topics'].map(vectorBytes) : countedTopics(given['topicCount'])
      const before = peer.received.length
      const repeated = topics.filter(topic => heard.has(vectorHex(topic))).length
      let failed = false
      if (given['op'] === 'subscribe') {
        try {
          filters.push(node.filters.add({ key: { kind: 'symmetric', key: new Uint8Array(32).fill(9) }, topics }))
          for (const topic of topics) heard.add(vectorHex(topic))
        } catch {
          failed = true
        }
      } else if (given['op'] === 'unsubscribe') node.filters.remove(filters.pop() ?? '')
      else if (given['op'] === 'setBloomFilter') {
        await node.setBloomFilter(envelopeBloom(topics[0] ?? new Uint8Array(4)))
        wasCleared = true
      } else if (given['op'] === 'setTopicInterest') await node.setTopicInterest(topics)
      else throw new Error(`unknown step: ${given['op']}`)
      await run.time.settle()
      const at = `steps[${index}]`
      check.equal(`${at}.error`, given['error'] !== null, failed)
      const restarts = wasCleared && given['op'] === 'subscribe'
      checkUpdate(at, { ...given, repeated }, peer.received.slice(before), restarts ? [...heard] : undefined, check)
      const expected = restarts ? [...heard].sort() : given['nodeTopicInterest']
      check.equal(`${at}.nodeTopicInterest`, expected, sortedHex(node.topicInterest()))
      const { bloomFilter } = node.info()
      check.bytes(`${at}.nodeBloom`, given['nodeBloom'], bloomFilter)
      if (restarts)
        for (const topic of given['nodeTopicInterest']) check.equal(`${at}.nodeTopicInterest`, true, heard.has(topic))
    }
  } finally {
    await run.stop()
  }
}

function checkUpdate(
  at: string,
  given: VectorCase,
  packets: readonly { readonly code: number; readonly payload: Uint8Array }[],
  instead: readonly string[] | undefined,
  check: Check
): void {
  const { update } = given
  const [packet, ...more] = packets
  check.equal(`${at}.update`, 0, more.length)
  // An update without a word about topics or filter is a no-op for its reader.
  if (update === null || (update.bloom === null && update.topicInterest === null)) {
    check.equal(`${at}.update`, undefined, packet?.code)
    return
  }
  check.equal(`${at}.update`, packetCodes.statusUpdate, packet?.code)
  const { bloom, topics } = decodeStatusOptions(packet?.payload ?? new Uint8Array())
  check.bytes(`${at}.update.bloom`, update.bloom, bloom)
  check.equal(
    `${at}.update.topicInterest`,
    instead === undefined ? update.topicInterest : [...instead].sort(),
    sortedHex(topics)
  )
  if (instead !== undefined) {
    for (const topic of update.topicInterest) check.equal(`${at}.update.topicInterest`, true, instead.includes(topic))
  }
  if (update.listLength === undefined) return
  const repeats = update.listLength - update.topicInterest.length
  check.equal(`${at}.update.listLength`, true, repeats === given['repeated'])
}
