import type { Argument, Option } from 'commander'

/** Kinds of values, kept beside the flags and arguments of the parser, which has no place for them. */
const kinds = new WeakMap<Option | Argument, string>()

/** What a shell can complete that is not in its script: the program is asked for words of that kind. */
export function setWordKind(of: Option | Argument, kind: string): void {
  kinds.set(of, kind)
}

/** What `setWordKind` said of a flag or an argument. */
export const wordKindOf = (of: Option | Argument): string | undefined => kinds.get(of)
