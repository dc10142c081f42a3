import { concatBytes, generatePrivateKey, keccak256, signDigest } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { encodeRlp, type RlpInput } from '@status-stack/rlp'
import { afterEach, expect, test } from 'vitest'
import { createEndpointVotes, votesNeeded } from '../../src/discovery/endpoint-votes.ts'
import { decodeRecord } from '../../src/discovery/enr.ts'
import { createReflectionBudget } from '../../src/discovery/reflection-budget.ts'
import { limits } from '../../src/limits.ts'
import { type DiscoveryNode, type DiscoveryWorld, discoveryWorld, type Stranger } from '../helpers/discovery.ts'

const worlds: DiscoveryWorld[] = []
const world = (): DiscoveryWorld => {
  const made = discoveryWorld()
  worlds.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()))
})

const soon = (w: DiscoveryWorld): number => Math.floor(w.time.clock.nowMs() / 1000) + 20
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/** A packet as another implementation writes it, whatever ours would do. */
function packet(type: number, fields: RlpInput, privateKey: Uint8Array): Uint8Array {
  const data = concatBytes(bytes(type), encodeRlp(fields))
  const signed = concatBytes(signDigest(keccak256(data), privateKey), data)
  return concatBytes(keccak256(signed), signed)
}

const kinds = (x: Stranger): string[] => x.received.map(({ content }) => content.kind)

/** A Ping of the fewest bytes: neither endpoint has an address or a port. */
const smallPing = (w: DiscoveryWorld, privateKey: Uint8Array): Uint8Array =>
  packet(1, [4, [bytes(), 0, 0], [bytes(), 0, 0], soon(w)], privateKey)

test.each([
  ['no address, as go-ethereum 1.9.5 when it does not know its own', bytes()],
  ['an address of five bytes', bytes(1, 2, 3, 4, 5)]
])('T-30 a Ping whose endpoint has %s is answered, and its sender is proved and asked', async (_, ip) => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const privateKey = generatePrivateKey()
  const x = await w.stranger('8.8.2.2', privateKey)
  x.answerPings()
  x.raw(packet(1, [4, [ip, 30_303, 0], [ip, 30_303, 0], soon(w), 7], privateKey), host)
  await w.time.settle()
  expect(kinds(x)).toEqual(['pong', 'ping'])
  expect(host.discovery.known()).toMatchObject([{ host: '8.8.2.2' }])
})

test('T-30 a Pong that states no usable address proves its sender all the same', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const privateKey = generatePrivateKey()
  const x = await w.stranger('8.8.2.2', privateKey)
  const asked = host.discovery.ping(x.enode)
  await w.time.settle()
  x.raw(packet(2, [[bytes(), 0, 0], x.received[0]?.hash ?? bytes(), soon(w)], privateKey), host)
  await w.time.settle()
  await asked
  expect(host.discovery.known()).toHaveLength(1)
})

test('T-30 an odd entry of Neighbors does not drop the others', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const privateKey = generatePrivateKey()
  const x = await w.stranger('8.8.2.2', privateKey)
  const good = await w.stranger('8.9.1.1')
  for (const one of [x, good]) one.answerPings()
  x.send({ kind: 'ping', from: x.endpoint, to: x.endpoint, expiration: soon(w) }, host)
  await w.time.settle()
  const key = good.publicKey.subarray(1)
  const noPoint = new Uint8Array(64).fill(1)
  const odd: RlpInput[] = [
    [bytes(1, 2, 3, 4, 5), 30_303, 30_303, key],
    [bytes(9, 9, 9, 9), 2 ** 20, 30_303, key],
    [bytes(9, 9, 9, 9), 30_303, 30_303, key.subarray(1)],
    [bytes(9, 9, 9, 9), 30_303, 30_303, noPoint],
    [bytes(9, 9, 9, 9)],
    bytes(1)
  ]
  const found = host.discovery.randomNodes()
  await w.time.settle()
  expect(kinds(x)).toContain('find-node')
  x.raw(packet(4, [[...odd, [bytes(8, 9, 1, 1), 30_303, 30_303, key]], soon(w)], privateKey), host)
  await w.time.advance(2_000)
  expect(kinds(good)).toContain('ping')
  await w.time.advance(10_000)
  await found
  expect(host.discovery.stats().dropped).toEqual({})
})

