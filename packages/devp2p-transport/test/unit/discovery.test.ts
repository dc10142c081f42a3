import { concatBytes, generatePrivateKey, hexToBytes, keccak256, publicKeyOf, signDigest } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { nodeIdOf, peerIdOf } from '@status-stack/rlpx'
import { afterEach, expect, test } from 'vitest'
import type { PacketContent } from '../../src/discovery/packet.ts'
import { createLocalRecord } from '../../src/discovery/signed-record.ts'
import { createNodeTable, logDistance, tableNode } from '../../src/discovery/table.ts'
import { limits } from '../../src/limits.ts'
import { codec, type DiscoveryNode, type DiscoveryWorld, discoveryWorld, type Stranger } from '../helpers/discovery.ts'

const worlds: DiscoveryWorld[] = []
const world = (): DiscoveryWorld => {
  const made = discoveryWorld()
  worlds.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ stop }) => stop()))
})

const recorded = {
  ping: 'e9614ccfd9fc3e74360018522d30e1419a143407ffcce748de3e22116b7e8dc92ff74788c0b6663aaa3d67d641936511c8f8d6ad8698b820a7cf9e1be7155e9a241f556658c55428ec0563514365799a4be2be5a685a80971ddcfa80cb422cdd0101ec04cb847f000001820cfa8215a8d790000000000000000000000000000000018208ae820d058443b9a3550102',
  pingWithJunk:
    '577be4349c4dd26768081f58de4c6f375a7a22f3f7adda654d1428637412c3d7fe917cadc56d4e5e7ffae1dbe3efffb9849feb71b262de37977e7c7a44e677295680e9e38ab26bee2fcbae207fba3ff3d74069a50b902a82c9903ed37cc993c50001f83e82022bd79020010db83c4d001500000000abcdef12820cfa8215a8d79020010db885a308d313198a2e037073488208ae82823a8443b9a355c5010203040531b9019afde696e582a78fa8d95ea13ce3297d4afb8ba6433e4154caa5ac6431af1b80ba76023fa4090c408f6b4bc3701562c031041d4702971d102c9ab7fa5eed4cd6bab8f7af956f7d565ee1917084a95398b6a21eac920fe3dd1345ec0a7ef39367ee69ddf092cbfe5b93e5e568ebc491983c09c76d922dc3',
  pong: '09b2428d83348d27cdf7064ad9024f526cebc19e4958f0fdad87c15eb598dd61d08423e0bf66b2069869e1724125f820d851c136684082774f870e614d95a2855d000f05d1648b2d5945470bc187c2d2216fbe870f43ed0909009882e176a46b0102f846d79020010db885a308d313198a2e037073488208ae82823aa0fbc914b16819237dcd8801d7e53f69e9719adecb3cc0e790c57e91ca4461c9548443b9a355c6010203c2040506a0c969a58f6f9095004c0177a6b47f451530cab38966a25cca5cb58f055542124e',
  findNode:
    'c7c44041b9f7c7e41934417ebac9a8e1a4c6298f74553f2fcfdcae6ed6fe53163eb3d2b52e39fe91831b8a927bf4fc222c3902202027e5e9eb812195f95d20061ef5cd31d502e47ecb61183f74a504fe04c51e73df81f25c4d506b26db4517490103f84eb840ca634cae0d49acb401d8a4c6b6fe8c55b70d115bf400769cc1400f3258cd31387574077f301b421bc84df7266c44e9e6d569fc56be00812904767bf5ccd1fc7f8443b9a35582999983999999280dc62cc8255c73471e0a61da0c89acdc0e035e260add7fc0c04ad9ebf3919644c91cb247affc82b69bd2ca235c71eab8e49737c937a2c396',
  neighbors:
    'c679fc8fe0b8b12f06577f2e802d34f6fa257e6137a995f6f4cbfc9ee50ed3710faf6e66f932c4c8d81d64343f429651328758b47d3dbc02c4042f0fff6946a50f4a49037a72bb550f3a7872363a83e1b9ee6469856c24eb4ef80b7535bcf99c0004f9015bf90150f84d846321163782115c82115db8403155e1427f85f10a5c9a7755877748041af1bcd8d474ec065eb33df57a97babf54bfd2103575fa829115d224c523596b401065a97f74010610fce76382c0bf32f84984010203040101b840312c55512422cf9b8a4097e9a6ad79402e87a15ae909a4bfefa22398f03d20951933beea1e4dfa6f968212385e829f04c2d314fc2d4e255e0d3bc08792b069dbf8599020010db83c4d001500000000abcdef12820d05820d05b84038643200b172dcfef857492156971f0e6aa2c538d8b74010f8e140811d53b98c765dd2d96126051913f44582e8c199ad7c6d6819e9a56483f637feaac9448aacf8599020010db885a308d313198a2e037073488203e78203e8b8408dcab8618c3253b558d459da53bd8fa68935a719aff8b811197101a4b2b47dd2d47295286fc00cc081bb542d760717d1bdd6bec2c37cd72eca367d6dd3b9df738443b9a355010203b525a138aa34383fec3d2719a0'
}
const signer = publicKeyOf(hexToBytes('b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291'))

