import { bytesToHex, compressPublicKey, keccak256, publicKeyOf, signDigest } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { afterEach, describe, expect, test } from 'vitest'
import { parseEnode, parseNode } from '../../src/enode.ts'
import { addressOf, key, link, refusal, startApi, startWhisper, stopAll } from '../support/node.ts'

afterEach(stopAll)

/** A node record signed by a key. */
function recordOf(byte: number, scheme = 'v4'): Uint8Array {
  const pairs = [
    'id',
    scheme,
    'ip',
    Uint8Array.of(127, 0, 0, 1),
    'secp256k1',
    compressPublicKey(publicKeyOf(key(byte)))
  ]
  const content = [1, ...pairs]
  const signature = signDigest(keccak256(encodeRlp(content)), key(byte)).subarray(0, 64)
  return encodeRlp([signature, ...content])
}

const enrOf = (record: Uint8Array): string =>
  `enr:${btoa(String.fromCharCode(...record))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`

test('R-6 setMaxMessageSize is bounded by 10485760', async () => {
  const { call } = await startApi()
  expect(await call('shh_setMaxMessageSize', 10_485_760)).toBe(true)
  expect(await call('shh_info')).toMatchObject({ maxMessageSize: 10_485_760 })
  expect(await refusal(call('shh_setMaxMessageSize', 20_000_000))).toEqual([
    -32000,
    'message size too large [20000000>10485760]'
  ])
})

test('R-6 a negative minimum PoW is refused', async () => {
  const { call } = await startApi()
  expect(await call('shh_setMinPoW', 0.75)).toBe(true)
  expect(await call('shh_info')).toMatchObject({ minPow: 0.75 })
  expect(await refusal(call('shh_setMinPoW', -1))).toEqual([-32000, 'invalid PoW: -1.000000'])
})

test('a bloom filter has 64 bytes', async () => {
  const { call, whisper } = await startApi()
  expect(await refusal(call('shh_setBloomFilter', '0x01'))).toEqual([-32000, 'invalid bloom filter size: 1'])
  expect(await call('shh_setBloomFilter', `0x${'11'.repeat(64)}`)).toBe(true)
  expect(whisper.info().bloomFilter).toEqual(new Uint8Array(64).fill(0x11))
})

test('makeLightClient and cancelLightClient change what the next peer is told', async () => {
  const { call, whisper } = await startApi()
  const light = (other: typeof whisper): boolean | undefined => other.peers()[0]?.light
  expect(await call('shh_makeLightClient')).toBe(true)
  const first = await startWhisper()
  await link(whisper, first)
  expect(light(first)).toBe(true)
  expect(await call('shh_cancelLightClient')).toBe(true)
  const second = await startWhisper()
  await link(whisper, second, 0x61, 0x63)
  expect(light(second)).toBe(false)
})

describe('R-7 markTrustedPeer', () => {
  test('R-7 a known peer becomes trusted, by enode URL, bare id or record', async () => {
    const { enode } = addressOf(0x62)
    const bare = enode.slice('enode://'.length).split('@')[0]
    for (const url of [enode, `enode://${bare}`, enrOf(recordOf(0x62))]) {
      const { call, whisper } = await startApi()
      await link(whisper, await startWhisper())
      expect(await call('shh_markTrustedPeer', url)).toBe(true)
      expect(whisper.peers()[0]?.trusted).toBe(true)
      await stopAll()
    }
  })

  test('R-7 an unknown peer is named by its id', async () => {
    const { call } = await startApi()
    const { enode, peerId } = addressOf(0x62)
    expect(await refusal(call('shh_markTrustedPeer', enode))).toEqual([
      -32000,
      `Could not find peer with ID: ${peerId}`
    ])
  })

  const { enode } = addressOf(0x62)
  const tampered = recordOf(0x62).map((byte, at, all) => (at === all.length - 1 ? byte ^ 1 : byte))
  test.each([
    ['nothing', '', "missing 'enr:' prefix for base64-encoded record"],
    ['a web address', 'http://x', "missing 'enr:' prefix for base64-encoded record"],
    ['a short id', 'enode://abcd', 'invalid public key (wrong length, want 128 hex chars)'],
    ['a short id with an address', 'enode://abcd@1.2.3.4:5', 'invalid public key (wrong length, want 128 hex chars)'],
    ['no hex', 'enode://zz@1.2.3.4:5', 'invalid public key (invalid hex digit or odd length)'],
    ['no point', `enode://${'11'.repeat(64)}@1.2.3.4:5`, 'invalid public key (not on the curve)'],
    ['no id', 'enode://1.2.3.4:5', 'does not contain node ID'],
    ['no port', enode.replace(':30303', ''), 'invalid host or port'],
    ['a large port', enode.replace('30303', '70000'), 'invalid port'],
    ['no base64', 'enr:+++', 'illegal base64 data'],
    ['no record', 'enr:AAAA', 'record: expected an RLP list of signature, number and pairs'],
    ['a large record', `enr:${'A'.repeat(500)}`, 'record bigger than 300 bytes'],
    ['a tampered record', enrOf(tampered), expect.stringMatching(/invalid (signature|public key)/)],
    ['another scheme', enrOf(recordOf(0x62, 'v5')), 'unknown identity scheme']
  ])('R-7 %s is refused', async (_name, url, text) => {
    const { call } = await startApi()
    expect(await refusal(call('shh_markTrustedPeer', url))).toEqual([-32000, text])
  })

  test('addresses are read in all their forms', () => {
    const { peerId } = addressOf(0x62)
    const id = bytesToHex(publicKeyOf(key(0x62)).subarray(1))
    for (const url of [
      `enode://${id}@[::1]:30303`,
      `enode://${id.toUpperCase()}@host.example:1?discport=2`,
      `enode://${id}`
    ]) {
      expect(parseNode(url).peerId).toBe(peerId)
    }
    expect(parseEnode(id).peerId).toBe(peerId)
    expect(() => parseEnode('x')).toThrow('invalid URL scheme, want "enode"')
  })

  test('the record of EIP-778 is read', () => {
    const record =
      'enr:-IS4QHCYrYZbAKWCBRlAy5zzaDZXJBGkcnh4MHcBFZntXNFrdvJjX04jRzjzCBOonrkTfj499SZuOh8R33Ls8RRcy5wBgmlkgnY0gmlwhH8AAAGJc2VjcDI1NmsxoQPKY0yuDUmstAHYpMa2_oxVtw0RW_QAdpzBQA8yWM0xOIN1ZHCCdl8'
    expect(parseNode(record).peerId).toBe('a448f24c6d18e575453db13171562b71999873db5b286df957af199ec94617f7')
  })
})
