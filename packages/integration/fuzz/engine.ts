import { createHash } from 'node:crypto'
import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { isStackError } from '@status-stack/interface'
import { seededRandom } from '@status-stack/rlpx/testing'
import { type Draw, mutated } from './mutators.ts'

/** Something that takes bytes of strangers. */
export interface Target {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  /** Gives a value, or throws one of our errors; anything else is a finding. A session also throws when it is no longer whole. */
  readonly run: (input: Uint8Array) => unknown
  /** How many inputs of a hundred thousand it gets in the long run: sessions are slower than decoders. */
  readonly share: number
  /** How its inputs are changed. @default `mutated` */
  readonly mutate?: (input: Uint8Array, other: Uint8Array, draw: Draw) => Uint8Array
  /** Whether the value of `run` is a text that names the end it came to. */
  readonly namesEnds?: boolean
}

/** What a target did with its inputs. */
export interface Outcome {
  readonly target: string
  readonly inputs: number
  readonly values: number
  readonly refusals: number
  /** Different ends that were seen: a value, or a code with the words of its message. */
  readonly ends: number
  /** Inputs that were kept, because they came to an end that none before did. */
  readonly kept: readonly string[]
  readonly findings: readonly Finding[]
}

/** An input that came to an end that no input may. */
export interface Finding {
  readonly target: string
  readonly input: string
  readonly error: string
}

/** BOUNDED: inputs that a target begins from, and findings after which it is left alone. */
const mostKept = 256
const mostFindings = 5

/** The end of a run: numbers in messages are left out, or each length would be an end of its own. */
const endOf = (error: unknown): string =>
  error === undefined ? 'value' : `${(error as { code?: string }).code} ${String(error).replaceAll(/[0-9]+/g, '#')}`

/**
 * Runs mutated inputs through a target. An input that comes to a new end joins those that are mutated.
 *
 * @param corpus inputs that earlier runs kept, hexadecimal
 */
export async function fuzzTarget(
  target: Target,
  { inputs, seed, corpus = [] }: { readonly inputs: number; readonly seed: string; readonly corpus?: readonly string[] }
): Promise<Outcome> {
  const state = createHash('sha256').update(`${seed}\n${target.name}`).digest().readUInt32BE()
  const draw = seededRandom(state)
  const { mutate = mutated } = target
  const pool = [...target.seeds, ...corpus.map(hexToBytes)]
  const ends = new Set<string>()
  const kept: string[] = [...corpus]
  const findings: Finding[] = []
  const count = { values: 0, refusals: 0 }
  const take = async (input: Uint8Array): Promise<void> => {
    let failure: unknown
    let value: unknown
    try {
      const working = target.run(input)
      value = working instanceof Promise ? await working : working
      count.values += 1
    } catch (error) {
      failure = error
      if (isStackError(error)) count.refusals += 1
      else
        findings.push({
          target: target.name,
          input: bytesToHex(input),
          error: String((error as Error)?.stack ?? error)
        })
    }
    const end = target.namesEnds === true && failure === undefined ? String(value) : endOf(failure)
    if (ends.has(end)) return
    ends.add(end)
    if (kept.length >= mostKept) return
    pool.push(input)
    const hex = bytesToHex(input)
    if (!kept.includes(hex)) kept.push(hex)
  }
  let done = 0
  for (const input of [...pool]) await take(input)
  const known = ends.size
  for (; done < inputs && findings.length < mostFindings; done++) {
    const [one, two] = [pool[draw(pool.length)], pool[draw(pool.length)]]
    await take(mutate(one ?? new Uint8Array(), two ?? new Uint8Array(), draw))
  }
  return { target: target.name, inputs: done + known, ...count, ends: ends.size, kept, findings }
}
