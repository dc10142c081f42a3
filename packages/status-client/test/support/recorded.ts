import { readFileSync } from 'node:fs'
import { hexToBytes } from '@status-stack/crypto'
import { MemoryLevel } from 'memory-level'
import type { Database } from '../../src/index.ts'

export const encodings = { keyEncoding: 'utf8', valueEncoding: 'view' } as const

export const readFixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as T

/**
 * A store of alice's as a release with this schema wrote it. 1: a short conversation with bob. 5: a message in #status that was fetched
 * from a mailserver, and one that is on its way.
 */
export async function recordedStore(
  schema: 1 | 5,
  database: Database = new MemoryLevel<string, Uint8Array>()
): Promise<Database> {
  const { entries } = readFixture<{ entries: Readonly<Record<string, string>> }>(`store-schema-${schema}.json`)
  for (const [key, hex] of Object.entries(entries)) await database.put(key, hexToBytes(hex), encodings)
  return database
}

export async function entriesOf(database: Database): Promise<Map<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>()
  for await (const [key, value] of database.iterator<string, Uint8Array>(encodings)) entries.set(key, value)
  return entries
}
