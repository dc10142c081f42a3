import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TransportError } from '@status-stack/devp2p-transport'
import { describe, expect, test } from 'vitest'
import { judgeChatClocks, judgeReportedClock } from '../../src/chat-clocks.ts'
import { checkCurve, checkDisk, checkNode } from '../../src/machine.node.ts'
import { judgeClock } from '../../src/peer.ts'
import { checkAddress } from '../../src/reachability.node.ts'
import { explainDial, explainProtocol } from '../../src/reasons.ts'

describe('the machine', () => {
  test.each([
    ['20.19.0', 'ok'],
    ['20.20.1', 'ok'],
    ['22.0.0', 'ok'],
    ['20.18.3', 'problem'],
    ['18.20.0', 'problem']
  ])('Node %s is %s', (version, state) => {
    expect(checkNode(version).state).toBe(state)
  })

  test('the slow curve is worth a note, with a hint', () => {
    expect(checkCurve('native').state).toBe('ok')
    expect(checkCurve('noble')).toMatchObject({ state: 'note', hint: expect.stringContaining('npm install') })
  })

  test('a full disk is a problem, also where the folder is still to be made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
    const asked: string[] = []
    const at = (mib: number) =>
      checkDisk(join(folder, 'not', 'yet'), async existing => {
        asked.push(existing)
        return mib * 1024 * 1024
      })
    expect((await at(10)).state).toBe('problem')
    expect((await at(500)).state).toBe('note')
    expect((await at(5000)).state).toBe('ok')
    expect(new Set(asked)).toEqual(new Set([folder]))
    expect((await checkDisk(folder)).message).toMatch(/^\d+ MiB free at /)
    rmSync(folder, { recursive: true })
  })
})

describe('the address', () => {
  const view = (own: readonly string[], seenAs: readonly string[] = [], external?: string) => ({
    own,
    seenAs,
    gateway: async () => {
      if (external === undefined) throw new Error('nobody')
      return { kind: 'upnp' as const, externalAddress: external }
    }
  })
  const settings = (host: string, nat = 'none') => ({ host, nat })
  const open = '0.0.0.0'

  test.each([
    ['loopback only', settings('127.0.0.1'), view(['77.0.0.1']), 'note', 'only this machine'],
    ['a public one', settings(open), view(['10.0.0.2', '77.0.0.1']), 'ok', '77.0.0.1'],
    [
      'another public one than it listens on',
      settings('10.0.0.2'),
      view(['10.0.0.2', '77.0.0.1']),
      'note',
      'behind NAT'
    ],
    [
      'behind NAT',
      settings(open),
      view(['192.168.1.2'], ['127.0.0.1', '77.0.0.9']),
      'note',
      'seen from outside as 77.0.0.9'
    ],
    ['named by hand', settings(open, 'extip:77.0.0.1'), view([]), 'ok', '77.0.0.1'],
    ['named by hand and private', settings(open, 'extip:10.0.0.1'), view([]), 'note', 'not a public address'],
    [
      'a router that maps',
      settings(open, 'any'),
      view(['10.0.0.2'], [], '77.0.0.1'),
      'ok',
      'the router maps ports (upnp)'
    ],
    [
      'a router behind another',
      settings(open, 'any'),
      view(['10.0.0.2'], [], '192.168.9.9'),
      'problem',
      'itself behind NAT'
    ],
    ['a router that is silent', settings(open, 'upnp'), view(['10.0.0.2']), 'problem', 'no router answered upnp']
  ])('%s', async (_, node, seen, state, words) => {
    const finding = await checkAddress(node, seen.seenAs, seen)
    expect(finding).toMatchObject({ check: 'address', state, message: expect.stringContaining(words) })
    if (state === 'problem') expect(finding.hint).toBeTruthy()
  })
})

describe('the clock', () => {
  const seen = (aheadMs: number) => ({ aheadMs, roundTripMs: 10, seenAs: '127.0.0.1' })
  test.each([
    [seen(200), false, 'ok', 'agrees'],
    [seen(-8_000), undefined, 'note', '8 s behind'],
    [seen(90_000), false, 'problem', '90 s ahead of'],
    [seen(-3_600_000), true, 'problem', '3600 s behind'],
    [seen(0), true, 'problem', 'refuses a fresh envelope'],
    [undefined, true, 'problem', 'refuses a fresh envelope'],
    [undefined, false, 'ok', 'accepts a fresh envelope'],
    [undefined, undefined, 'note', 'tells neither']
  ])('%j and refused: %s is %s', (probe, rejected, state, words) => {
    expect(judgeClock('clock', probe, rejected)).toMatchObject({ state, message: expect.stringContaining(words) })
  })
})

test.each([
  ['bad-handshake', 'not-devp2p'],
  ['malformed', 'not-devp2p'],
  ['aborted', 'silent'],
  ['unavailable', 'unreachable'],
  ['stopped', 'unreachable']
] as const)('a dial that ended with %s: %s', (code, found) => {
  const at = { host: 'h', port: 1 }
  expect(explainDial(new TransportError(code, 'x', { origin: 'peer' }), at, { keyProved: false, ours: [] }).code).toBe(
    found
  )
})

test('what is unknown is still explained', () => {
  const at = { host: 'h', port: 1 }
  expect(explainDial(new Error('x'), at, { keyProved: false, ours: [] }).code).toBe('unreachable')
  expect(explainProtocol(undefined).code).toBe('no-status')
})

describe('clocks of chats', () => {
  const ahead = (name: string, aheadMs: number) => ({
    chat: { kind: 'public', name } as const,
    lastClock: 1_700_000_000_000 + aheadMs,
    aheadMs
  })

  test('each chat that the client reports is named, with how far it is ahead', () => {
    expect(judgeChatClocks({ chatsAhead: [] })).toMatchObject([{ state: 'ok' }])
    const years = 14 * 365 * 86_400_000
    expect(judgeChatClocks({ chatsAhead: [ahead('status', 120_001), ahead('b', years)] })).toMatchObject([
      {
        state: 'problem',
        message: expect.stringMatching(/#status is 2 min ahead/),
        hint: expect.stringContaining('NTP')
      },
      { state: 'problem', message: expect.stringMatching(/#b is 5110 days ahead/) }
    ])
  })
})

describe('the clock as the client reports it', () => {
  test('a wrong one is a problem, with its side where that is known, and advice', () => {
    const report = { warning: true, estimateMs: 40_000 }
    const hint = expect.stringContaining('NTP')
    expect(judgeReportedClock(report, { direction: 'behind', estimateMs: 40_000 })).toMatchObject([
      { check: 'clock', state: 'problem', message: expect.stringContaining('40 s behind'), hint }
    ])
    expect(judgeReportedClock({ warning: true })).toMatchObject([
      { check: 'clock', state: 'problem', message: expect.stringContaining('wrong'), hint }
    ])
  })

  test('a right one is told where people have written, and not otherwise', () => {
    expect(judgeReportedClock({ warning: false })).toEqual([])
    expect(judgeReportedClock({ warning: false, estimateMs: -1500 })).toMatchObject([
      { check: 'clock', state: 'ok', message: expect.stringContaining('within 2 s') }
    ])
  })
})
