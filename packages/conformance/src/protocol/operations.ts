import type { Operation } from './operation.ts'
import { messagesOperations } from './operations/messages.ts'
import { rlpxOperations } from './operations/rlpx.ts'
import { securityOperations } from './operations/security.ts'
import type { OperationRow, OperationTable } from './operations/table.ts'
import { wakuOperations } from './operations/waku.ts'
import { whisperOperations } from './operations/whisper.ts'

const patterns = (text = ''): readonly string[] => text.split(' ').filter(word => word !== '')

function operationOf(file: string, section: string, op: string, given: string | OperationRow): Operation {
  const row: OperationRow = typeof given === 'string' ? { asks: given } : given
  return {
    file,
    section,
    op,
    asks: patterns(row.asks),
    valid: row.valid,
    floats: patterns(row.floats),
    sets: patterns(row.sets),
    hides: patterns(row.hides)
  }
}

function operationsOf(table: OperationTable): readonly Operation[] {
  return Object.entries(table).flatMap(([file, sections]) =>
    Object.entries(sections).flatMap(([section, ops]) =>
      Object.entries(ops).map(([op, row]) => operationOf(file, section, op, row))
    )
  )
}

/**
 * Every operation that the line protocol has. What is not here cannot be asked of a process: it needs the word lists, or nothing of the
 * case would be left to withhold.
 */
export const operations: readonly Operation[] = Object.freeze(
  [rlpxOperations, whisperOperations, wakuOperations, securityOperations, messagesOperations].flatMap(operationsOf)
)
