import { getServers } from 'node:dns'
import {
  compressPublicKey,
  generatePrivateKey,
  keccak256,
  publicKeyOf,
  signDigest,
  utf8Bytes
} from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { createTimeSlicer } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { createDnsList } from '../../src/discovery/dns-list.ts'
import { parseTreeEntry, parseTreeRoot, parseTreeUrl } from '../../src/discovery/dns-tree.ts'
import { formatRecord } from '../../src/discovery/enr.ts'
import { ownResolver } from '../../src/discovery/resolver.node.ts'
import { createRecord } from '../../src/discovery/signed-record.ts'
import { base32Text, base64UrlText } from '../../src/discovery/text.ts'
import { limits } from '../../src/limits.ts'
import type { TxtResolver } from '../../src/ports.ts'

const key = generatePrivateKey()
const url = (domain: string, privateKey = key): string =>
  `enrtree://${base32Text(compressPublicKey(publicKeyOf(privateKey)))}@${domain}`
const nameOf = (text: string): string => base32Text(keccak256(utf8Bytes(text)).subarray(0, 16))
const record = (port: number): string =>
  formatRecord(createRecord(generatePrivateKey(), 1n, { ip: '9.9.9.9', tcp: port, udp: port }))

/** A list as its owner would publish it. */
function publish(
  zone: Map<string, string>,
  domain: string,
  tree: { records: string; links?: string; entries: string[]; seq?: number; key?: Uint8Array }
): void {
  const links = tree.links ?? 'enrtree-branch:'
  for (const text of [...tree.entries, tree.records, links]) zone.set(`${nameOf(text)}.${domain}`, text)
  const unsigned = `enrtree-root:v1 e=${nameOf(tree.records)} l=${nameOf(links)} seq=${tree.seq ?? 1}`
  const signature = signDigest(keccak256(utf8Bytes(unsigned)), tree.key ?? key)
  zone.set(domain, `${unsigned} sig=${base64UrlText(signature)}`)
}

function world(zone: Map<string, string>, onQuery: (name: string) => void = () => undefined) {
  const time = createVirtualTime()
  const asked: string[] = []
  const resolver: TxtResolver = {
    txt: async name => {
      asked.push(name)
      onQuery(name)
      const text = zone.get(name)
      if (text === undefined) throw new Error('ENOTFOUND')
      // TXT strings come in pieces of at most 255 bytes.
      return [['unrelated'], text.match(/.{1,255}/g) ?? ['']]
    }
  }
  const list = (urls: string[]) => createDnsList(urls, { resolver, clock: time.clock, scheduler: time.scheduler })
  const find = async (from: ReturnType<typeof list>, count: number) => {
    const found = from.find(count)
    await time.advance(200_000)
    return (await found).map(({ tcp }) => tcp ?? 0).sort((a, b) => a - b)
  }
  return { time, asked, list, find }
}

test('T-31 a list is walked: root signature, branches, records, links to other lists', async () => {
  const zone = new Map<string, string>()
  const records = [1, 2, 3, 4].map(record)
  const branchA = `enrtree-branch:${records.slice(0, 2).map(nameOf).join(',')}`
  const branchB = `enrtree-branch:${records.slice(2).map(nameOf).join(',')}`
  const other = generatePrivateKey()
  publish(zone, 'nodes.example.org', {
    records: `enrtree-branch:${nameOf(branchA)},${nameOf(branchB)}`,
    entries: [branchA, branchB, ...records, url('more.example.org', other)],
    links: url('more.example.org', other)
  })
  const far = record(9)
  publish(zone, 'more.example.org', { records: far, entries: [], key: other })
  const w = world(zone)
  const list = w.list([url('nodes.example.org')])
  expect(await w.find(list, 100)).toEqual([1, 2, 3, 4, 9])
  expect(list.failures().size).toBe(0)
  // Again from the cache, without a query.
  const before = w.asked.length
  expect(await w.find(list, 100)).toEqual([1, 2, 3, 4, 9])
  expect(w.asked.length).toBe(before)
  // A few at a time.
  expect((await w.find(list, 2)).length).toBe(2)
})

