import { randomBytes } from '@status-stack/crypto'
import type { IdentityKey, Random } from '@status-stack/interface'
import { expect, test } from 'vitest'
import { randomCases, signerCases } from '../../src/testing/index.ts'
import { alice } from '../support/chats.ts'
import { countingRandom, person } from '../support/people.ts'

const fresh = { bytes: randomBytes }
for (const { name, run } of signerCases(async () => alice)) test(`IdentityKey: ${name}`, run)
for (const { name, run } of randomCases(async () => fresh, alice.publicKey)) test(`Random: ${name}`, run)

let turn = 0
const brokenSigners: Readonly<Record<string, IdentityKey>> = {
  'the key of somebody else': { ...alice, publicKey: person(0x12).publicKey },
  'v 27': { ...alice, sign: digest => alice.sign(digest).map((byte, index) => (index === 64 ? byte + 27 : byte)) },
  'a signature of another digest': { ...alice, sign: () => alice.sign(new Uint8Array(32)) },
  'a nonce of its own': { ...alice, sign: digest => (turn++ % 2 === 0 ? alice : person(0x12)).sign(digest) },
  'a compressed key': { ...alice, publicKey: alice.publicKey.slice(0, 33) }
}
const brokenRandoms: Readonly<Record<string, Random>> = {
  'too few bytes': { bytes: length => new Uint8Array(Math.max(0, length - 1)) },
  'the same after 256 bytes': countingRandom(),
  'always the same': { bytes: length => new Uint8Array(length) }
}

const failures = async (cases: ReturnType<typeof signerCases>) =>
  (await Promise.allSettled(cases.map(({ run }) => run()))).filter(({ status }) => status === 'rejected').length

test.each(Object.entries(brokenSigners))('the suite rejects an IdentityKey with %s', async (_, identity) => {
  expect(await failures(signerCases(async () => identity))).toBeGreaterThan(0)
})

test.each(Object.entries(brokenRandoms))('the suite rejects a Random that gives %s', async (_, random) => {
  expect(await failures(randomCases(async () => random, alice.publicKey))).toBeGreaterThan(0)
})
