import type { Argument, Option } from 'commander'

/** What a shell can complete that is not in its script: `status-stack complete-words` knows it when it is asked. */
export const wordKinds = ['channels', 'chats', 'contacts', 'groups', 'profiles', 'reactions'] as const

export type WordKind = (typeof wordKinds)[number]

/** Kinds of values, kept beside the flags and arguments of the parser, which has no place for them. */
const kinds = new WeakMap<Option | Argument, WordKind>()

export function setWordKind(of: Option | Argument, kind: WordKind): void {
  kinds.set(of, kind)
}

export const wordKindOf = (of: Option | Argument): WordKind | undefined => kinds.get(of)