test('T-30 the EIP-8 packets are read, with other versions, extra elements and trailing bytes', () => {
  const content = (hex: string): PacketContent => {
    const packet = codec.decode(hexToBytes(hex))
    expect(packet.publicKey).toEqual(signer)
    return packet.content
  }
  expect(content(recorded.ping)).toMatchObject({
    kind: 'ping',
    from: { address: '127.0.0.1', udpPort: 3322, tcpPort: 5544 },
    to: { address: '::1', udpPort: 2222, tcpPort: 3333 },
    expiration: 1_136_239_445
  })
  expect(content(recorded.pingWithJunk)).toMatchObject({
    kind: 'ping',
    from: { address: '2001:db8:3c4d:15::abcd:ef12' }
  })
  expect(content(recorded.pong)).toMatchObject({ kind: 'pong', expiration: 1_136_239_445 })
  expect(content(recorded.findNode)).toMatchObject({ kind: 'find-node', target: signer })
  const neighbors = content(recorded.neighbors)
  expect(neighbors.kind === 'neighbors' && neighbors.nodes.map(({ address }) => address)).toEqual([
    '99.33.22.55',
    '1.2.3.4',
    '2001:db8:3c4d:15::abcd:ef12',
    '2001:db8:85a3:8d3:1319:8a2e:370:7348'
  ])
})

test('T-30 a bad hash, an unknown type, 1281 bytes and a past expiration are dropped silently', async () => {
  const { node, stranger, time } = world()
  const host = await node('8.8.1.1')
  const x = await stranger('8.8.2.2')
  const spoiled = hexToBytes(recorded.ping)
  spoiled[0] = (spoiled[0] ?? 0) ^ 1
  x.raw(spoiled, host)
  x.raw(hexToBytes(recorded.ping), host)
  x.raw(new Uint8Array(1281), host)
  x.raw(new Uint8Array(98), host)
  const data = concatBytes(Uint8Array.of(9), encodeRlp([1]))
  const signed = concatBytes(signDigest(keccak256(data), generatePrivateKey()), data)
  x.raw(concatBytes(keccak256(signed), signed), host)
  await time.settle()
  expect(x.received).toEqual([])
  expect(host.discovery.stats()).toMatchObject({
    packetsOut: 0,
    dropped: { malformed: 3, 'too-large': 1, expired: 1 }
  })
})

test('T-30 our packets round-trip, and none is over 1280 bytes', () => {
  const privateKey = generatePrivateKey()
  const endpoint = { address: '2001:4860::1', udpPort: 30_303, tcpPort: 30_303 }
  const nodes = Array.from({ length: 12 }, (_, i) => ({
    ...endpoint,
    tcpPort: 30_303 + i,
    publicKey: publicKeyOf(generatePrivateKey())
  }))
  const contents: PacketContent[] = [
    {
      kind: 'ping',
      from: { ...endpoint, tcpPort: 0 },
      to: { ...endpoint, address: '9.8.7.6' },
      expiration: 2_000_000_000
    },
    { kind: 'pong', to: endpoint, pingHash: keccak256(privateKey), expiration: 2_000_000_000 },
    { kind: 'find-node', target: publicKeyOf(privateKey), expiration: 2_000_000_000 },
    { kind: 'neighbors', nodes, expiration: 2_000_000_000 },
    { kind: 'neighbors', nodes: [], expiration: 2_000_000_000 },
    { kind: 'enr-request', expiration: 2_000_000_000 },
    {
      kind: 'enr-response',
      requestHash: keccak256(privateKey),
      record: createLocalRecord({ privateKey, clock: { nowMs: () => 5 } }, { ip: '9.9.9.9', tcp: 1 }).current().bytes
    }
  ]
  for (const content of contents) {
    const { bytes, hash } = codec.encode(content, privateKey)
    expect(bytes.length).toBeLessThanOrEqual(1280)
    const packet = codec.decode(bytes)
    expect(packet).toEqual({ content, publicKey: publicKeyOf(privateKey), hash })
  }
})

