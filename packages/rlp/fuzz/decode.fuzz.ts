// Longer than the test suite's run: `FUZZ_ROUNDS=1000000 npx vitest run --config fuzz/vitest.config.ts`.
import { expect, test } from 'vitest'
import { decodeRlp, encodeRlp, RlpError, type RlpItem } from '../src/index.ts'
import { mutate, seededRandom } from '../test/mutate.ts'
import { referenceDecode } from '../test/reference.ts'

const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 200_000)
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)

test(`${rounds} mutations agree with the reference, seed ${seed}`, { timeout: 0 }, () => {
  const random = seededRandom(seed)
  let bytes: Uint8Array = encodeRlp([new Uint8Array(4), [[], 'ab'], new Uint8Array(60)])
  for (let round = 0; round < rounds; round++) {
    bytes = mutate(bytes, random)
    if (bytes.length > 400 || random(20) === 0) bytes = encodeRlp([[1, ['abc', []]], new Uint8Array(random(70))])
    const expected = referenceDecode(Array.from(bytes))
    let actual: RlpItem | undefined
    try {
      actual = decodeRlp(bytes, { maxDepth: 500, maxItems: 1000 })
    } catch (error) {
      if (!RlpError.is(error)) throw error
    }
    expect(actual, `round ${round}: ${Buffer.from(bytes).toString('hex')}`).toEqual(expected)
    if (actual !== undefined) bytes = encodeRlp(actual)
  }
})
