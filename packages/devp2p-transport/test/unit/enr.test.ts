import {
  bytesToHex,
  compressPublicKey,
  generatePrivateKey,
  hexToBytes,
  keccak256,
  publicKeyOf,
  signDigest,
  utf8Bytes
} from '@status-stack/crypto'
import { encodeRlp, type RlpInput } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { decodeRecord, formatRecord, parseRecord, recordEndpoint } from '../../src/discovery/enr.ts'
import { createLocalRecord, createRecord } from '../../src/discovery/signed-record.ts'
import { base32Bytes, base32Text, base64UrlBytes, base64UrlText } from '../../src/discovery/text.ts'

const key = hexToBytes('b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291')
const example =
  'enr:-IS4QHCYrYZbAKWCBRlAy5zzaDZXJBGkcnh4MHcBFZntXNFrdvJjX04jRzjzCBOonrkTfj499SZuOh8R33Ls8RRcy5wBgmlkgnY0gmlwhH8AAAGJc2VjcDI1NmsxoQPKY0yuDUmstAHYpMa2_oxVtw0RW_QAdpzBQA8yWM0xOIN1ZHCCdl8'

function signed(items: readonly RlpInput[], privateKey = key): Uint8Array {
  const signature = signDigest(keccak256(encodeRlp([...items])), privateKey).slice(0, 64)
  return encodeRlp([signature, ...items])
}
const own = ['secp256k1', compressPublicKey(publicKeyOf(key))] as const

test('T-29 the record of EIP-778 is read, verified and reproduced; its node id matches', () => {
  const record = parseRecord(example)
  expect(record).toMatchObject({ seq: 1n, ip: '127.0.0.1', udp: 30_303 })
  expect(bytesToHex(record.nodeId)).toBe('a448f24c6d18e575453db13171562b71999873db5b286df957af199ec94617f7')
  expect(formatRecord(record)).toBe(example)
  expect(formatRecord(createRecord(key, 1n, { ip: '127.0.0.1', udp: 30_303 }))).toBe(example)
  expect(recordEndpoint(record)).toBeUndefined()
})

test('T-29 too big, unsorted, duplicate, odd, unsigned and wrongly signed records are refused', () => {
  const valid = signed([1, 'id', 'v4', ...own])
  expect(decodeRecord(valid).seq).toBe(1n)
  const refused: Record<string, Uint8Array> = {
    'at most 300 bytes': signed([1, 'id', 'v4', ...own, 'x', new Uint8Array(250)]),
    'not in order': signed([1, ...own, 'id', 'v4']),
    'a key twice': signed([1, 'id', 'v4', 'id', 'v4', ...own]),
    'without a value': signed([1, 'id', 'v4', ...own, 'x']),
    'bad signature': signed([1, 'id', 'v4', ...own], generatePrivateKey()),
    'identity scheme': signed([1, 'id', 'v5', ...own]),
    'secp256k1: expected': signed([1, 'id', 'v4'])
  }
  for (const [message, bytes] of Object.entries(refused)) expect(() => decodeRecord(bytes), message).toThrow(message)
  const flipped = valid.with(valid.length - 1, (valid.at(-1) ?? 0) ^ 1)
  expect(() => decodeRecord(flipped)).toThrow()
  expect(() => decodeRecord(valid.with(5, (valid[5] ?? 0) ^ 1))).toThrow('bad signature')
  expect(() => decodeRecord(encodeRlp(['', 1]))).toThrow()
  for (const text of ['', 'ENR:x', 'enr:', 'enr:***', `${example}=`, `enr:${'A'.repeat(500)}`, example.slice(0, -1)]) {
    expect(() => parseRecord(text), text).toThrow(/ENR/)
  }
})

test('T-29 exactly 300 bytes are accepted', () => {
  const base = signed([1, 'id', 'v4', ...own, 'x', new Uint8Array(160)]).length
  const fits = signed([1, 'id', 'v4', ...own, 'x', new Uint8Array(160 + 300 - base)])
  expect(fits).toHaveLength(300)
  expect(decodeRecord(fits).pairs.size).toBe(3)
})

test('the seq of a local record grows exactly when its content changes', () => {
  let now = 1000
  const local = createLocalRecord(
    { privateKey: key, clock: { nowMs: () => now } },
    { tcp: 30_303, more: { shh: utf8Bytes('') } }
  )
  expect(local.current().seq).toBe(1000n)
  const same = local.update({ tcp: 30_303 })
  expect(same.seq).toBe(1000n)
  expect(local.update({ ip: '9.9.9.9' }).seq).toBe(1001n)
  now = 5000
  expect(local.update({ ip: '9.9.9.8', udp: 1 })).toMatchObject({ seq: 5000n, ip: '9.9.9.8', tcp: 30_303, udp: 1 })
  expect(recordEndpoint(local.current())).toMatchObject({ host: '9.9.9.8', tcpPort: 30_303, udpPort: 1 })
  expect(local.update({ ip6: '2001:4860::1' }).ip6).toBe('2001:4860::1')
  expect(() => local.update({ ip: '::1' })).toThrow('address')
})

test('base32 and base64url round-trip and refuse what is not canonical', () => {
  for (let length = 0; length < 40; length++) {
    const bytes = new Uint8Array(length).map((_, i) => i * 37 + length)
    expect(base32Bytes(base32Text(bytes))).toEqual(bytes)
    expect(base64UrlBytes(base64UrlText(bytes))).toEqual(bytes)
  }
  expect(base32Text(utf8Bytes('foobar'))).toBe('MZXW6YTBOI')
  for (const text of ['A', 'ABC', 'a0', 'MZ1', 'MZXW6YTBOJ', 'AB=']) expect(base32Bytes(text), text).toBeUndefined()
  for (const text of ['A', 'AB', 'A+/=', 'AAA='])
    expect(base64UrlBytes(text === 'AB' ? 'AR' : text), text).toBeUndefined()
})