async function bonded(w: DiscoveryWorld, host: DiscoveryNode, address: string): Promise<Stranger> {
  const x = await w.stranger(address)
  x.answerPings()
  ping(w, x, host)
  await w.time.settle()
  return x
}

const soon = (w: DiscoveryWorld): number => Math.floor(w.time.clock.nowMs() / 1000) + 20

function ping(w: DiscoveryWorld, x: Stranger, host: DiscoveryNode): void {
  x.send(
    { kind: 'ping', from: x.endpoint, to: { ...x.endpoint, address: host.endpoint.address }, expiration: soon(w) },
    host
  )
}

test('FindNode and ENRRequest are answered only after an endpoint proof, for 24 hours', async () => {
  const w = world()
  const local = createLocalRecord(
    { privateKey: generatePrivateKey(), clock: w.time.clock },
    { ip: '8.8.1.1', tcp: 30_303 }
  )
  const host = await w.node('8.8.1.1', {}, { record: local.current })
  const cold = await w.stranger('8.8.2.2')
  cold.send({ kind: 'find-node', target: cold.publicKey, expiration: soon(w) }, host)
  cold.send({ kind: 'enr-request', expiration: soon(w) }, host)
  await w.time.settle()
  expect(cold.received).toEqual([])
  expect(host.discovery.stats().dropped).toEqual({ 'no-endpoint-proof': 2 })
  const warm = await bonded(w, host, '8.8.3.3')
  warm.send({ kind: 'find-node', target: warm.publicKey, expiration: soon(w) }, host)
  const request = warm.send({ kind: 'enr-request', expiration: soon(w) }, host)
  await w.time.settle()
  expect(warm.received.map(({ content }) => content.kind)).toEqual(['pong', 'ping', 'neighbors', 'enr-response'])
  expect(warm.received[3]?.content).toMatchObject({ requestHash: request, record: local.current().bytes })
  // The same key from another address has proved nothing.
  await w.time.advance(24 * 3_600_000)
  warm.send({ kind: 'find-node', target: warm.publicKey, expiration: soon(w) }, host)
  await w.time.settle()
  expect(warm.received.filter(({ content }) => content.kind === 'neighbors').length).toBeGreaterThan(0)
})

test('nodes find each other through a bootnode, and a record is fetched and verified', async () => {
  const w = world()
  const boot = await w.node('8.8.0.1')
  const privateKey = generatePrivateKey()
  const record = createLocalRecord({ privateKey, clock: w.time.clock }, { ip: '8.9.0.1', tcp: 30_303, udp: 30_303 })
  const first = await w.node('8.9.0.1', { bootnodes: [boot.enode] }, { privateKey, record: record.current })
  const others = []
  for (let i = 1; i <= 12; i++) others.push(await w.node(`8.${10 + i}.0.1`, { bootnodes: [boot.enode] }))
  await w.time.advance(30_000)
  const found = await lookupFrom(w, others[5] as DiscoveryNode, first.publicKey)
  expect(found).toContain(peerIdOf(first.publicKey))
  const request = others[0]?.discovery.requestRecord(first.enode)
  await w.time.advance(2_000)
  expect((await request)?.seq).toBe(record.current().seq)
  expect(boot.discovery.stats().nodes).toBeGreaterThan(8)
})

async function lookupFrom(w: DiscoveryWorld, host: DiscoveryNode, target: Uint8Array): Promise<string[]> {
  const found = host.discovery.lookup(target)
  await w.time.advance(20_000)
  return (await found).map(({ publicKey }) => peerIdOf(publicKey))
}

