import { bytesToHex, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { expect, test } from 'vitest'
import { formatWebSocketUrl, parseWebSocketUrl } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'

const publicKey = publicKeyOf(generatePrivateKey())
const key = bytesToHex(publicKey.subarray(1))

test.each([
  [`wss://${key}@node.example.org`, 'node.example.org', 443, 'wss://node.example.org/'],
  [`ws://${key}@127.0.0.1:8546/rlpx`, '127.0.0.1', 8546, 'ws://127.0.0.1:8546/rlpx'],
  [`wss://${key.toUpperCase()}@[2001:db8::1]:8443/`, '2001:db8::1', 8443, 'wss://[2001:db8::1]:8443/'],
  [`ws://${key}@localhost/a/b?c=d`, 'localhost', 80, 'ws://localhost/a/b?c=d']
])('H-10 %s is read: the key is for the handshake and stays out of the URL that is dialed', (text, host, port, url) => {
  const { publicKey: read, ...rest } = parseWebSocketUrl(text)
  expect(read).toEqual(publicKey)
  expect(rest).toEqual({ host, port, url })
  expect(parseWebSocketUrl(formatWebSocketUrl(read, url))).toEqual({ publicKey, host, port, url })
})

test.each([
  ['no URL', 'node.example.org'],
  ['another scheme', `https://${key}@node.example.org`],
  ['an enode URL', `enode://${key}@node.example.org:30303`],
  ['no key', 'wss://node.example.org'],
  ['a short key', `wss://${key.slice(2)}@node.example.org`],
  ['a key that is no point', `wss://${'01'.repeat(64)}@node.example.org`],
  ['a password', `wss://${key}:secret@node.example.org`],
  ['a fragment', `wss://${key}@node.example.org/#x`],
  ['too many characters', `wss://${key}@node.example.org/${'a'.repeat(limits.urlCharacters)}`]
])('H-10 %s is refused', (_, text) => {
  expect(() => parseWebSocketUrl(text)).toThrow(expect.objectContaining({ code: 'invalid-text' }))
})

test('what is no text or no key is refused as the caller’s fault', () => {
  for (const value of [undefined, null, 7, {}, new Uint8Array(3)]) {
    expect(() => parseWebSocketUrl(value as never)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    expect(() => formatWebSocketUrl(value as never, 'ws://a/')).toThrow(
      expect.objectContaining({ code: 'invalid-argument' })
    )
  }
})
