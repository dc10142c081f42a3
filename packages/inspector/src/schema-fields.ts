import { encodeKeyText } from '@status-stack/status-accounts'
import type { FieldSchema } from './protobuf.ts'

type Type = FieldSchema['type']

/** `field('text', 'string')`. */
export function field(name: string, type: Type, rest: Omit<FieldSchema, 'name' | 'type'> = {}): FieldSchema {
  return { name, type, ...rest }
}

/** The short text form of a public key (33 or 65 bytes), where it is one. */
export function keyText(bytes: Uint8Array): string | undefined {
  try {
    return encodeKeyText(bytes)
  } catch {
    return undefined
  }
}

/** Milliseconds, seconds or nanoseconds since 1970 as a date; nothing for what no date can hold. */
export function dateText(value: bigint, perSecond: bigint): string | undefined {
  const ms = (value * 1000n) / perSecond
  return ms <= 0n || ms > 8_640_000_000_000_000n ? undefined : new Date(Number(ms)).toISOString()
}
