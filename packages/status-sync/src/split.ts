import type { Message } from './payload.ts'

/** Bytes of one identifier in a payload: tag of three bytes, length, 32 bytes. */
export const idEntryBytes = 36

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++
  return bytes
}

/** Bytes of a message of `size` serialised bytes in a payload. */
export function messageEntryBytes(size: number): number {
  return 3 + varintBytes(size) + size
}

/** How long a message is when it is serialised, without serialising it; its time lies between 0 and 2^53. */
export function messageBytes({ groupId, timestamp, body }: Message): number {
  const field = ({ length }: Uint8Array): number => (length === 0 ? 0 : messageEntryBytes(length))
  return field(groupId) + (timestamp === 0n ? 0 : 3 + varintBytes(Number(timestamp))) + field(body)
}

/** Something that takes `bytes` in a payload. */
export interface Sized {
  readonly bytes: number
}

/**
 * Groups parts, in their order, into payloads of at most `maxBytes`. A part that does not fit alone is left out and
 * returned apart: no later call can place it either.
 */
export function split<Part extends Sized>(
  parts: readonly Part[],
  maxBytes: number
): { readonly payloads: readonly (readonly Part[])[]; readonly tooLarge: readonly Part[] } {
  const payloads: Part[][] = []
  const tooLarge: Part[] = []
  let current: Part[] = []
  let used = 0
  for (const part of parts) {
    if (part.bytes > maxBytes) {
      tooLarge.push(part)
      continue
    }
    if (used + part.bytes > maxBytes) {
      payloads.push(current)
      current = []
      used = 0
    }
    current.push(part)
    used += part.bytes
  }
  if (current.length > 0) payloads.push(current)
  return { payloads, tooLarge }
}
