import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatEnode } from '../../src/enode.ts'
import { limits } from '../../src/limits.ts'
import { addressText } from '../../src/peers/address.ts'
import { parseNetRestrict } from '../../src/peers/net-restrict.ts'
import { createMemoryNetwork } from '../../src/testing/index.ts'
import { startedHost, until } from '../helpers/hosts.ts'
import { target } from '../helpers/target.ts'

describe('a list of networks', () => {
  test.each([
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255', '::ffff:10.1.2.3'], ['11.0.0.0', '9.255.255.255', '::10.0.0.1']],
    ['192.168.7.9/20', ['192.168.0.0', '192.168.15.255'], ['192.168.16.0', '192.167.255.255']],
    ['8.8.8.8/32', ['8.8.8.8'], ['8.8.8.9', '8.8.8.0']],
    ['0.0.0.0/0', ['1.2.3.4', '255.255.255.255'], ['::1', '2001:4860::1']],
    ['fd00::/8', ['fd12:3456::1', 'fdff::'], ['fc00::1', 'fe80::1', '253.0.0.1']],
    ['::/0', ['::1', '2001:4860::1'], ['1.2.3.4']],
    ['2001:db8::5/127', ['2001:db8::4', '2001:db8::5'], ['2001:db8::6']],
    ['::ffff:10.0.0.0/104', ['10.9.8.7'], ['11.0.0.0']],
    [' 127.0.0.0/8 , , ::1/128 ', ['127.9.9.9', '::1'], ['128.0.0.1', '::2']]
  ])('%s', (text, inside, outside) => {
    const { contains } = parseNetRestrict(text)
    for (const address of inside) expect(contains(address), address).toBe(true)
    for (const address of [...outside, 'localhost', '', '10.0.0', 'not an address']) {
      expect(contains(address), address).toBe(false)
    }
  })

  test('says what it holds with host bits cleared', () => {
    expect(parseNetRestrict('192.168.7.9/20,2001:db8::5/127').networks).toEqual(['192.168.0.0/20', '2001:db8::4/127'])
  })

  test.each([
    '',
    ' , ',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8.0',
    '10.0.0/8',
    '010.0.0.0/8',
    'fd00::/129',
    'fe80::1%eth0/64',
    '::ffff:10.0.0.0/95',
    'localhost/8',
    '10.0.0.0/8;11.0.0.0/8'
  ])('that cannot be read is refused: %j', text => {
    expect(() => parseNetRestrict(text)).toThrow(expect.objectContaining({ code: 'invalid-text', origin: 'caller' }))
  })

  test('is bounded by number and by length', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, i) => `10.0.${i & 255}.0/24`).join(',')
    expect(parseNetRestrict(many(limits.netRestrictNetworks)).networks).toHaveLength(limits.netRestrictNetworks)
    expect(() => parseNetRestrict(many(limits.netRestrictNetworks + 1))).toThrow('at most 256 networks')
    const long = '10.0.0.0/8'.padEnd(limits.netRestrictCharacters)
    expect(parseNetRestrict(long).networks).toHaveLength(1)
    expect(() => parseNetRestrict(`${long} `)).toThrow(expect.objectContaining({ code: 'too-large' }))
  })

  test('agrees with arithmetic on whole numbers', () => {
    const address = fc.constantFrom(4, 16).chain(size => fc.uint8Array({ minLength: size, maxLength: size }))
    const value = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
    fc.assert(
      fc.property(address, fc.nat(128), fc.nat(128), (bytes, someBits, flip) => {
        // An IPv4 address written as IPv6 is the case apart above.
        fc.pre(bytes.length === 4 || bytes.subarray(0, 12).some((byte, i) => byte !== (i < 10 ? 0 : 255)))
        const size = 8 * bytes.length
        const bits = someBits % (size + 1)
        const other = bytes.slice()
        const at = flip % size
        other[at >> 3] = (other[at >> 3] ?? 0) ^ (0x80 >> (at & 7))
        const { contains } = parseNetRestrict(`${addressText(bytes)}/${bits}`)
        expect(contains(addressText(bytes))).toBe(true)
        const rest = BigInt(size - bits)
        expect(contains(addressText(other))).toBe(value(bytes) >> rest === value(other) >> rest)
      })
    )
  })
})

describe('a host that keeps to networks', () => {
  test('closes connections from outside silently and counts them', async () => {
    const { host, stranger, refused } = await target({ netRestrict: '10.0.0.0/8,fd00::/8' })
    const outside = await stranger('8.8.8.8')
    await outside.closed
    expect(outside.received).toEqual([])
    await (await stranger('fe80::1')).closed
    await (await stranger('10.4.0.1')).session()
    await (await stranger('fd00::1')).session()
    await until(() => host.peers().length === 2)
    expect(refused).toMatchObject([
      { reason: 'not-allowed', stage: 'accept', remoteAddress: '8.8.8.8' },
      { reason: 'not-allowed', stage: 'accept', remoteAddress: 'fe80::1' }
    ])
    expect(host.metrics().refused).toEqual({ 'not-allowed': 2 })
  })

  test('does not dial outside, statically neither', async () => {
    const network = createMemoryNetwork()
    const outside = await startedHost({ carrier: network.carrier('8.8.8.8') }, { listen: { port: 1 } })
    const inside = await startedHost({ carrier: network.carrier('10.0.0.1') }, { listen: { port: 1 } })
    const at = (publicKey: Uint8Array, host: string): string => formatEnode({ publicKey, host, tcpPort: 1 })
    const host = await startedHost({ carrier: network.carrier('10.0.0.2') }, { netRestrict: '10.0.0.0/8' })
    await expect(host.dial(at(outside.publicKey, '8.8.8.8'))).rejects.toMatchObject({
      code: 'refused',
      origin: 'caller',
      details: { why: 'not-allowed' }
    })
    expect(() => host.addStatic(at(outside.publicKey, '8.8.8.8'))).toThrow('outside the allowed networks')
    expect(host.metrics()).toMatchObject({ dialsStarted: 0, staticPeers: 0 })
    expect(outside.metrics().accepted).toBe(0)
    expect((await host.dial(at(inside.publicKey, '10.0.0.1'))).peerId).toBe(inside.peerId)
  })
})