test('T-31 a wrong root signature, an entry that does not fit its name and entries in the wrong place are refused', async () => {
  const zone = new Map<string, string>()
  const good = record(1)
  const bad = record(2)
  publish(zone, 'forged.example.org', { records: good, entries: [], key: generatePrivateKey() })
  const branch = `enrtree-branch:${nameOf(good)},${nameOf(bad)}`
  publish(zone, 'mixed.example.org', { records: branch, entries: [good, bad] })
  zone.set(`${nameOf(bad)}.mixed.example.org`, record(3))
  const w = world(zone)
  const list = w.list([url('forged.example.org'), url('mixed.example.org')])
  expect(await w.find(list, 10)).toEqual([1])
  expect(list.failures().get('forged.example.org')?.message).toContain('root signature')
  expect(() => parseTreeEntry(nameOf(good), good, 'links')).toThrow('unknown entry')
  const link = url('x.org')
  expect(() => parseTreeEntry(nameOf(link), link, 'records')).toThrow('unknown entry')
  expect(parseTreeEntry(nameOf('enrtree-branch:'), 'enrtree-branch:', 'records')).toEqual({
    kind: 'branch',
    children: []
  })
})

test('T-31 a root with a lower seq is a rollback and refused; a higher one starts the walk anew', async () => {
  const zone = new Map<string, string>()
  publish(zone, 'nodes.example.org', { records: record(1), entries: [], seq: 5 })
  const w = world(zone)
  const list = w.list([url('nodes.example.org')])
  expect(await w.find(list, 5)).toEqual([1])
  publish(zone, 'nodes.example.org', { records: record(2), entries: [], seq: 4 })
  await w.time.advance(30 * 60_000)
  await w.find(list, 5)
  expect(list.failures().get('nodes.example.org')?.message).toContain('older root')
  publish(zone, 'nodes.example.org', { records: record(3), entries: [], seq: 6 })
  expect(await w.find(list, 5)).toEqual([3])
})

test('T-31 loops of lists and branches end, and everything is asked once', async () => {
  const zone = new Map<string, string>()
  publish(zone, 'a.example.org', { records: record(1), entries: [url('b.example.org')], links: url('b.example.org') })
  publish(zone, 'b.example.org', { records: record(2), entries: [url('a.example.org')], links: url('a.example.org') })
  // A branch cannot hold its own hash, but it can name a child twice.
  const twice = record(3)
  publish(zone, 'c.example.org', { records: `enrtree-branch:${nameOf(twice)},${nameOf(twice)}`, entries: [twice] })
  const w = world(zone)
  expect(await w.find(w.list([url('a.example.org'), url('c.example.org')]), 50)).toEqual([1, 2, 3])
  expect(new Set(w.asked).size).toBe(w.asked.length)
})

test('a list that links to many others, or is endless, stays within the limits and the query rate', async () => {
  const zone = new Map<string, string>()
  const links = Array.from({ length: 40 }, (_, i) => url(`n${i}.example.org`))
  const branches = [0, 10, 20, 30].map(
    at =>
      `enrtree-branch:${links
        .slice(at, at + 10)
        .map(nameOf)
        .join(',')}`
  )
  publish(zone, 'hub.example.org', {
    records: record(1),
    entries: [...links, ...branches],
    links: `enrtree-branch:${branches.map(nameOf).join(',')}`
  })
  for (let i = 0; i < 40; i++) publish(zone, `n${i}.example.org`, { records: record(100 + i), entries: [] })
  const at: number[] = []
  const w = world(zone, () => at.push(w.time.clock.nowMs()))
  const found = await w.find(w.list([url('hub.example.org')]), 100)
  expect(found.length).toBe(limits.trees)
  for (let i = 3; i < at.length; i++) expect((at[i] ?? 0) - (at[i - 3] ?? 0)).toBeGreaterThanOrEqual(999)
})

