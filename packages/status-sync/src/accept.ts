import { bytesToHex } from '@status-stack/crypto'
import type { Core } from './core.ts'

/** Remembers messages as handled, durably, and only then queues their acknowledgements. */
export async function acceptMessages(core: Core, peer: Uint8Array, ids: readonly Uint8Array[]): Promise<void> {
  const distinct = [...new Map(ids.map(id => [bytesToHex(id), id])).values()]
  const acknowledge: Uint8Array[] = []
  await core.exclusive(async () => {
    const origins = await core.peers.originsOf(peer, distinct)
    acknowledge.push(...distinct.filter((_, at) => origins[at] !== 'ours'))
    const fresh = distinct.filter((_, at) => origins[at] === undefined)
    if (fresh.length === 0) return
    const { changes, commit } = await core.peers.plan({
      peer,
      nowMs: core.nowMs,
      ids: fresh.map(id => ({ id, origin: 'theirs' }))
    })
    await core.write(changes)
    commit()
  })
  for (const id of acknowledge) core.acks.add(peer, id)
}
