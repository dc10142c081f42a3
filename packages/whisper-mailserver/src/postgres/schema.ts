import type { PoolClient } from 'pg'
import { keyOfSecond } from '../keys.ts'

/** One lock for everything that changes tables: several servers share one archive. */
const schemaLock = 0x73686d73
const daySeconds = 86_400
/** SPEC: status-go's migration `1557732988_initialize_db`. */
const migration = 1_557_732_988

/** How the table lies: `partitioned` is ours, `plain` was made by status-go and is used as it is. */
export type Layout = 'partitioned' | 'plain'

/** A day that has a partition of its own: whole days since 1970. */
export type Day = number

export function dayOf(seconds: number): Day {
  return Math.floor(seconds / daySeconds)
}

function partitionName(day: Day): string {
  return `envelopes_d${day}`
}

function bound(day: Day): string {
  return `'\\x${[...keyOfSecond(day * daySeconds)].map(byte => byte.toString(16).padStart(2, '0')).join('')}'`
}

async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [schemaLock])
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

async function layoutOf(client: PoolClient): Promise<Layout | undefined> {
  const { rows } = await client.query<{ relkind: string }>(
    "SELECT relkind FROM pg_class WHERE oid = to_regclass('envelopes')"
  )
  const [table] = rows
  if (table === undefined) return undefined
  return table.relkind === 'p' ? 'partitioned' : 'plain'
}

/**
 * The columns and indexes of status-go, so that its servers can share the archive; partitioned by the day an envelope was
 * sent, with a default partition for whatever lies outside.
 */
const create = [
  `CREATE TABLE envelopes (
     id BYTEA NOT NULL UNIQUE,
     data BYTEA NOT NULL,
     topic BYTEA NOT NULL,
     bloom BIT(512) NOT NULL
   ) PARTITION BY RANGE (id)`,
  'CREATE TABLE envelopes_default PARTITION OF envelopes DEFAULT',
  'CREATE INDEX id_bloom_idx ON envelopes (id DESC, bloom)',
  'CREATE INDEX id_topic_idx ON envelopes (id DESC, topic)',
  'CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, dirty BOOLEAN NOT NULL)',
  `INSERT INTO schema_migrations (version, dirty) VALUES (${migration}, FALSE) ON CONFLICT DO NOTHING`
]

/** Makes the tables unless they are there. */
export function migrate(client: PoolClient): Promise<Layout> {
  return inTransaction(client, async () => {
    const found = await layoutOf(client)
    if (found !== undefined) return found
    for (const statement of create) await client.query(statement)
    return 'partitioned'
  })
}

/**
 * Makes the partitions of today and tomorrow. BOUNDED: of no other day, for a stranger chooses when an envelope says it was
 * sent, and ten thousand days would be ten thousand tables.
 */
export async function makePartitions(client: PoolClient, today: Day): Promise<void> {
  for (const day of [today, today + 1]) {
    try {
      await inTransaction(client, () =>
        client.query(
          `CREATE TABLE IF NOT EXISTS ${partitionName(day)} PARTITION OF envelopes FOR VALUES FROM (${bound(day)}) TO (${bound(day + 1)})`
        )
      )
    } catch (error) {
      // Envelopes of that day lie in the default partition already: they stay there, and the others of that day join them.
      if (!(error instanceof Error && 'code' in error && error.code === '23514')) throw error
    }
  }
}

/** Days before `end` that have a partition, oldest first. */
export async function partitionsBefore(client: PoolClient, end: Day): Promise<readonly Day[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass('envelopes')"
  )
  return rows
    .map(({ name }) => Number(/^envelopes_d(\d+)$/.exec(name)?.[1] ?? Number.NaN))
    .filter(day => day < end)
    .sort((a, b) => a - b)
}

/** Drops the partition of a day; answers how many envelopes it held. */
export function dropPartition(client: PoolClient, day: Day): Promise<number> {
  return inTransaction(client, async () => {
    const name = partitionName(day)
    const { rows: present } = await client.query('SELECT 1 FROM pg_class WHERE oid = to_regclass($1)', [name])
    // Another server was faster.
    if (present.length === 0) return 0
    await client.query("SET LOCAL lock_timeout = '10s'")
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${name}`)
    await client.query(`DROP TABLE ${name}`)
    return Number(rows[0]?.count ?? 0)
  })
}
