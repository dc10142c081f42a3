import { keccak256, utf8Bytes } from '@status-stack/crypto'
import type { Emoji, PublicKey } from '@status-stack/interface'
import { check, checkKey, checkMs } from './arguments.ts'
import { emojis, emojiTypeOf } from './emoji.ts'
import { keyId } from './ids.ts'

/** A reaction as it is kept: one per author, message and emoji. */
export interface Reaction {
  /** 65 bytes: who signed it. */
  readonly author: PublicKey
  /** The message that it is on: `0x` + 64 hex digits. */
  readonly messageId: string
  /** One of the six of the protocol. */
  readonly emoji: Emoji
  /** Lamport clock, ms: of two under one key the higher counts. */
  readonly clock: number
  /** It was taken back; kept so that a late copy does not bring it back. */
  readonly retracted: boolean
}

/**
 * The key a reaction is kept under, 32 bytes. The author is part of it, so that no one can retract another's.
 * SPEC: status-go 0.56.10: Keccak-256 of the author's id, the message id and the emoji's number as text.
 *
 * @example
 * ```ts
 * const key = reactionId({ author, messageId, emoji: 'love' })
 * ```
 */
export function reactionId(reaction: Pick<Reaction, 'author' | 'messageId' | 'emoji'>): Uint8Array {
  check.object('reaction', reaction)
  const { author, messageId, emoji } = reaction
  checkKey('reaction.author', author)
  check.text('reaction.messageId', messageId)
  check.oneOf('reaction.emoji', emoji, emojis)
  return keccak256(utf8Bytes(`${keyId(author)}${messageId}${emojiTypeOf(emoji)}`))
}

/**
 * The reaction that counts of two under one key: the higher clock; `stored` when the other is not newer.
 *
 * @example
 * ```ts
 * stored = newerReaction(stored, { author, messageId, emoji: 'love', clock, retracted: false })
 * ```
 */
export function newerReaction(stored: Reaction | undefined, incoming: Reaction): Reaction {
  check.object('incoming', incoming)
  checkMs('incoming.clock', incoming.clock)
  return stored === undefined || incoming.clock > stored.clock ? incoming : stored
}

/**
 * Who reacts to a message with what, without the retracted ones; emojis in the protocol's order.
 *
 * @example
 * ```ts
 * for (const [emoji, people] of countReactions(reactions)) console.log(emoji, people.length)
 * ```
 */
export function countReactions(reactions: readonly Reaction[]): ReadonlyMap<Emoji, readonly PublicKey[]> {
  check.array('reactions', reactions)
  const newest = new Map<string, Reaction>()
  for (const reaction of reactions) {
    const key = String(reactionId(reaction))
    newest.set(key, newerReaction(newest.get(key), reaction))
  }
  const counts = new Map<Emoji, PublicKey[]>()
  const shown = [...newest.values()].filter(reaction => !reaction.retracted)
  for (const { emoji, author } of shown.sort((a, b) => emojiTypeOf(a.emoji) - emojiTypeOf(b.emoji))) {
    counts.set(emoji, [...(counts.get(emoji) ?? []), author])
  }
  return counts
}
