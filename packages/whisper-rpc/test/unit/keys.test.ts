import { bytesToHex } from '@status-stack/crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { key, refusal, startApi, stopAll } from '../support/node.ts'

afterEach(stopAll)

const one = `0x${'0'.repeat(63)}1`
const generator =
  '0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'
const anId = /^[0-9a-f]{64}$/

test('R-8 key ids are 64 hex digits without 0x, new ones each time', async () => {
  const { call } = await startApi()
  const ids = [
    await call('shh_newKeyPair'),
    await call('shh_addPrivateKey', one),
    await call('shh_addPrivateKey', one),
    await call('shh_newSymKey'),
    await call('shh_addSymKey', `0x${'11'.repeat(32)}`),
    await call('shh_addSymKey', `0x${'11'.repeat(32)}`)
  ]
  for (const id of ids) expect(id).toMatch(anId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('R-9 addPrivateKey of key 1 has the generator for its public key', async () => {
  const { call } = await startApi()
  const id = await call('shh_addPrivateKey', one)
  expect(await call('shh_getPublicKey', id)).toBe(generator)
  expect(await call('shh_getPrivateKey', id)).toBe(one)
  expect(await call('shh_hasKeyPair', id)).toBe(true)
})

test.each([
  ['short', '0x0102', 'invalid length, need 256 bits'],
  ['empty', '0x', 'invalid length, need 256 bits'],
  ['long', `0x${'11'.repeat(33)}`, 'invalid length, need 256 bits'],
  ['zero', `0x${'00'.repeat(32)}`, 'invalid private key, zero or negative'],
  ['above the order', `0x${'ff'.repeat(32)}`, 'invalid private key, >=N']
])('R-9 a %s private key is refused', async (_name, privateKey, text) => {
  const { call } = await startApi()
  expect(await refusal(call('shh_addPrivateKey', privateKey))).toEqual([-32000, text])
})

test('R-10 unknown ids give the exact messages, deleteSymKey gives false', async () => {
  const { call } = await startApi()
  const id = 'ab'.repeat(32)
  expect(await refusal(call('shh_deleteKeyPair', id))).toEqual([-32000, `key pair ${id} not found`])
  expect(await refusal(call('shh_getPublicKey', id))).toEqual([-32000, 'invalid id'])
  expect(await refusal(call('shh_getPrivateKey', id))).toEqual([-32000, 'invalid id'])
  expect(await refusal(call('shh_getSymKey', id))).toEqual([-32000, 'non-existent key ID'])
  expect(await call('shh_deleteSymKey', id)).toBe(false)
  expect([await call('shh_hasKeyPair', id), await call('shh_hasSymKey', id)]).toEqual([false, false])
})

test('R-10 a deleted key is gone', async () => {
  const { call } = await startApi()
  const [pair, symmetric] = [await call('shh_newKeyPair'), await call('shh_newSymKey')]
  expect(await call('shh_deleteKeyPair', pair)).toBe(true)
  expect(await call('shh_deleteSymKey', symmetric)).toBe(true)
  expect([await call('shh_hasKeyPair', pair), await call('shh_hasSymKey', symmetric)]).toEqual([false, false])
})

test('R-11 the password key comes out of getSymKey, under a new id each time', async () => {
  const { call } = await startApi()
  const ids = [
    await call('shh_generateSymKeyFromPassword', 'status-offline-inbox'),
    await call('shh_generateSymKeyFromPassword', 'status-offline-inbox')
  ]
  expect(ids[0]).not.toBe(ids[1])
  for (const id of ids) {
    expect(await call('shh_getSymKey', id)).toBe('0x765df27c0765526f920ba742ff4b9452bb0064e016435ffccd81186aa6feaae8')
  }
})

test('R-11 a symmetric key comes back as it was added; another length is refused', async () => {
  const { call } = await startApi()
  const id = await call('shh_addSymKey', `0x${'0a'.repeat(32)}`)
  expect(await call('shh_getSymKey', id)).toBe(`0x${'0a'.repeat(32)}`)
  expect(await refusal(call('shh_addSymKey', '0x01'))).toEqual([-32000, 'wrong key size: 1'])
  expect(await call('shh_addSymKey', `0x${'00'.repeat(32)}`)).toMatch(anId)
})

describe('the habits of status-go', () => {
  test('R-30 key pair ids are derived from the public key', async () => {
    const { call } = await startApi({ flavour: 'status-go' })
    const id = 'a0ecf77ac5a0a440a3a5826dc69c248d6decd841607c49e2b6e2cd1a7ea3c302'
    expect(await call('shh_addPrivateKey', one)).toBe(id)
    expect(await call('shh_addPrivateKey', one)).toBe(id)
    for (const name of [id, generator]) {
      expect(await call('shh_hasKeyPair', name)).toBe(true)
      expect(await call('shh_getPublicKey', name)).toBe(generator)
    }
    expect(await call('shh_deleteKeyPair', generator)).toBe(true)
    expect(await call('shh_hasKeyPair', id)).toBe(false)
    const fresh = (await call('shh_newKeyPair')) as string
    expect(await call('shh_hasKeyPair', await call('shh_getPublicKey', fresh))).toBe(true)
  })

  test('R-30 symmetric ids stay random, and uninstallFilter never fails', async () => {
    const { call } = await startApi({ flavour: 'status-go' })
    const id = await call('shh_newSymKey')
    expect(await call('shh_addSymKey', await call('shh_getSymKey', id))).not.toBe(id)
    const filter = await call('shh_newMessageFilter', { symKeyID: id })
    expect(await call('shh_uninstallFilter', filter)).toBeNull()
    expect(await call('shh_uninstallFilter', filter)).toBeNull()
    expect(await refusal(call('shh_getFilterMessages', filter))).toEqual([-32000, 'filter not found'])
  })
})

test('keys and their texts never reach the log', async () => {
  const lines: string[] = []
  const log = (message: string, facts?: object): void => void lines.push(message + JSON.stringify(facts ?? {}))
  const { call } = await startApi({}, { logger: { warn: log, error: log } })
  const secret = bytesToHex(key(0x77))
  await call('shh_addPrivateKey', `0x${secret}`)
  await refusal(call('shh_addPrivateKey', `0x${secret}00`))
  await refusal(call('shh_addSymKey', secret))
  expect(lines.join()).not.toContain(secret)
  expect(lines).toEqual([])
})
