import { bytesToHex } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { bloomAdmits, envelopeBloom, filterBloom } from '../../src/bloom.ts'
import { decodeEnvelope } from '../../src/envelope.ts'
import type { ReceivedMessage, Whisper } from '../../src/index.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { decodeMessages } from '../../src/packets/messages.ts'
import { createLinkPair, createSeededRandom, type LinkPair } from '../../src/testing/index.ts'
import { collect, node, peerIdOf, place, time } from '../support.ts'

const topics = [0, 1, 2, 3].map(i => Uint8Array.of(10 + i, 100 + i, 200 + i, i))

test('ten nodes under 20 % link churn: every subscriber of a full node gets every envelope once; a light one what its bloom admits; nothing moves after its expiry', async () => {
  const clock = time()
  const random = createSeededRandom('network')
  const chance = () => (random.bytes(1)[0] ?? 0) / 256
  const names = [...'abcdefghij']
  const lightTopic = topics[0] ?? new Uint8Array(4)
  // The last node asks for one topic only.
  const nodes = names.map((name, i) => node(clock, name, i === 9 ? { bloom: 'interests' } : {}))
  for (const each of nodes) await each.start()

  const perNode: ReceivedMessage[][][] = nodes.map(() => [])
  nodes.forEach((each, i) => {
    for (const at of i === 9 ? [lightTopic] : topics) {
      const got = collect(each.subscribe(place(at).interest))
      perNode[i]?.push(got)
    }
  })

  const late: string[] = []
  const passed: { to: number; topic: Uint8Array }[] = []
  const watch = (pair: LinkPair, from: number, to: number) => {
    const tap = (link: LinkPair['left'], target: number) => ({
      ...link,
      send: (code: number, payload: Uint8Array, options?: { signal?: AbortSignal | undefined }) => {
        if (code === packetCodes.messages) {
          for (const bytes of decodeMessages(payload)) {
            const envelope = decodeEnvelope(bytes)
            if (envelope.expiry * 1000 + 1000 <= clock.clock.nowMs()) late.push(bytesToHex(bytes.subarray(0, 8)))
            passed.push({ to: target, topic: envelope.topic })
          }
        }
        return link.send(code, payload, options)
      }
    })
    return { left: tap(pair.left, to), right: tap(pair.right, from) }
  }
  const pairs: [number, number][] = []
  for (let i = 0; i < 10; i++) {
    for (const step of [1, 3]) pairs.push([i, (i + step) % 10])
  }
  const links = new Map<number, LinkPair>()
  const attached: Promise<unknown>[] = []
  const open = (index: number) => {
    const [from, to] = pairs[index] ?? [0, 0]
    const pair = createLinkPair({ left: peerIdOf(names[from] ?? ''), right: peerIdOf(names[to] ?? '') })
    const ends = watch(pair, from, to)
    attached.push(nodes[from]?.attach(ends.left).catch(() => undefined) ?? Promise.resolve())
    attached.push(nodes[to]?.attach(ends.right).catch(() => undefined) ?? Promise.resolve())
    links.set(index, pair)
  }
  pairs.forEach((_, index) => {
    open(index)
  })
  await clock.settle()

  const posted: { hash: string; topic: Uint8Array }[] = []
  for (let second = 0; second < 30; second++) {
    for (const [index] of pairs.entries()) {
      const pair = links.get(index)
      if (pair === undefined) open(index)
      else if (chance() < 0.2) {
        pair.cut()
        links.delete(index)
      }
    }
    await clock.settle()
    const from = Math.floor(chance() * 9)
    const at = topics[second % topics.length] ?? lightTopic
    const { hash } = await (nodes[from] as Whisper).post({
      route: place(at).route,
      payload: Uint8Array.of(second),
      ttlSeconds: 12
    })
    posted.push({ hash: bytesToHex(hash), topic: at })
    await clock.advance(1000)
  }
  // Whole again, long enough for the last message, then past its life.
  for (const [index] of pairs.entries()) if (!links.has(index)) open(index)
  await clock.advance(20_000)

  const hashes = (index: number) =>
    (perNode[index] ?? [])
      .flat()
      .map(({ hash }) => bytesToHex(hash))
      .sort()
  const all = posted.map(({ hash }) => hash).sort()
  for (let i = 0; i < 9; i++) expect(hashes(i)).toEqual(all)
  const lightHashes = posted.filter(({ topic }) => topic === lightTopic).map(({ hash }) => hash)
  expect(hashes(9)).toEqual(lightHashes.sort())
  const filter = filterBloom([lightTopic])
  for (const { to, topic } of passed) if (to === 9) expect(bloomAdmits(filter, envelopeBloom(topic))).toBe(true)
  expect(late).toEqual([])
  for (const each of nodes) expect(each.info()).toMatchObject({ messages: 0, memory: 0 })
  const before = passed.length
  await clock.advance(5000)
  expect(passed.length).toBe(before)
  for (const each of nodes) await each.stop()
  await Promise.all(attached)
})