test('stop during a lookup, a Ping and a request of a record leaves no rejection that nobody hears', async () => {
  const unheard: unknown[] = []
  const hear = (reason: unknown): void => void unheard.push(reason)
  process.on('unhandledRejection', hear)
  try {
    const w = world()
    const silent = await w.stranger('8.8.3.3')
    const host = await w.node('8.8.1.1', { bootnodes: [silent.enode] })
    const x = await w.stranger('8.8.2.2')
    x.answerPings()
    x.send({ kind: 'ping', from: x.endpoint, to: x.endpoint, expiration: soon(w) }, host)
    await w.time.settle()
    const lookups = Promise.allSettled([
      host.discovery.randomNodes(),
      host.discovery.lookup(x.publicKey),
      host.discovery.requestRecord(x.enode),
      host.discovery.ping(silent.enode)
    ])
    await w.time.settle()
    await host.discovery.stop()
    await w.time.advance(5_000)
    await lookups
    await expect(host.discovery.ping(x.enode)).rejects.toMatchObject({ code: 'stopped' })
    await expect(host.discovery.randomNodes()).rejects.toMatchObject({ code: 'stopped' })
    await w.time.advance(5_000)
    await new Promise(resolve => setTimeout(resolve, 0))
    expect(unheard).toEqual([])
    // Stopping says nothing about the nodes, so they are known when it is started again.
    expect(host.discovery.known()).toHaveLength(1)
  } finally {
    process.off('unhandledRejection', hear)
  }
})

async function askRecord(w: DiscoveryWorld, host: DiscoveryNode, x: Stranger) {
  x.send({ kind: 'enr-request', expiration: soon(w) }, host)
  await w.time.settle()
  const answer = x.received.at(-1)?.content
  if (answer?.kind !== 'enr-response') throw new Error('no record')
  return decodeRecord(answer.record)
}

test('ENRRequest is answered by a record of our own when none was given; it follows our address', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const x = await w.stranger('8.8.2.2')
  x.answerPings()
  x.send({ kind: 'ping', from: x.endpoint, to: x.endpoint, expiration: soon(w) }, host)
  await w.time.settle()
  const first = await askRecord(w, host, x)
  expect(first).toMatchObject({ publicKey: host.publicKey, ip: '8.8.1.1', udp: 30_303, tcp: 30_303 })
  expect((await askRecord(w, host, x)).seq).toBe(first.seq)
  for (let i = 0; i < votesNeeded; i++) await stateAddress(w, host, `20.${i}.0.1`, '77.1.1.1')
  const later = await askRecord(w, host, x)
  expect(later).toMatchObject({ ip: '77.1.1.1', udp: 30_303 })
  expect(later.seq).toBeGreaterThan(first.seq)
})

/** A stranger answers our Ping, and says that it saw us at `seen`. */
async function stateAddress(
  w: DiscoveryWorld,
  host: DiscoveryNode,
  from: string,
  seen: string,
  port = 30_303
): Promise<void> {
  const privateKey = generatePrivateKey()
  const x = await w.stranger(from, privateKey, port)
  x.send({ kind: 'ping', from: x.endpoint, to: x.endpoint, expiration: soon(w) }, host)
  await w.time.settle()
  const ping = x.received.find(({ content }) => content.kind === 'ping')
  if (ping === undefined) throw new Error('not pinged')
  x.send(
    {
      kind: 'pong',
      to: { address: seen, udpPort: 30_303, tcpPort: 0 },
      pingHash: ping.hash,
      expiration: soon(w)
    },
    host
  )
  await w.time.settle()
}

test('our external address follows the majority; ten keys of one address have one vote', async () => {
  const w = world()
  const believed: string[] = []
  const host = await w.node('8.8.1.1', {}, { onOwnAddress: address => believed.push(address) })
  for (let i = 0; i < 20; i++) await stateAddress(w, host, `20.${i}.0.1`, '77.1.1.1')
  expect(believed).toEqual(['77.1.1.1'])
  for (let i = 0; i < 15; i++) await stateAddress(w, host, '66.6.6.1', '66.6.6.6', 2_000 + i)
  for (let i = 0; i < 15; i++) await stateAddress(w, host, `66.6.7.${i + 1}`, '66.6.6.6')
  expect(believed).toEqual(['77.1.1.1'])
})

