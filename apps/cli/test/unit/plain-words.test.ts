import { keyHex, shortKey } from '@status-stack/account-rpc/targets'
import { bob, messageFact } from '@status-stack/account-rpc/testing'
import {
  changedView,
  deliveryView,
  keyNames,
  messageView,
  refusedView,
  sentView,
  whyNotShown
} from '@status-stack/account-rpc/words'
import { publicKeyOf } from '@status-stack/crypto'
import { type PeerEvents, peerEventNames } from '@status-stack/relay-node'
import { reportPeers } from '@status-stack/relay-node/reports'
import { atStage, whyEnded, whyUnreachable } from '@status-stack/relay-node/words'
import { refusalCodes } from '@status-stack/status-data'
import { createArgumentChecks, createEmitter } from '@status-stack/utils'
import { describe, expect, test } from 'vitest'
import { createOutput } from '../../src/output.ts'
import { reporter } from '../../src/relay-report.ts'

const code = /\b[a-z]+(-[a-z]+)+\b/
const publicKey = keyHex(publicKeyOf(new Uint8Array(32).fill(7)))
const messageId = `0x${'3e'.repeat(32)}`

/** What is printed, and where. */
function printer(options: { readonly quiet?: boolean; readonly verbose?: boolean; readonly json?: boolean } = {}) {
  const lines = { out: '', err: '' }
  const stream = (name: 'out' | 'err') =>
    ({
      write: (text: string) => {
        lines[name] += text
        return true
      }
    }) as never
  const output = createOutput({ json: false, verbose: false, ...options, stdout: stream('out'), stderr: stream('err') })
  return { lines, output }
}

describe('people are told in words', () => {
  test.each([...refusalCodes])('why something is not shown: %s', reason => {
    const { text } = refusedView({
      event: 'refused',
      layer: 'data',
      reason,
      final: true,
      expected: false,
      author: publicKey
    })
    expect(text).toBe(`  not shown from ${shortKey(publicKey)}: ${whyNotShown(reason)}`)
    if (reason.includes('-')) expect(text).not.toContain(reason)
    expect(text).not.toContain('data')
  })

  test('a code that has no words yet loses its dashes, whatever it is called', () => {
    expect(whyNotShown('some-new-code')).toBe('some new code')
    expect(whyNotShown('constructor')).toBe('constructor')
    expect(atStage('__proto__')).toBe('__proto__')
  })

  test.each([
    ['network', 'ECONNREFUSED', 'connection refused'],
    ['network', 'EHOSTUNREACH', 'there is no route to it'],
    ['network', 'ENOTFOUND', 'there is no host of that name'],
    ['timeout', undefined, 'no answer in time'],
    ['network', undefined, 'it hung up during the handshake: is its key the one in the address?']
  ])('why a node cannot be reached: %s %s', (code, system, words) => {
    expect(whyUnreachable(code, system)).toBe(words)
  })

  test('peers are named by host and port; why a connection ended is said', () => {
    const network = createEmitter<PeerEvents>(
      peerEventNames,
      createArgumentChecks(message => new Error(message))
    )
    const { lines, output } = printer()
    reportPeers(network, reporter(output))
    const peerId = 'ab'.repeat(32)
    network.emit('peerunreachable', { peerId, address: '10.0.0.1:30303', code: 'network', system: 'ECONNREFUSED' })
    network.emit('peerdisconnected', {
      peerId,
      address: '10.0.0.1:30303',
      by: 'peer',
      reason: 'too-many-peers',
      static: true
    })
    expect(lines.err).toBe(
      '· cannot reach 10.0.0.1:30303: connection refused; trying again until it answers\n' +
        '· connection to 10.0.0.1:30303 lost: it has too many peers; trying again until it is back\n'
    )
    expect(whyEnded('useless-peer')).not.toMatch(code)
  })

  test('a brief command tells people of peers only with --verbose, and a program always', () => {
    const event = { peerId: 'ab'.repeat(32), address: '10.0.0.1', port: 30303 }
    for (const [options, told] of [
      [{}, ''],
      [{ verbose: true }, 'connected to 10.0.0.1:30303'],
      [{ json: true }, '"state":"connected"']
    ] as const) {
      const network = createEmitter<PeerEvents>(
        peerEventNames,
        createArgumentChecks(message => new Error(message))
      )
      const { lines, output } = printer(options)
      reportPeers(network, reporter(output, { brief: true }))
      network.emit('peerconnected', event)
      if (told === '') expect(lines).toEqual({ out: '', err: '' })
      else expect(lines.out + lines.err).toContain(told)
    }
  })

  test('a message is one line, with how far it came and its id', () => {
    const fact = { event: 'sent', state: 'queued', messageId, clock: 1, protection: 'public' } as const
    const chat = { kind: 'public', name: 'cats' } as const
    expect(sentView(fact, chat).text).toBe(`queued for #cats  [public]  ${messageId}`)
    expect(sentView(fact, chat, 'posted').text).toBe(`sent to #cats  [public]  ${messageId}`)
    expect(sentView(fact, chat, 'confirmed').text).toBe(`sent to #cats, on the network  [public]  ${messageId}`)
    const group = { kind: 'group', id: 'fcb42c9b-…' } as const
    const names = { ...keyNames, group: () => 'Hikers' }
    expect(sentView(fact, group, 'posted', names).text).toBe(`sent to Hikers  [public]  ${messageId}`)
    expect(messageView(messageFact({ chat: group, text: 'hi' }), names).text).toMatch(
      /^\d\d:\d\d Hikers · zQ3sh\S+: hi {2}\[/
    )
    const noted = messageFact({ chat: group, kind: 'system', text: 'somebody joined' })
    expect(messageView(noted, names).text).toMatch(/^\d\d:\d\d Hikers · somebody joined$/)
    const step = { event: 'delivery', messageId, chat, recipient: bob } as const
    expect(deliveryView({ ...step, state: 'posted' }).text).toMatch(/ sent to zQ3sh/)
    expect(deliveryView({ ...step, state: 'acknowledged', by: '1234567890' }).text).toMatch(
      / received by zQ3sh\S+ \(device 12345678…\)$/
    )
    const edited = { event: 'edited', messageId, change: messageId, protection: 'public' } as const
    expect(changedView(edited, chat, 'posted').text).toBe('edited 0x3e3e3e3e… in #cats  [public]')
    expect(changedView(edited, chat).text).toBe('edited 0x3e3e3e3e… in #cats, queued  [public]')
  })
})

test('--quiet leaves the result and what went wrong', () => {
  const { lines, output } = printer({ quiet: true })
  output.data({ event: 'sent' }, 'result')
  output.note({ event: 'peer' }, 'connected')
  output.hint('a hint')
  output.note({ event: 'error' }, 'wrong')
  output.note({ event: 'warning' }, 'careful')
  expect(lines).toEqual({ out: 'result\n', err: 'wrong\ncareful\n' })
})
