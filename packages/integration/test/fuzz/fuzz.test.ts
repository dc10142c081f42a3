import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decoders } from '../../fuzz/decoders.ts'
import { fuzzTarget, type Target } from '../../fuzz/engine.ts'
import { mutated } from '../../fuzz/mutators.ts'
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
