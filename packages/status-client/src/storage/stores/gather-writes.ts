import { createGatherer } from '@status-stack/utils'
import { limits } from '../../limits.ts'
import type { KeyValue, Write } from './key-value.ts'

interface Asked {
  readonly writes: readonly Write[]
  readonly flush: boolean
}

const bytesOf = ({ writes }: Asked): number =>
  writes.reduce((sum, write) => sum + (write.type === 'put' ? write.value.length : 0), 0)

/**
 * Writes that come while one is under way go together in the next one, in the order of the calls. A batch costs a database as much as
 * several records in it, and a message on its way is written about by its chat, its ledger, security and sync at the same time.
 *
 * Each write is whole or not at all, as before, and answers when it is on the disk; what one batch holds reaches the disk together. A
 * write that fails fails for all that share it. Decision 256.
 */
export function gatherWrites(kv: KeyValue): KeyValue {
  const write = createGatherer<Asked>(
    asked =>
      kv.write(
        asked.flatMap(({ writes }) => writes),
        { flush: asked.some(({ flush }) => flush) }
      ),
    { most: limits.gatheredBytes, costOf: bytesOf }
  )
  return {
    ...kv,
    write: (writes, { flush = false } = {}) => write({ writes, flush }),
    clear: async () => {
      // Not before what was asked for earlier.
      await write({ writes: [], flush: false })
      await kv.clear()
    }
  }
}