test('votes on our address: half is no majority, one network has two, a new majority is believed', () => {
  const time = createVirtualTime()
  const votes = createEndpointVotes(time.clock)
  for (let i = 0; i < 30; i++) votes.stated(`20.${i}.0.1`, '77.1.1.1')
  for (let i = 0; i < 30; i++) expect(votes.stated(`30.${i}.0.1`, '66.6.6.6')).toBeUndefined()
  expect(votes.believed()).toBe('77.1.1.1')
  // Five networks with all their addresses neither outnumber the others nor push them out.
  for (let network = 0; network < 5; network++)
    for (let i = 0; i < 100; i++) votes.stated(`66.6.${network}.${i}`, '55.5.5.5')
  expect(votes.believed()).toBe('77.1.1.1')
  for (let i = 30; i < 45; i++) votes.stated(`30.${i}.0.1`, '66.6.6.6')
  expect(votes.believed()).toBe('66.6.6.6')
  // Old votes expire: ten fresh ones are enough then.
  let now = 0
  const later = createEndpointVotes({ nowMs: () => now })
  for (let i = 0; i < 60; i++) later.stated(`20.${i}.0.1`, '77.1.1.1')
  now += 6 * 60_000
  for (let i = 0; i < votesNeeded; i++) later.stated(`30.${i}.0.1`, '66.6.6.6')
  expect(later.believed()).toBe('66.6.6.6')
})

test('a key that is being proved is sent no second Ping, from whatever port it comes', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const privateKey = generatePrivateKey()
  const ends = await Promise.all([2_000, 2_001, 2_002].map(port => w.stranger('8.8.2.2', privateKey, port)))
  for (const x of ends)
    for (let i = 0; i < 3; i++)
      x.send({ kind: 'ping', from: x.endpoint, to: x.endpoint, expiration: soon(w) + i }, host)
  await w.time.settle()
  expect(ends.flatMap(kinds).filter(kind => kind === 'ping')).toHaveLength(1)
})

test('an address that proves nothing is sent no more than came from it, beside one small credit', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const x = await w.stranger('8.8.2.2')
  let sent = 0
  for (let i = 0; i < 80; i++) {
    const ping = smallPing(w, generatePrivateKey())
    sent += ping.length
    x.raw(ping, host)
  }
  await w.time.settle()
  const received = x.received.reduce((sum, { size }) => sum + size, 0)
  expect(received).toBeLessThanOrEqual(sent + limits.unprovenCreditBytes)
  expect(received).toBeGreaterThan(sent / 2)
  expect(host.discovery.stats().dropped['unproven']).toBeGreaterThan(0)
  // Others are served as before, and so is this address once a node has proved that it is there.
  const other = await w.stranger('8.8.3.3')
  other.send({ kind: 'ping', from: other.endpoint, to: other.endpoint, expiration: soon(w) }, host)
  await w.time.settle()
  expect(kinds(other)).toEqual(['pong', 'ping'])
  await w.time.advance(60_000)
  const real = await w.stranger('8.8.2.2', undefined, 2_000)
  real.answerPings()
  real.send({ kind: 'ping', from: real.endpoint, to: real.endpoint, expiration: soon(w) }, host)
  await w.time.settle()
  const second = await w.stranger('8.8.2.2', undefined, 2_001)
  for (let i = 0; i < 3; i++)
    second.send({ kind: 'ping', from: second.endpoint, to: second.endpoint, expiration: soon(w) }, host)
  await w.time.settle()
  expect(kinds(second)).toEqual(['pong', 'ping', 'pong', 'pong'])
})

test('addresses that prove nothing are remembered up to a bound, and what one saved up has an end', () => {
  const time = createVirtualTime()
  const budget = createReflectionBudget(time.clock)
  for (let i = 0; i < limits.unprovenAddresses + 50; i++)
    budget.received(`20.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 1)
  expect(budget.size()).toBe(limits.unprovenAddresses)
  for (let i = 0; i < 100; i++) budget.received('8.8.8.8', 1280)
  expect(budget.take('8.8.8.8', limits.unprovenMaxBytes + 1)).toBe(false)
  expect(budget.take('8.8.8.8', limits.unprovenMaxBytes)).toBe(true)
  expect(budget.take('8.8.8.8', 1)).toBe(false)
})
