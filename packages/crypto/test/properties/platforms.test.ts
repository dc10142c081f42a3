import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256 } from '../../src/index.ts'
import * as browser from '../../src/platform.browser.ts'
import * as node from '../../src/platform.node.ts'
import type { Platform } from '../../src/testing/index.ts'

const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const key = fc.oneof(sized(16), sized(32))
const text = fc.uint8Array({ maxLength: 700 })
const both = [node, browser] as const

/** Runs `work` on both platforms and expects one answer. */
function agree(work: (platform: Platform) => unknown): void {
  const [a, b] = both.map(work)
  expect(b).toEqual(a)
}

test('C-4 both platforms hash alike', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      text,
      fc.uint8Array({ maxLength: 90 }),
      fc.nat(300),
      (k, m, info, n) => {
        agree(({ sha256 }) => sha256(m))
        agree(({ hmacSha256 }) => hmacSha256(k, m))
        agree(({ hkdfSha256 }) => hkdfSha256(m, k, info, n))
      }
    )
  )
})

test('C-4 both platforms encrypt alike, in any pieces, and open what the other sealed', () => {
  fc.assert(
    fc.property(key, sized(16), sized(12), text, fc.nat(700), (k, iv, nonce, m, cut) => {
      agree(({ aesCtr }) => {
        const stream = aesCtr(k, iv)
        return [stream.process(m.subarray(0, cut)), stream.process(m.subarray(cut))]
      })
      agree(({ aesEcb }) => aesEcb(k).encryptBlock(iv))
      agree(({ aesGcmSeal }) => aesGcmSeal(k, nonce, m))
      expect(browser.aesGcmOpen(k, nonce, node.aesGcmSeal(k, nonce, m))).toEqual(m)
      expect(node.aesGcmOpen(k, nonce, browser.aesGcmSeal(k, nonce, m))).toEqual(m)
      agree(({ aesGcmOpen }) => aesGcmOpen(k, nonce, m))
    })
  )
})

test('C-5 a long PBKDF2 gives other work its turn and is right all the same', async () => {
  const [password, salt] = [new Uint8Array(70).fill(1), new Uint8Array(9).fill(2)]
  const expected = await node.pbkdf2('sha256', password, salt, 40_000, 40)
  const derived = browser.pbkdf2('sha256', password, salt, 40_000, 40)
  // Whatever else uses the kernel in between must not show, nor must a caller that reuses its arrays.
  let turns = 0
  const others = setInterval(() => {
    turns++
    hmacSha256(salt, password)
  }, 0)
  password.fill(9)
  salt.fill(9)
  expect(await derived).toEqual(expected)
  clearInterval(others)
  expect(turns).toBeGreaterThan(0)
})

test('C-4 both platforms derive keys alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100 }),
      async (p, s, n, length) => {
        for (const hash of ['sha256', 'sha512'] as const) {
          expect(await browser.pbkdf2(hash, p, s, n, length)).toEqual(await node.pbkdf2(hash, p, s, n, length))
        }
        const cost = { n: 2 ** (1 + (n % 4)), r: 1 + (n % 3), p: 1 + (length % 3) }
        expect(await browser.scrypt(p, s, cost, length)).toEqual(await node.scrypt(p, s, cost, length))
      }
    ),
    { numRuns: 25 }
  )
})
