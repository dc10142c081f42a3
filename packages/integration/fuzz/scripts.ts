import { concatBytes } from '@status-stack/crypto'
import { type Draw, mutated, mutatedMessage } from './mutators.ts'

/** One thing that a stranger does: which, and with what bytes. */
export interface Step {
  readonly code: number
  readonly payload: Uint8Array
}

/** BOUNDED: steps of a script that are done, and bytes of one. */
const mostSteps = 32
const longestStep = 2048

/** One packet of a script: its id, two bytes of length, its payload. */
export const step = (code: number, payload: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(code, payload.length >> 8, payload.length & 0xff), payload)

/** The packets that a script holds, however it was changed. */
export function* stepsOf(script: Uint8Array): Generator<Step> {
  for (let [at, steps] = [0, 0]; at + 3 <= script.length && steps < mostSteps; steps++) {
    const length = (((script[at + 1] ?? 0) << 8) | (script[at + 2] ?? 0)) % longestStep
    yield { code: (script[at] ?? 0) % 128, payload: script.slice(at + 3, at + 3 + length) }
    at += 3 + length
  }
}

/** A step with other bytes. What begins with its type mostly keeps it: the rest is then read as what it was. */
function mutateStep({ code, payload }: Step, other: Step, draw: Draw, isTyped: (code: number) => boolean): Step {
  if (!isTyped(code) || draw(8) === 0) return { code, payload: mutatedMessage(payload, other.payload, draw) }
  const foreign = other.payload.subarray(isTyped(other.code) ? 1 : 0)
  return { code, payload: concatBytes(payload.subarray(0, 1), mutatedMessage(payload.subarray(1), foreign, draw)) }
}

/**
 * A script with one step changed, left out, repeated, exchanged or taken of another script: the other steps stay as they are, so that it still
 * reaches what they lead to.
 *
 * @param isTyped whether steps of this code have the type of their payload in front
 */
export function mutateScript(
  script: Uint8Array,
  other: Uint8Array,
  draw: Draw,
  isTyped: (code: number) => boolean
): Uint8Array {
  const steps = [...stepsOf(script)]
  const others = [...stepsOf(other)]
  const at = draw(Math.max(1, steps.length))
  const chosen = steps[at]
  const foreign = others[draw(Math.max(1, others.length))]
  if (chosen === undefined || draw(10) === 0) return mutated(script, other, draw)
  switch (draw(8)) {
    case 0:
      if (steps.length > 1) steps.splice(at, 1)
      break
    case 1:
      steps.splice(at, 0, chosen)
      break
    case 2:
      steps.push(foreign ?? chosen)
      break
    case 3:
      steps[at] = { code: draw(128), payload: chosen.payload }
      break
    default:
      steps[at] = mutateStep(chosen, foreign ?? chosen, draw, isTyped)
  }
  return concatBytes(...steps.slice(0, mostSteps).map(({ code, payload }) => step(code, payload)))
}
