import { existsSync, readFileSync } from 'node:fs'
import { concatBytes } from '@status-stack/crypto'
import { seededRandom } from '@status-stack/rlpx/testing'
import { expect, test } from 'vitest'
import { decoders } from '../../fuzz/decoders.ts'
import { fuzzTarget, type Target } from '../../fuzz/engine.ts'
import { messenger } from '../../fuzz/messenger.ts'
import { mutated } from '../../fuzz/mutators.ts'
import { mutateScript, step, stepsOf } from '../../fuzz/scripts.ts'
import { createSessions } from '../../fuzz/sessions.ts'

const corpusOf = (name: string): readonly string[] => {
  const file = new URL(`../../fuzz/corpus/${name.replaceAll(' ', '-')}.json`, import.meta.url)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}
const run = (target: Target, inputs: number) =>
  fuzzTarget(target, { inputs, seed: 'test', corpus: corpusOf(target.name) })

test.each(decoders.map(target => [target.name, target] as const))(
  'any bytes give a value or a refusal: %s',
  async (_, target) => {
    const { findings, inputs } = await run(target, 500)
    expect(findings).toEqual([])
    expect(inputs).toBeGreaterThanOrEqual(500)
  }
)

test('sessions stay whole whatever strangers send', async () => {
  for (const target of await createSessions()) expect(await run(target, 20)).toMatchObject({ findings: [] })
})

test('a script is changed step by step, and a typed step mostly keeps its type', () => {
  const script = concatBytes(step(5, Uint8Array.of(1, 0x08, 7)), step(6, Uint8Array.of(2, 0x10, 9)))
  const draw = seededRandom(7)
  const seen = { whole: 0, sameType: 0, otherLength: 0 }
  for (let round = 0; round < 500; round++) {
    const steps = [...stepsOf(mutateScript(script, script, draw, () => true))]
    if (steps.every(({ code }) => code === 5 || code === 6)) seen.whole += 1
    if (steps.every(({ payload }) => payload[0] === 1 || payload[0] === 2)) seen.sameType += 1
    if (steps.length !== 2) seen.otherLength += 1
  }
  expect(seen.whole).toBeGreaterThan(250)
  expect(seen.sameType).toBeGreaterThan(250)
  expect(seen.otherLength).toBeGreaterThan(50)
})

test('a messenger that fails unseen is a finding', async () => {
  const target = await messenger()
  const [seed = new Uint8Array()] = target.seeds
  await target.run(seed)
  const planted = {
    ...target,
    run: async (input: Uint8Array) => {
      void Promise.reject(new TypeError('planted'))
      return target.run(input)
    }
  }
  await expect(planted.run(seed)).rejects.toThrow('planted')
  await target.run(seed)
})

test('a fault is found, and the run is the same for the same seed', async () => {
  const faulty: Target = {
    name: 'faulty',
    share: 1,
    seeds: [Uint8Array.of(1, 2, 3)],
    run: bytes => {
      if (bytes.length > 3 && bytes.at(-1) === 0xff) throw new TypeError('planted')
    }
  }
  const found = await run(faulty, 20_000)
  expect(found.findings.length).toBeGreaterThan(0)
  const again = await run(faulty, 20_000)
  expect(again.findings.map(({ input }) => input)).toEqual(found.findings.map(({ input }) => input))
})

test('structures are changed as structures', () => {
  let calls = 0
  const draw = (below: number): number => (calls++ === 0 ? 0 : 1 % below)
  // [[1], 2]
  const list = Uint8Array.of(0xc3, 0xc1, 1, 2)
  expect(mutated(list, list, draw)).not.toEqual(list)
  expect(mutated(list, list, () => 0)[0]).toBeGreaterThanOrEqual(0x80)
})
