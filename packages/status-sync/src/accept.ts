import { hexKey } from './bytes.ts'
import type { Core } from './core.ts'
import { handedKey } from './receive.ts'

/**
 * Remembers messages as handled, durably, and only then queues their acknowledgements. Parents they name that are not held
 * become gaps; an id that was a gap stops being one.
 */
export async function acceptMessages(core: Core, peer: Uint8Array, ids: readonly Uint8Array[]): Promise<void> {
  const distinct = new Map(ids.map(id => [hexKey(id), id]))
  const acknowledge: Uint8Array[] = []
  await core.exclusive(async () => {
    const fresh = new Map<string, Uint8Array>()
    const parents = new Map<string, Uint8Array>()
    for (const [key, id] of distinct) {
      const handed = core.handed.get(handedKey(peer, id))
      if (handed?.ephemeral) continue
      const origin = await core.peers.originOf(peer, id)
      if (origin === 'ours') continue
      acknowledge.push(id)
      if (origin === 'theirs') continue
      fresh.set(key, id)
      for (const parent of handed?.parents ?? []) parents.set(hexKey(parent), parent)
    }
    if (fresh.size === 0) return
    const missing = new Map((core.peers.get(peer)?.missing ?? []).map(id => [hexKey(id), id]))
    for (const [key, parent] of parents) {
      if (!missing.has(key) && (await core.peers.originOf(peer, parent)) === undefined) missing.set(key, parent)
    }
    for (const key of fresh.keys()) missing.delete(key)
    const { changes, commit } = await core.peers.plan({
      peer,
      nowMs: core.nowMs,
      ids: [...fresh.values()].map(id => ({ id, origin: 'theirs' })),
      missing: [...missing.values()].slice(-core.options.limits.maxMissingPerPeer)
    })
    await core.write(changes)
    commit()
  })
  for (const id of distinct.values()) core.handed.delete(handedKey(peer, id))
  for (const id of acknowledge) core.acks.add(peer, id)
}
