import { createEmitter } from '@status-stack/utils'
import { expect, test } from 'vitest'
import { check } from '../../src/errors.ts'
import type { RelayEvents, RelayFacts } from '../../src/index.ts'
import { type Report, reportArchive, reportRelay, statusReport } from '../../src/reports.ts'

const peerId = 'ab'.repeat(32)
const names: readonly (keyof RelayEvents)[] = [
  'peerconnected',
  'peerdisconnected',
  'peerunreachable',
  'bootnodeunresolved',
  'discoverystarted',
  'connectionrefused',
  'addresschanged',
  'portmappingunused',
  'portmappingfailed',
  'serving',
  'archived',
  'requestserved',
  'requestrefused',
  'syncserved',
  'syncrefused',
  'cleaned',
  'cleaningfailed',
  'archivefailed',
  'archivegivenup',
  'archivesyncstarted',
  'archivesyncdone',
  'archivesyncfailed'
]

function told() {
  const relay = createEmitter<RelayEvents>(Object.fromEntries(names.map(name => [name, true])) as never, check)
  const reports: Report[] = []
  const tell = (report: Report): void => void reports.push(report)
  reportRelay(relay, tell)
  reportArchive(relay, tell, error => ({ code: 'broken', message: String(error) }))
  return { relay, reports }
}

test('connections are for those who follow them, and what we ended ourselves for programs', () => {
  const { relay, reports } = told()
  relay.emit('peerconnected', { peerId, address: '10.0.0.1', port: 30303 })
  const lost = { peerId, address: '10.0.0.1:30303', reason: 'too-many-peers', static: true } as const
  relay.emit('peerdisconnected', { ...lost, by: 'peer' })
  relay.emit('peerdisconnected', { ...lost, by: 'us' })
  relay.emit('peerunreachable', { peerId, address: '10.0.0.1:30303', code: 'useless-peer', theirs: 'eth/63' })
  expect(reports.map(({ audience, text }) => [audience, text])).toEqual([
    ['connections', '· connected to 10.0.0.1:30303 (abababab…)'],
    ['connections', '· connection to 10.0.0.1:30303 lost: it has too many peers; trying again until it is back'],
    ['programs', '· connection to 10.0.0.1:30303 lost: it has too many peers; trying again until it is back'],
    ['everybody', '· no shared protocol with 10.0.0.1:30303: it speaks eth/63; see --privacy']
  ])
  expect(reports[1]?.event).toMatchObject({ event: 'peer', state: 'disconnected', by: 'peer' })
})

test('of an archive people are told what was refused or lost, and the rest where they ask for it', () => {
  const { relay, reports } = told()
  relay.emit('archived', { envelopes: 2, bytes: 700, source: 'live' } as RelayEvents['archived'])
  relay.emit('requestrefused', { peerId, error: 'too\u001b[2J often' } as RelayEvents['requestrefused'])
  relay.emit('archivefailed', { envelopes: 1, error: new Error('no\u001b room') })
  relay.emit('archivesyncfailed', { source: peerId, error: 'gone' })
  expect(reports.map(({ audience, event }) => [audience, event.event])).toEqual([
    ['details', 'archived'],
    ['everybody', 'request-refused'],
    ['everybody', 'archive-failed'],
    ['everybody', 'sync']
  ])
  expect(reports[3]?.event).toMatchObject({ state: 'failed', code: 'broken', message: 'gone' })
  // Whatever a peer or a disk chose, nothing of it acts on the terminal.
  for (const { text } of reports) expect(text).toMatch(/^\P{Cc}+$/u)
})

test('the report of a relay adds up its networks, and says the same in words', () => {
  const node = (count: number) => ({
    peers: count,
    messages: count,
    memory: 1024 * count,
    duplicateBytes: 0,
    counters: {
      events: {
        envelopereceived: count,
        envelopepooled: count,
        envelopesent: count,
        envelopeexpired: 0,
        envelopeevicted: 0,
        enveloperefused: count
      },
      refused: { 'pow-too-low': count, expired: 0 }
    }
  })
  const facts = {
    state: 'running',
    uptimeSeconds: 3723,
    named: [],
    host: { peersInbound: 1, peersOutbound: 2, bytesIn: 2048, bytesOut: 10, queuedBytes: 0 },
    whisper: node(2),
    waku: node(3),
    archive: {
      archivedEnvelopes: 1,
      requestsServed: 2,
      requestsRefused: 3,
      sentEnvelopes: 4,
      lostEnvelopes: 5
    }
  } as unknown as RelayFacts
  const { event, text } = statusReport(facts, 3 * 1024 * 1024)
  expect(event).toMatchObject({
    event: 'status',
    peers: { whisper: 2, waku: 3 },
    envelopes: { live: 5, liveBytes: 5120, new: 5, refused: { 'pow-too-low': 5 } },
    bridge: null,
    residentBytes: 3 * 1024 * 1024
  })
  expect(text).toBe(
    '· up 01:02:03: 3 peers (1 in, 2 out), 5 envelopes live, 5 taken, 5 sent on, 5 refused, 2.0 KiB in, 10 B out, 3.0 MiB resident; ' +
      'archived 1 envelope, lost 5, answered 2 requests with 4 envelopes, refused 3'
  )
})