test('X25 an unreachable resolver or no list at all is no unhandled rejection: nothing is found, later calls try again', async () => {
  const rejections: unknown[] = []
  const note = (error: unknown): void => {
    rejections.push(error)
  }
  process.on('unhandledRejection', note)
  const zone = new Map<string, string>()
  const w = world(zone)
  const list = w.list([url('nodes.example.org')])
  expect(await w.find(list, 5)).toEqual([])
  expect(await w.find(w.list([]), 5)).toEqual([])
  const silent = createDnsList([url('nodes.example.org')], {
    resolver: { txt: () => new Promise(() => undefined) },
    clock: w.time.clock,
    scheduler: w.time.scheduler
  })
  expect(await w.find(silent, 5)).toEqual([])
  expect(silent.failures().get('nodes.example.org')?.code).toBe('timeout')
  publish(zone, 'nodes.example.org', { records: record(7), entries: [] })
  expect(await w.find(list, 5)).toEqual([7])
  await w.time.advance(3_600_000)
  process.off('unhandledRejection', note)
  expect(rejections).toEqual([])
})

test('X25 the resolver is an instance of its own: process-wide servers stay as they are', async () => {
  const before = getServers()
  const resolver = ownResolver(['127.0.0.1:1'])
  const controller = new AbortController()
  const query = resolver.txt('nodes.example.org', { signal: controller.signal })
  controller.abort()
  await expect(query).rejects.toThrow()
  expect(getServers()).toEqual(before)
})

test('URLs and roots that are not exactly right are refused', () => {
  const good = url('nodes.example.org')
  expect(parseTreeUrl(good)).toEqual({ domain: 'nodes.example.org', publicKey: publicKeyOf(key) })
  for (const bad of [
    '',
    'enr:x',
    good.replace('enrtree', 'http'),
    good.replace('@', ''),
    `${good} `,
    good.toLowerCase(),
    'enrtree://AAAA@x.org',
    `enrtree://${base32Text(new Uint8Array(33).fill(5))}@x.org`,
    url('-bad-.org'),
    url('a..b')
  ]) {
    expect(() => parseTreeUrl(bad), bad).toThrow(expect.objectContaining({ code: 'invalid-text' }))
  }
  const zone = new Map<string, string>()
  publish(zone, 'd.org', { records: record(1), entries: [] })
  const root = zone.get('d.org') ?? ''
  expect(parseTreeRoot(root, publicKeyOf(key)).seq).toBe(1)
  for (const bad of [
    root.replace('v1', 'v2'),
    root.replace('seq=1', 'seq=2'),
    root.replace(' l=', ' x='),
    `${root}A`,
    root.slice(0, -1),
    root.replace(/e=\S+/, 'e=AAAA')
  ]) {
    expect(() => parseTreeRoot(bad, publicKeyOf(key)), bad).toThrow('node list')
  }
})

test('a walk over entries that are there at once yields to others', async () => {
  const zone = new Map<string, string>()
  const records = Array.from({ length: 120 }, (_, i) => record(i + 1))
  const branches = Array.from({ length: 10 }, (_, i) => {
    const part = records.slice(12 * i, 12 * (i + 1))
    return `enrtree-branch:${part.map(nameOf).join(',')}`
  })
  publish(zone, 'nodes.example.org', {
    records: `enrtree-branch:${branches.map(nameOf).join(',')}`,
    entries: [...branches, ...records]
  })
  let now = 0
  let turns = 0
  const slicer = createTimeSlicer({
    nowMs: () => now++,
    nextTurn: callback => {
      turns++
      setImmediate(callback)
    }
  })
  const resolver: TxtResolver = { txt: async name => [[zone.get(name) ?? '']] }
  const list = createDnsList([url('nodes.example.org')], { resolver, slicer }, { queriesPerSecond: 1000 })
  expect(await list.find(200)).toHaveLength(120)
  turns = 0
  expect(await list.find(200)).toHaveLength(120)
  expect(turns).toBeGreaterThan(10)
})
