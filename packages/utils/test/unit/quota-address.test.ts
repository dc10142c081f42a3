import { expect, test } from 'vitest'
import { quotaAddress } from '../../src/index.ts'

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['::FFFF:198.51.100.7', '198.51.100.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['127.0.0.1', undefined],
  ['::ffff:10.1.2.3', undefined],
  ['::ffff:127.0.0.1', undefined],
  ['169.254.1.1', undefined],
  ['172.15.0.1', '172.15.0.1'],
  ['172.16.0.1', undefined],
  ['172.31.9.9', undefined],
  ['172.32.1.1', '172.32.1.1'],
  ['11.0.0.1', '11.0.0.1'],
  ['192.168.1.1', undefined],
  ['localhost', undefined],
  ['::1', undefined],
  ['fe80::1', undefined],
  ['fd00::1', undefined],
  [undefined, undefined]
])('quotas of %s go by %s', (remote, address) => {
  expect(quotaAddress(remote)).toBe(address)
})
