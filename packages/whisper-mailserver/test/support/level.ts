import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { EnvelopeStore } from '../../src/index.ts'
import { createLevelStore, type LevelStoreOptions } from '../../src/level/index.ts'

const folders: string[] = []

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'whisper-archive-'))
  folders.push(path)
  return path
}

afterAll(async () => {
  await Promise.all(folders.splice(0).map(path => rm(path, { recursive: true, force: true })))
})

const locations = new WeakMap<EnvelopeStore, string>()

export async function openLevel(location?: string, options: Partial<LevelStoreOptions> = {}): Promise<EnvelopeStore> {
  const path = location ?? (await folder())
  const store = createLevelStore({ location: path, ...options })
  locations.set(store, path)
  await store.open()
  return store
}

export const levelFactory = {
  create: () => openLevel(),
  reopen: (closed: EnvelopeStore) => openLevel(locations.get(closed))
}
