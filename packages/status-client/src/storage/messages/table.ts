import { equalBytes } from '@status-stack/crypto'
import type { MessageId } from '../../types.ts'
import type { MessageRecord, NoteRecord } from '../records.ts'
import type { RangeQuery } from '../stores/key-value.ts'
import type { Unit } from '../stores/store.ts'
import type { MessageStoreDeps } from './types.ts'

/** The records of messages and of what is kept beside them, without any rule. */
export function createMessageTable({ store, keys, self }: Pick<MessageStoreDeps, 'store' | 'keys' | 'self'>) {
  /** Keys of a range, stored and staged. Those of the unit first: what is deleted meanwhile is not met again. */
  async function* keysIn(unit: Unit, range: RangeQuery): AsyncGenerator<string> {
    const staged = unit.stagedIn(range)
    yield* staged
    for await (const key of store.keys(range)) if (!staged.includes(key)) yield key
  }

  const keyOf = async (id: MessageId, unit?: Unit): Promise<string | undefined> => {
    const found = await (unit ?? store).get<{ key: string }>(keys.index(id))
    return found?.key
  }

  const record = async (id: MessageId, unit?: Unit): Promise<MessageRecord | undefined> => {
    const key = await keyOf(id, unit)
    return key === undefined ? undefined : (unit ?? store).get<MessageRecord>(key)
  }

  const notes = async (id: MessageId): Promise<readonly NoteRecord[]> => {
    const found: NoteRecord[] = []
    for await (const { value } of store.range<NoteRecord>(keys.notesOf(id))) found.push(value)
    return found
  }

  /** Records that are as they were stored a moment ago, when nothing had been said about them. */
  const bare = new WeakSet<MessageRecord>()

  const put = (unit: Unit, message: MessageRecord): void => {
    const key = keys.message(message.chat, message.clock, message.messageId)
    unit.put(key, message)
    unit.put(keys.index(message.messageId), { key })
  }

  /** Stages the removal of what people see of a message, but for its text. */
  const erasedParts = (unit: Unit, { chat, messageId, author }: MessageRecord): void => {
    unit.delete(keys.attachment(messageId))
    unit.delete(keys.pin(chat, messageId))
    unit.delete(keys.note(messageId, { kind: 'pin', author }))
  }

  /** Stages the removal of everything but the id. */
  const remove = async (unit: Unit, { chat, clock, messageId, content }: MessageRecord): Promise<void> => {
    unit.delete(keys.message(chat, clock, messageId))
    unit.delete(keys.attachment(messageId))
    unit.delete(keys.ledger(messageId))
    unit.delete(keys.pin(chat, messageId))
    if (content.kind === 'command') {
      unit.delete(keys.command(messageId))
      unit.delete(keys.command(content.command.id))
    }
    for await (const note of keysIn(unit, keys.notesOf(messageId))) unit.delete(note)
  }

  /** Whether a text names us. */
  const mentionsSelf = ({ mentions }: MessageRecord): boolean => mentions.some(key => equalBytes(key, self))

  return { keysIn, keyOf, record, notes, bare, put, erasedParts, remove, mentionsSelf }
}

export type MessageTable = ReturnType<typeof createMessageTable>