test('a node that stops answering leaves the table, one that never answered does not get in', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const node = await bonded(w, host, '8.8.2.2')
  await w.time.advance(60_000)
  expect(host.discovery.known()).toHaveLength(1)
  node.answerPings(false)
  await w.time.advance(60_000)
  expect(host.discovery.known()).toEqual([])
  const silent = await w.stranger('8.8.3.3')
  ping(w, silent, host)
  await w.time.advance(1_000)
  expect(host.discovery.known()).toEqual([])
  expect(silent.received.map(({ content }) => content.kind)).toEqual(['pong', 'ping'])
})

test('a full bucket displaces nobody; when a node leaves it, a replacement moves up', () => {
  const own = nodeIdOf(publicKeyOf(generatePrivateKey()))
  const table = createNodeTable(own)
  const nodes = Array.from({ length: 120 }, (_, i) =>
    tableNode({ address: `11.${i}.0.1`, udpPort: 2000, tcpPort: 1, publicKey: publicKeyOf(generatePrivateKey()) })
  )
  // About half of all ids fall into the farthest bucket: it fills up, the rest waits.
  const refused = nodes.filter(node => !table.verified(node))
  expect(refused.length).toBeGreaterThan(0)
  const held = table.nodes().map(({ peerId }) => peerId)
  const before = table.size()
  const distance = logDistance(own, refused[0]?.nodeId ?? own)
  const full = table.nodes().find(({ nodeId }) => logDistance(own, nodeId) === distance)
  table.remove(full?.peerId ?? '')
  expect(table.size()).toBe(before)
  const moved = table.nodes().filter(({ peerId }) => !held.includes(peerId))
  expect(moved).toHaveLength(1)
  expect(refused.map(({ peerId }) => peerId)).toContain(moved[0]?.peerId)
})

test('X20 a port beyond 65 535 in a Ping is malformed: nothing is answered, nothing is dialed', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const x = await w.stranger('8.8.2.2')
  const privateKey = generatePrivateKey()
  const data = concatBytes(
    Uint8Array.of(1),
    encodeRlp([
      4,
      [Uint8Array.of(8, 8, 2, 2), 30_303, 2 ** 32 + 30_303],
      [Uint8Array.of(8, 8, 1, 1), 30_303, 30_303],
      soon(w)
    ])
  )
  const signed = concatBytes(signDigest(keccak256(data), privateKey), data)
  for (let i = 0; i < 5; i++) x.raw(concatBytes(keccak256(signed), signed), host)
  await w.time.advance(15_000)
  expect(x.received).toEqual([])
  expect(host.discovery.stats()).toMatchObject({ nodes: 0, packetsOut: 0, dropped: { malformed: 5 } })
})

test('X21 a Ping that names an honest endpoint does not harm it: what counts is where it came from', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const honest = await bonded(w, host, '8.8.3.3')
  expect(host.discovery.known()).toHaveLength(1)
  const x = await w.stranger('8.8.2.2')
  x.send(
    { kind: 'ping', from: { address: '8.8.3.3', udpPort: 9, tcpPort: 30_303 }, to: x.endpoint, expiration: soon(w) },
    host
  )
  await w.time.advance(1_000)
  expect(host.discovery.known().map(({ host: address }) => address)).toEqual(['8.8.3.3'])
  expect(honest.received.length).toBeGreaterThan(0)
  // Our check went to the true sender, none to the honest node's dead port.
  expect(x.received.map(({ content }) => content.kind)).toEqual(['pong', 'ping'])
})

test('X22 unsolicited Neighbors cause no packet at all, oversized ones are dropped unread', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const x = await bonded(w, host, '8.8.2.2')
  const before = host.discovery.stats().packetsOut
  const nodes = Array.from({ length: 12 }, (_, i) => ({
    address: `9.9.${i}.1`,
    udpPort: 30_303,
    tcpPort: 30_303,
    publicKey: publicKeyOf(generatePrivateKey())
  }))
  const timers = w.time.pendingTimers()
  x.send({ kind: 'neighbors', nodes, expiration: soon(w) }, host)
  x.raw(new Uint8Array(39_109), host)
  await w.time.settle()
  expect(host.discovery.stats()).toMatchObject({ packetsOut: before, dropped: { unsolicited: 1, 'too-large': 1 } })
  expect(w.time.pendingTimers()).toBe(timers)
})

