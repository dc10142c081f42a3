import { concatBytes, recoverPublicKey } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { nextTransaction, paymentDigest, paymentSigner, type TransactionMessage } from '../../src/rules.ts'
import { alice, bob } from '../support/chats.ts'
import { smallPoint } from '../support/signatures.ts'

const hashOf = (n: number) => `0x${n.toString(16).padStart(64, '0')}`
const wrong = expect.objectContaining({ code: 'invalid-argument', origin: 'caller' })

describe('the wallet of a payment', () => {
  test('is found for both values of v, 27 and 28', () => {
    const seen = new Set<number>()
    for (let n = 0; seen.size < 2 && n < 100; n++) {
      const signature = Uint8Array.from(bob.sign(paymentDigest(alice.publicKey, hashOf(n))))
      signature[64] = (signature[64] ?? 0) + 27
      seen.add(signature[64])
      expect(paymentSigner(alice.publicKey, { transactionHash: hashOf(n), signature })).toEqual(bob.publicKey)
    }
    expect([...seen].sort()).toEqual([27, 28])
  })

  test('is not found in a signature of another length or v, or of no point', () => {
    const of = (signature: Uint8Array) => paymentSigner(alice.publicKey, { transactionHash: hashOf(1), signature })
    const signature = Uint8Array.from(bob.sign(paymentDigest(alice.publicKey, hashOf(1))))
    signature[64] = (signature[64] ?? 0) + 27
    expect(of(signature)).toEqual(bob.publicKey)
    expect(of(signature.slice(0, 64))).toBeUndefined()
    expect(of(concatBytes(signature, Uint8Array.of(0)))).toBeUndefined()
    expect(of(concatBytes(new Uint8Array(64), Uint8Array.of(27)))).toBeUndefined()
    const digest = paymentDigest(alice.publicKey, hashOf(1))
    expect(recoverPublicKey(digest, concatBytes(smallPoint, Uint8Array.of(2)))).toHaveLength(65)
    expect(of(concatBytes(smallPoint, Uint8Array.of(29)))).toBeUndefined()
  })

  test('signs a hash of 64 digits, and nothing else', () => {
    for (const hash of [
      '',
      '0x',
      hashOf(1).slice(0, -1),
      `${hashOf(1)}0`,
      hashOf(1).slice(2),
      hashOf(1).replace('1', 'g')
    ]) {
      expect(() => paymentDigest(alice.publicKey, hash), hash).toThrow(wrong)
    }
  })
})

test('a message about something else makes no transaction', () => {
  const message = { id: 'x', chatId: 'y', author: alice.publicKey, content: { kind: 'text', text: 'paid' } }
  expect(() => nextTransaction(undefined, message as unknown as TransactionMessage)).toThrow(wrong)
})
