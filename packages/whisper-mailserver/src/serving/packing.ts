import { cursorOfArchiveKey } from '@status-stack/whisper/wire'
import { hashOfKey } from '../keys.ts'
import { limits } from '../limits.ts'
import type { StoredEnvelope } from '../ports.ts'

/** How a page ended. */
export interface PageEnd {
  /** 32 bytes: hash of the last envelope, zeros when there was none. */
  readonly lastHash: Uint8Array
  /** 36 bytes when the limit was reached, whether or not anything follows; else empty. */
  readonly cursor: Uint8Array
}

/**
 * Packs what a store found, chunk by chunk: raw sizes of a bundle stay below 1 MiB − `overhead`, the limit-th envelope begins
 * a bundle of its own and ends the page with a cursor.
 * SPEC: status-go, mailserver. DEVIATION: `overhead` is our own; status-go does not count the packet's headers, so its
 * fullest bundles break the limit that they are made for.
 */
export async function* packBundles(
  chunks: AsyncIterable<readonly StoredEnvelope[]>,
  limit: number,
  overhead: number
): AsyncGenerator<readonly Uint8Array[], PageEnd, undefined> {
  const room = limits.maxBundleBytes - overhead
  let bundle: Uint8Array[] = []
  let bytes = 0
  let packed = 0
  let last: Uint8Array | undefined
  let isFull = false
  for await (const chunk of chunks) {
    for (const envelope of chunk) {
      packed += 1
      last = envelope.key
      isFull = packed >= limit
      if (bundle.length > 0 && (isFull || bytes + envelope.bytes.length >= room)) {
        yield bundle
        bundle = []
        bytes = 0
      }
      bundle.push(envelope.bytes)
      bytes += envelope.bytes.length
      if (isFull) break
    }
    if (isFull) break
  }
  if (bundle.length > 0) yield bundle
  return {
    lastHash: last === undefined ? new Uint8Array(32) : hashOfKey(last).slice(),
    cursor: isFull && last !== undefined ? cursorOfArchiveKey(last) : new Uint8Array(0)
  }
}
