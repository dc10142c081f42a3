import { join } from 'node:path'
import type { PeerStore, RememberedPeer } from '@status-stack/devp2p-transport/discovery'
import { createMutex } from '@status-stack/utils'
import { type Profile, readJson, writeJson } from './profile.ts'

export const peerFilePath = (profile: Profile): string => join(profile.folder, 'peers.json')

/**
 * Peers that served well, in a file of the profile: where to begin after a restart.
 *
 * @example
 * ```ts
 * const peerStore = peerFile(profile)
 * ```
 */
export function peerFile(profile: Profile): PeerStore {
  const path = peerFilePath(profile)
  // One save after the other: a rename must not overtake a later one.
  const saving = createMutex()
  return {
    load: async () => {
      const value = await readJson(path).catch(() => undefined)
      const peers = typeof value === 'object' && value !== null && 'peers' in value ? value.peers : undefined
      return Array.isArray(peers) ? peers.filter(isRemembered) : []
    },
    // What cannot be written is found again by discovery: no reason to end.
    save: peers => saving.run(() => writeJson(profile, path, { version: 1, peers })).catch(() => undefined)
  }
}

function isRemembered(value: unknown): value is RememberedPeer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'enode' in value &&
    typeof value.enode === 'string' &&
    'lastSeenMs' in value &&
    typeof value.lastSeenMs === 'number'
  )
}
