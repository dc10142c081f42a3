import { Long } from './runtime.ts'

/**
 * The `Long` of a bigint, for 64-bit fields: protobufjs would silently write a bigint as 0.
 *
 * @param value taken modulo 2^64
 * @example
 * ```ts
 * longOf(1_600_000_000_000_000_000n)
 * ```
 */
export function longOf(value: bigint): Long {
  const low = Number(BigInt.asIntN(32, value))
  const high = Number(BigInt.asIntN(32, value >> 32n))
  return Long.fromBits(low, high)
}

/**
 * The int64 that protobufjs read; absent fields are 0.
 *
 * @example
 * ```ts
 * bigintOf(message.timestamp)
 * ```
 */
export function bigintOf(value: number | Long | null | undefined): bigint {
  const long = Long.fromValue(value ?? 0)
  return (BigInt(long.high) << 32n) | BigInt(long.low >>> 0)
}
