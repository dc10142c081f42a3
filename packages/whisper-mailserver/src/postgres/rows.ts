import { bytesToHex } from '@status-stack/crypto'
import type { Archived } from '@status-stack/whisper'
import { archiveKey, envelopeBloom } from '@status-stack/whisper/wire'
import type { Pool } from 'pg'
import { keyOfSecond } from '../keys.ts'
import type { StoredEnvelope, StoreQuery, StoreSize } from '../ports.ts'
import { bitString } from './bits.ts'

/** An envelope as far as it is known before it is read. */
export interface Row {
  readonly id: Uint8Array
  readonly bytes: number
}

function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** A list of bytes as an array literal: what `bytea[]` reads, whatever the driver makes of typed arrays. */
function byteaArray(list: readonly Uint8Array[]): string {
  return `{${list.map(bytes => `"\\\\x${bytesToHex(bytes)}"`).join()}}`
}

function bytea(bytes: Uint8Array): string {
  return `\\x${bytesToHex(bytes)}`
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '40P01'
}

/** Inserts what is not there yet, in one statement. */
export async function insertRows(pool: Pool, envelopes: readonly Archived[]): Promise<void> {
  const run = (): Promise<unknown> =>
    pool.query(
      `INSERT INTO envelopes (id, data, topic, bloom)
       SELECT id, data, topic, bits::bit(512)
       FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::text[]) AS rows (id, data, topic, bits)
       ON CONFLICT (id) DO NOTHING`,
      [
        byteaArray(envelopes.map(archiveKey)),
        byteaArray(envelopes.map(({ bytes }) => bytes)),
        byteaArray(envelopes.map(({ topic }) => topic)),
        envelopes.map(({ topic }) => bitString(envelopeBloom(topic)))
      ]
    )
  try {
    await run()
  } catch (error) {
    if (!isDeadlock(error)) throw error
    await run()
  }
}

/** Ids and sizes first: how much the envelopes take is known before they are read. */
export async function findRows(
  pool: Pool,
  asked: StoreQuery,
  before: Uint8Array | undefined,
  most: number
): Promise<Row[]> {
  const values: unknown[] = [bytea(keyOfSecond(asked.lower)), bitString(asked.bloom), most]
  if (before !== undefined) values.push(bytea(before))
  const { rows } = await pool.query<Row>(
    `SELECT id, octet_length(data) AS bytes FROM envelopes
     WHERE id >= $1::bytea ${before === undefined ? '' : 'AND id < $4::bytea'} AND bloom & $2::bit(512) = bloom
     ORDER BY id DESC LIMIT $3`,
    values
  )
  return rows
}

/** The envelopes of these rows, newest first; what was deleted meanwhile is missing. */
export async function readRows(pool: Pool, rows: readonly Row[]): Promise<StoredEnvelope[]> {
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return []
  // The bounds say nothing new, but they leave the partitions of other days out.
  const result = await pool.query<{ readonly id: Uint8Array; readonly data: Uint8Array }>(
    `SELECT id, data FROM envelopes
     WHERE id = ANY($1::bytea[]) AND id >= $2::bytea AND id <= $3::bytea ORDER BY id DESC`,
    [byteaArray(rows.map(({ id }) => id)), bytea(last.id), bytea(first.id)]
  )
  return result.rows.map(({ id, data }) => ({ key: plain(id), bytes: plain(data) }))
}

/** How many there are, and the bytes that the table takes with its indexes. */
export async function sizeOfTable(pool: Pool): Promise<StoreSize> {
  const { rows } = await pool.query<{ envelopes: string; bytes: string }>(
    `SELECT count(*) AS envelopes, (
       SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
       WHERE c.oid = to_regclass('envelopes')
          OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('envelopes'))
     ) AS bytes FROM envelopes`
  )
  return { envelopes: Number(rows[0]?.envelopes ?? 0), bytes: Number(rows[0]?.bytes ?? 0) }
}

/** Deletes some of those before a second; answers how many. Rows that another server is deleting are left to it. */
export async function deleteRows(pool: Pool, beforeSeconds: number, most: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM envelopes WHERE id IN (
       SELECT id FROM envelopes WHERE id < $1::bytea ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [bytea(keyOfSecond(beforeSeconds)), most]
  )
  return rowCount ?? 0
}
