import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** Below this score, out of 4, a password is called weak: what a program that tries lists finds in hours. */
const goodScore = 3

/** BOUNDED: of a longer password the beginning is judged; the work grows faster than the length. */
const judgedCharacters = 64

/**
 * What a person should know of a new password before it is taken. Nothing leaves this machine.
 * @returns `undefined` for a good one
 */
export function passwordAdvice(password: string): string | undefined {
  const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  if (judge.check(password.slice(0, judgedCharacters)).score >= goodScore) return undefined
  return 'a weak password: a program that has the file would find it. Four or more unrelated words are better'
}
