import { encodeRlp } from '@status-stack/rlp'

/** The payload of a sealed history request. */
export interface RequestPayload {
  /** Unix seconds, inclusive. */
  readonly lower: number
  readonly upper: number
  /** 64 bytes: what the envelopes' blooms must be contained in. */
  readonly bloom: Uint8Array
  readonly topics?: readonly Uint8Array[] | undefined
  readonly limit: number
  /** Empty, or 36 bytes. */
  readonly cursor: Uint8Array
  /** Answer in lists of envelopes. */
  readonly batch: boolean
}

/**
 * [lower, upper, bloom, topics, limit, cursor, batch].
 * DEVIATION: topics stand fourth, where status-go has had them since January 2020; 8/WAKU-MAIL puts them behind the cursor
 * and 4/WHISPER-MAILSERVER knows neither them nor batch. Servers ignore the topics.
 */
export function encodeRequestPayload(request: RequestPayload): Uint8Array {
  return encodeRlp([
    request.lower,
    request.upper,
    request.bloom,
    request.topics ?? [],
    request.limit,
    request.cursor,
    request.batch
  ])
}
