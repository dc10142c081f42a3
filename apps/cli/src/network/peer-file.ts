import { join } from 'node:path'
import type { PeerStore, RememberedPeer } from '@status-stack/devp2p-transport'
import { type Profile, readJson, writeJson } from '../profile.ts'

/** Peers that served well, in a file of the profile: where to begin after a restart. */
export function peerFile(profile: Profile): PeerStore {
  const path = join(profile.folder, 'peers.json')
  // One save after the other: a rename must not overtake a later one.
  let saving: Promise<void> = Promise.resolve()
  return {
    load: async () => {
      const value = await readJson(path).catch(() => undefined)
      const peers = typeof value === 'object' && value !== null && 'peers' in value ? value.peers : undefined
      return Array.isArray(peers) ? peers.filter(isRemembered) : []
    },
    save: peers => {
      // What cannot be written is found again by discovery: no reason to end.
      saving = saving.then(() => writeJson(profile, path, { version: 1, peers })).catch(() => undefined)
      return saving
    }
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