test('X23 an expired FindNode without endpoint proof is not answered', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const x = await w.stranger('8.8.2.2')
  x.send({ kind: 'find-node', target: x.publicKey, expiration: 1_000_000_000 }, host)
  await w.time.settle()
  expect(x.received).toEqual([])
  expect(host.discovery.stats()).toMatchObject({ packetsOut: 0, dropped: { expired: 1 } })
})

test('packets over the rate are dropped before their signature is checked', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const x = await w.stranger('8.8.2.2')
  for (let i = 0; i < limits.packetsPerAddress + 50; i++) x.raw(new Uint8Array(200).fill(i), host)
  await w.time.settle()
  expect(host.discovery.stats().dropped).toEqual({ malformed: limits.packetsPerAddress, rate: 50 })
  const flood = await Promise.all(Array.from({ length: 10 }, (_, i) => w.stranger(`8.9.${i}.1`)))
  for (const one of flood) for (let i = 0; i < 90; i++) one.raw(new Uint8Array(200).fill(i), host)
  await w.time.settle()
  const read = (): number => host.discovery.stats().dropped['malformed'] ?? 0
  // What these addresses send beyond their first packets shares half of the rate.
  expect(read()).toBe(limits.busyPacketsPerSecond + 11 * limits.firstPackets)
  // The other half is for those who send little: a few addresses that flood do not keep the answers of others out.
  const quiet = await Promise.all(Array.from({ length: 50 }, (_, i) => w.stranger(`8.10.${i}.1`)))
  const before = read()
  quiet[0]?.raw(new Uint8Array(200).fill(1), host)
  await w.time.settle()
  expect(read()).toBe(before + 1)
  for (const one of quiet) for (let i = 0; i < 10; i++) one.raw(new Uint8Array(200).fill(i), host)
  await w.time.settle()
  expect(read()).toBe(limits.packetsPerSecond)
})

test('many addresses that flood keep no answer out that we asked for, and asking us is not being asked', async () => {
  const w = world()
  const host = await w.node('8.8.1.1')
  const [asked, asking] = [await w.stranger('8.8.2.2'), await w.stranger('8.8.3.3')]
  asked.answerPings()
  const from = asking.endpoint
  asking.send({ kind: 'ping', from, to: { ...from, address: '8.8.1.1' }, expiration: soon(w) }, host)
  await w.time.settle()
  // It waits for the Pong that this one owes.
  expect(asking.received.some(({ content }) => content.kind === 'ping')).toBe(true)
  const flood = await Promise.all(
    Array.from({ length: limits.packetsPerSecond / limits.firstPackets }, (_, i) => w.stranger(`8.10.${i}.1`))
  )
  for (const one of flood) for (let i = 0; i < limits.firstPackets; i++) one.raw(new Uint8Array(200).fill(i), host)
  await w.time.settle()
  const { dropped } = host.discovery.stats()
  expect(dropped).toMatchObject({ rate: 1 })
  for (let i = 0; i < 5; i++) asking.raw(new Uint8Array(200).fill(i), host)
  await w.time.settle()
  expect(host.discovery.stats().dropped).toEqual({ ...dropped, rate: 6 })
  const pinged = host.discovery.ping(asked.enode).then(
    () => 'answered',
    () => 'late'
  )
  await w.time.settle()
  await w.time.advance(1_000)
  expect(await pinged).toBe('answered')
  // Beyond its first packets it is one of those that flood.
  const before = host.discovery.stats().dropped['malformed'] ?? 0
  const again = host.discovery.ping(asked.enode).catch(() => undefined)
  for (let i = 0; i < limits.packetsPerAddress + 20; i++) asked.raw(new Uint8Array(200).fill(i), host)
  await w.time.settle()
  expect((host.discovery.stats().dropped['malformed'] ?? 0) - before).toBeLessThanOrEqual(limits.packetsPerAddress)
  await w.time.advance(1_000)
  await again
})

