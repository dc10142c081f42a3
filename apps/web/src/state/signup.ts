import { randomBytes } from '@status-stack/crypto'
import { generateMnemonic } from '@status-stack/status-accounts'
import { PageError } from '../errors.ts'
import { checkPassword } from '../session/account-keys.ts'

/** Words that a person has to type again before the account is made. */
const askedWords = 3

/** A new identity on its way: its words, and which of them are asked for. */
export interface Signup {
  readonly words: readonly string[]
  /** Places of the words that are asked for, from 0, ascending. */
  readonly asked: readonly number[]
}

/** Makes an identity's words; which of them are asked for is left to chance. */
export function beginSignup(random: (length: number) => Uint8Array = randomBytes): Signup {
  const words = generateMnemonic(128, { bytes: random }).split(' ')
  const places = new Set<number>()
  while (places.size < askedWords)
    for (const byte of random(4)) if (places.size < askedWords) places.add(byte % words.length)
  return { words, asked: [...places].sort((a, b) => a - b) }
}

/** @throws PageError `words-differ` unless every word that was asked for was typed */
export function assertWords({ words, asked }: Signup, typed: readonly string[]): void {
  const fits = asked.every((place, at) => typed[at]?.trim().toLowerCase() === words[place])
  if (!fits) throw new PageError('words-differ', 'the words are not those that were shown: look them up again')
}

/** @throws PageError `password-short`, `password-differs` */
export function assertPasswords(password: string, repeated: string): void {
  checkPassword(password)
  if (password !== repeated) throw new PageError('password-differs', 'the two passwords are not the same')
}
