import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { formatEnode, parseCompleteEnode, parseEnode } from '../../src/enode.ts'
import {
  addressBytes,
  addressKey,
  addressText,
  isLan,
  isLocal,
  isLoopback,
  isSpecial,
  networkKey
} from '../../src/peers/address.ts'

const publicKey = publicKeyOf(generatePrivateKey())
const key = Buffer.from(publicKey.subarray(1)).toString('hex')

test('T-28 enode URLs are read and written: discport, IPv6, DNS names, incomplete ones', () => {
  const round = (url: string): string => formatEnode(parseEnode(url))
  for (const url of [
    `enode://${key}@1.2.3.4:30303`,
    `enode://${key}@1.2.3.4:30303?discport=30301`,
    `enode://${key}@[2001:db8::1]:30303`,
    `enode://${key}@[2001:db8::1]:0?discport=1`,
    `enode://${key}@node.example.org:1`,
    `enode://${key}`
  ]) {
    expect(round(url)).toBe(url)
  }
  expect(round(`enode://${key}@1.2.3.4:30303?discport=30303`)).toBe(`enode://${key}@1.2.3.4:30303`)
  expect(round(key)).toBe(`enode://${key}`)
  expect(parseEnode(`enode://${key}@[::1]:7?discport=9`)).toMatchObject({ host: '::1', tcpPort: 7, udpPort: 9 })
  expect(parseEnode(`enode://${key}`)).toEqual({ publicKey })
  expect(() => parseCompleteEnode(`enode://${key}`)).toThrow('incomplete')
})

test('T-28 bad schemes, keys, ports and hosts are refused', () => {
  for (const url of [
    '',
    'http://x',
    'enode://',
    `enode:${key}@1.2.3.4:1`,
    `ENODE://${key}@1.2.3.4:1`,
    `enode://${key.slice(2)}@1.2.3.4:1`,
    `enode://${key}00@1.2.3.4:1`,
    `enode://${'g'.repeat(128)}@1.2.3.4:1`,
    `enode://${'01'.repeat(64)}@1.2.3.4:1`,
    `enode://${key}@1.2.3.4`,
    `enode://${key}@1.2.3.4:`,
    `enode://${key}@1.2.3.4:65536`,
    `enode://${key}@1.2.3.4:-1`,
    `enode://${key}@1.2.3.4:1x`,
    `enode://${key}@:1`,
    `enode://${key}@[1.2.3.4]:1`,
    `enode://${key}@2001:db8::1:30303`,
    `enode://${key}@1.2.3.4:1?discport=99999`,
    `enode://${key}@1.2.3.4:1?discport=x`
  ]) {
    expect(() => parseEnode(url), url).toThrow(expect.objectContaining({ code: 'invalid-text' }))
  }
})

test('addresses are told apart: loopback, LAN, special, and what counts as one party', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost'].every(isLoopback)).toBe(true)
  expect(
    ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.1.1', 'fd00::1', 'fe80::1%eth0'].every(isLan)
  ).toBe(true)
  expect(['8.8.8.8', '172.32.0.1', '192.169.0.1', '11.0.0.1', '2001:4860::1', 'example.org', ''].some(isLocal)).toBe(
    false
  )
  expect(
    ['0.0.0.0', '224.0.0.1', '255.255.255.255', '192.0.2.1', '203.0.113.9', '::', 'ff02::1', '2001:db8::1', 'x'].every(
      isSpecial
    )
  ).toBe(true)
  expect(['8.8.8.8', '10.0.0.1', '127.0.0.1', '2001:4860::1'].some(isSpecial)).toBe(false)
  expect(addressKey('::ffff:1.2.3.4')).toBe('1.2.3.4')
  expect(addressKey('2001:db8:1:2:3::4')).toBe(addressKey('2001:db8:1:2::9'))
  expect(addressKey('2001:db8:1:2::')).not.toBe(addressKey('2001:db8:1:3::'))
  expect(networkKey('1.2.3.4')).toBe(networkKey('1.2.3.250'))
  expect(networkKey('1.2.3.4')).not.toBe(networkKey('1.2.4.4'))
})

test('addresses round-trip between text and bytes', () => {
  for (const text of [
    '0.0.0.0',
    '255.1.2.3',
    '::',
    '::1',
    '1::',
    '2001:db8::1',
    '2001:db8:0:1:1:1:1:1',
    '1:2:3:4:5:6:7:8',
    'fe80::1:0:0:2'
  ]) {
    const bytes = addressBytes(text)
    expect(bytes && addressText(bytes)).toBe(text)
  }
  for (const text of [
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':::',
    '1:2',
    '1::2::3',
    '12345::',
    '::g',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3'
  ]) {
    expect(addressBytes(text), text).toBeUndefined()
  }
  expect(addressBytes('::ffff:1.2.3.4')).toEqual(Uint8Array.of(1, 2, 3, 4))
  expect(addressBytes('64:ff9b::1.2.3.4')).toHaveLength(16)
})
