import { parseNetRestrict } from '@status-stack/rlpx/carrier'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/limits.ts'
import { clientAddress } from '../../src/server/forwarded.ts'
import { resolveServerOptions, type WebSocketServerOptions } from '../../src/server/options.ts'
import { judgeRequest, type UpgradeRequest } from '../../src/server/request.ts'

const trusted = parseNetRestrict('127.0.0.1/32,10.0.0.0/8')

describe('X-Forwarded-For', () => {
  test.each([
    ['is ignored when no proxy is trusted', '127.0.0.1', '8.8.8.8', undefined, '127.0.0.1'],
    ['of somebody who is no proxy is ignored', '9.9.9.9', '8.8.8.8', trusted, '9.9.9.9'],
    ['of a proxy names its client', '127.0.0.1', '8.8.8.8', trusted, '8.8.8.8'],
    [
      'is read from its end: what the client claimed itself counts for nothing',
      '127.0.0.1',
      '1.1.1.1, 8.8.8.8',
      trusted,
      '8.8.8.8'
    ],
    ['passes over trusted proxies', '127.0.0.1', '8.8.8.8, 10.1.2.3', trusted, '8.8.8.8'],
    ['may have ports and brackets', '127.0.0.1', '[2001:db8::1]:443', trusted, '2001:db8::1'],
    ['may have ports', '127.0.0.1', '8.8.8.8:1234', trusted, '8.8.8.8'],
    ['writes one address in one way', '127.0.0.1', '::ffff:8.8.8.8', trusted, '8.8.8.8'],
    ['that is missing refuses: the proxy itself is nobody', '127.0.0.1', undefined, trusted, undefined],
    [
      'with nothing but proxies names the farthest: a client beside a proxy',
      '127.0.0.1',
      '10.0.0.1, 127.0.0.1',
      trusted,
      '10.0.0.1'
    ],
    ['that cannot be read refuses', '127.0.0.1', '8.8.8.8, unknown', trusted, undefined],
    ['that is empty refuses', '127.0.0.1', '', trusted, undefined]
  ])('H-6 %s', (_, peer, header, proxies, expected) => {
    expect(clientAddress(peer, header, proxies)).toBe(expected)
  })

  test('has a bounded length', () => {
    const list = (count: number): string => Array.from({ length: count }, () => '8.8.8.8').join(',')
    expect(clientAddress('127.0.0.1', list(limits.forwardedAddresses), trusted)).toBe('8.8.8.8')
    expect(clientAddress('127.0.0.1', list(limits.forwardedAddresses + 1), trusted)).toBeUndefined()
  })
})

describe('a request', () => {
  const judge = (request: Partial<UpgradeRequest>, options: WebSocketServerOptions = {}) => {
    const judged = judgeRequest(
      { url: '/', origin: undefined, forwardedFor: undefined, peerAddress: '8.8.8.8', ...request },
      resolveServerOptions(options)
    )
    return judged.kind === 'open' ? judged.address : judged.status
  }
  const app = 'https://app.example.org'

  test('H-5 of a program without an origin is let in, of a page only where its origin is named', () => {
    expect(judge({})).toBe('8.8.8.8')
    expect(judge({ origin: app })).toBe(403)
    expect(judge({ origin: app }, { origins: [app] })).toBe('8.8.8.8')
    expect(judge({ origin: app }, { origins: 'any' })).toBe('8.8.8.8')
    for (const origin of [
      'http://app.example.org',
      `${app}.evil.example`,
      `${app}:8443`,
      'null',
      '',
      app.toUpperCase()
    ]) {
      expect(judge({ origin }, { origins: [app] }), origin).toBe(403)
    }
  })

  test('H-5 for another path is not found, a query is looked over', () => {
    expect(judge({ url: '/rlpx?x=1' }, { path: '/rlpx' })).toBe('8.8.8.8')
    for (const url of ['/', '/rlpx/', '/rlpx2', '//rlpx', undefined])
      expect(judge({ url }, { path: '/rlpx' })).toBe(404)
  })

  test('through a proxy that names no client is a bad one', () => {
    expect(judge({}, { trustedProxies: '8.8.8.8/32' })).toBe(400)
  })
})

test('options that cannot be meant are refused by name', () => {
  for (const [name, options] of [
    ['origins', { origins: ['app.example.org'] }],
    ['origins', { origins: ['https://app.example.org/'] }],
    ['origins', { origins: ['*'] }],
    ['origins', { origins: ['null'] }],
    ['origins', { origins: 'https://app.example.org' }],
    ['path', { path: 'rlpx' }],
    ['path', { path: '/a b' }],
    ['pingIntervalMs', { pingIntervalMs: 0 }],
    ['trustedProxies', { trustedProxies: 'everybody' }],
    ['URL', { publicUrl: 'https://node.example.org' }]
  ] as const) {
    expect(() => resolveServerOptions(options as WebSocketServerOptions), JSON.stringify(options)).toThrow(name)
  }
})
