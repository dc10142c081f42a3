import { bloomLength } from '@status-stack/whisper/wire'
import { usableCursor } from '../keys.ts'
import { limits } from '../limits.ts'
import type { StoreQuery } from '../ports.ts'

/** Seconds that an open end lies ahead of now: clocks differ. SPEC: status-go. */
const openEndSeconds = 60

/** A request in any form, before defaults. */
export interface Asked {
  readonly lower: number
  readonly upper: number
  readonly bloom: Uint8Array
  readonly limit: number
  readonly cursor: Uint8Array
}

/** The query that a request means, with limit 0 and upper 0 filled in; a text says what is wrong with it. */
export function queryOf(asked: Asked, nowSeconds: number): StoreQuery | string {
  const { lower, bloom } = asked
  const upper = asked.upper === 0 ? nowSeconds + openEndSeconds : asked.upper
  const limit = asked.limit === 0 ? limits.maxQueryLimit : asked.limit
  if (lower > upper) return 'query range is invalid: lower > upper'
  if (bloom.length === 0) return 'bloom filter is empty'
  if (limit > limits.maxQueryLimit) return 'limit exceeds the maximum allowed value'
  if (bloom.length !== bloomLength) return `bloom filter has ${bloom.length} bytes, expected ${bloomLength}`
  const cursor = usableCursor(asked.cursor)
  return { lower, upper, bloom, limit, ...(cursor === undefined ? {} : { cursor }) }
}
