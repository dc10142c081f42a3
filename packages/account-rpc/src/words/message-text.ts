import type { MessageFact } from '../methods.ts'

/**
 * What a message says, and what happened to it since. Not yet safe for a terminal.
 *
 * @example
 * ```ts
 * messageBody({ kind: 'text', text: 'hello', deleted: false }) // 'hello'
 * ```
 */
export function messageBody(
  message: Pick<MessageFact, 'kind' | 'text' | 'deleted'> & {
    readonly editedMs?: number | undefined
    readonly old?: boolean | undefined
    readonly attachment?: Pick<NonNullable<MessageFact['attachment']>, 'type' | 'bytes' | 'durationMs'> | undefined
  }
): string {
  if (message.deleted) return '(deleted)'
  const { kind } = message
  const kindMark =
    kind === 'text' || kind === 'system' ? '' : `[${[kind, ...fileWords(message.attachment)].join(' ')}] `
  return `${kindMark}${message.text}${message.editedMs === undefined ? '' : ' (edited)'}${message.old === true ? ' (old)' : ''}`
}

/** What is known of a file without looking into it. */
function fileWords(file: Partial<NonNullable<MessageFact['attachment']>> | undefined): readonly string[] {
  if (file === undefined) return []
  const { type = '', bytes = 0, durationMs } = file
  const size = bytes < 1000 ? `${bytes} B` : `${Math.round(bytes / 1000)} kB`
  return [type, size, ...(durationMs === undefined ? [] : [`${Math.max(1, Math.round(durationMs / 1000))} s`])]
}

/**
 * `love 2, sad 1`: the reactions of a message, empty when there are none.
 *
 * @example
 * ```ts
 * reactionsText({ reactions: [{ emoji: 'love' }, { emoji: 'love' }] }) // 'love 2'
 * ```
 */
export function reactionsText({
  reactions
}: {
  readonly reactions: readonly Pick<MessageFact['reactions'][number], 'emoji'>[]
}): string {
  const counts = new Map<string, number>()
  for (const { emoji } of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1)
  return [...counts].map(([emoji, count]) => `${emoji} ${count}`).join(', ')
}