test('the table: distances, buckets of 16, two of a /24 in a bucket, ten in all, LAN exempt', () => {
  const own = nodeIdOf(publicKeyOf(generatePrivateKey()))
  const table = createNodeTable(own)
  const make = (address: string) =>
    tableNode({ address, udpPort: 30_303, tcpPort: 30_303, publicKey: publicKeyOf(generatePrivateKey()) })
  for (let i = 0; i < 200; i++) table.verified(make('9.9.9.9'))
  expect(table.size()).toBeLessThanOrEqual(limits.tableNetwork)
  expect(table.size()).toBeGreaterThanOrEqual(4)
  const perBucket = new Map<number, number>()
  for (let i = 0; i < 300; i++) table.verified(make(`11.${i % 250}.${i >> 8}.1`))
  for (const { nodeId } of table.nodes()) {
    const distance = logDistance(own, nodeId)
    perBucket.set(distance, (perBucket.get(distance) ?? 0) + 1)
  }
  expect(Math.max(...perBucket.values())).toBe(limits.bucketNodes)
  const lan = createNodeTable(own)
  for (let i = 0; i < 40; i++) lan.verified(make('192.168.1.1'))
  expect(lan.size()).toBeGreaterThan(limits.tableNetwork)
  expect(logDistance(own, own)).toBe(0)
  expect(logDistance(new Uint8Array(32), new Uint8Array(32).fill(1, 31))).toBe(1)
  expect(logDistance(new Uint8Array(32), new Uint8Array(32).fill(0x80, 0, 1))).toBe(256)
  const [first] = table.nodes()
  const same = first && { ...first, tcpPort: 1 }
  expect(same && table.verified(same)).toBe(true)
  expect(table.get(first?.peerId ?? '')?.tcpPort).toBe(1)
  expect(
    table.verified(
      tableNode({ address: '1.1.1.1', udpPort: 1, tcpPort: 1, publicKey: publicKeyOf(generatePrivateKey()) })
    )
  ).toBeTypeOf('boolean')
})

test('an eclipse by two addresses with hundreds of keys fails: ten places at most, honest nodes stay', async () => {
  const w = world()
  const victim = await w.node('8.8.1.1')
  for (let i = 0; i < 20; i++) await w.node(`20.${i}.0.1`, { bootnodes: [victim.enode] })
  await w.time.advance(10_000)
  const honestKnown = victim.discovery.known().length
  expect(honestKnown).toBeGreaterThanOrEqual(18)
  for (let i = 0; i < 300; i++) {
    const address = i % 2 === 0 ? '66.6.6.1' : '77.7.7.1'
    const x = await w.stranger(address, undefined, 2_000 + i)
    x.answerPings()
    ping(w, x, victim)
    // Patient enough to stay under the rate limit.
    await w.time.advance(50)
  }
  await w.time.settle()
  const known = victim.discovery.known()
  const attackers = known.filter(({ host }) => host === '66.6.6.1' || host === '77.7.7.1')
  expect(attackers.length).toBeGreaterThan(0)
  expect(attackers.length).toBeLessThanOrEqual(2 * limits.tableNetwork)
  for (const network of ['66.6.6.1', '77.7.7.1']) {
    expect(attackers.filter(({ host }) => host === network).length).toBeLessThanOrEqual(limits.tableNetwork)
  }
  expect(known.length - attackers.length).toBeGreaterThanOrEqual(honestKnown)
  // And what the victim asks for is still answered by honest nodes.
  const found = victim.discovery.randomNodes()
  await w.time.advance(60_000)
  expect((await found).some(({ host }) => host.startsWith('20.'))).toBe(true)
})

test('the first two nodes of a network find each other, though neither knows anybody else', async () => {
  const { node, time } = world()
  const first = await node('10.0.0.1')
  const second = await node('10.0.0.2', { bootnodes: [first.enode] })
  await time.advance(5_000)
  for (const [one, other] of [
    [second, first],
    [first, second]
  ] as const) {
    let found: readonly string[] | undefined
    void one.discovery.randomNodes().then(nodes => {
      found = nodes.map(({ host }) => host)
    })
    for (let i = 0; found === undefined && i < 100; i++) await time.advance(100)
    expect(found).toEqual([other.endpoint.address])
  }
})
