import { vectorHex } from '@status-stack/vectors'
import { type Check, plain, Skipped, textOf } from '../runner/check.ts'
import type { Answer } from './messages.ts'

/** The input was not taken: ends the step. */
class Refusal extends Error {
  override readonly name = 'Refusal'
}

/**
 * A {@link Check} that compares nothing and notes what the implementation made: so a step which checks a case in this process also
 * answers for it in another.
 */
export interface Recorder {
  readonly check: Check
  /** Runs a step and answers with what it noted; never throws. */
  readonly answerOf: (step: () => void | Promise<void>) => Promise<Answer>
}

/** JSON has no infinity: it is spelled as the vectors do. */
const spelled = (value: unknown): unknown => (value === Number.POSITIVE_INFINITY ? '+Inf' : value)

/** A recorder for one step. */
export function createRecorder(): Recorder {
  const output: Record<string, unknown> = {}
  let refused: string | undefined
  let accepted = false

  const note = (field: string, made: unknown): void => {
    const value = spelled(made)
    if (Object.hasOwn(output, field) && JSON.stringify(output[field]) !== JSON.stringify(value))
      throw new Error(`${field}: two ways to make it gave two values`)
    output[field] = value
  }
  const check: Check = {
    bytes: (field, _expected, actual) => {
      note(field, actual === undefined || actual === null ? null : vectorHex(actual))
    },
    equal: (field, _expected, actual) => {
      note(field, plain(actual))
    },
    refused: async (_field, action) => {
      try {
        await action()
      } catch (cause) {
        refused ??= textOf(cause)
        return
      }
      accepted = true
    },
    accepted: async (_field, action) => {
      try {
        return await action()
      } catch (cause) {
        refused ??= textOf(cause)
        throw new Refusal()
      }
    },
    // What is expected is not known here: the case does not come with it.
    verdict: async (field, _expected, action) => check.accepted(field, action),
    skip: reason => {
      throw new Skipped(reason)
    }
  }

  const answerOf = async (step: () => void | Promise<void>): Promise<Answer> => {
    try {
      await step()
    } catch (cause) {
      if (cause instanceof Skipped) return { kind: 'unsupported', why: cause.message }
      if (!(cause instanceof Refusal)) return { kind: 'error', why: textOf(cause) }
    }
    return refused === undefined || accepted ? { kind: 'output', output } : { kind: 'refused', why: refused }
  }
  return { check, answerOf }
}
