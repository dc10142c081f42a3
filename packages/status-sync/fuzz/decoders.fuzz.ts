// The long run: `FUZZ_ROUNDS=500000 FUZZ_SEED=1 pnpm fuzz` in this package.
import { expect, test } from 'vitest'
import { fuzz } from '../test/support/fuzz.ts'

const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 500_000)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

test(`${rounds} mutated inputs over every decoder, seed ${seed}`, { timeout: 0 }, () => {
  const { values, refusals } = fuzz(rounds, seed)
  console.log(`${values} values, ${refusals} typed refusals`)
  expect(values + refusals).toBe(5 * rounds)
})
