import Long from 'long'

/** protobufjs takes and gives 64-bit integers as Long; a bigint would silently be written as 0. */
export function longOf(value: bigint): Long {
  const low = Number(BigInt.asIntN(32, value))
  const high = Number(BigInt.asIntN(32, value >> 32n))
  return Long.fromBits(low, high)
}

/** The int64 that protobufjs read. */
export function bigintOf(value: number | Long | null | undefined): bigint {
  const long = Long.fromValue(value ?? 0)
  return (BigInt(long.high) << 32n) | BigInt(long.low >>> 0)
}

/** A plain array of our own: readers hand out views, on Node sometimes of a pooled buffer. */
export function own(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

/** The decoder throws several error types of its own for one fact: these bytes are not such a message. */
export function attempt<Value>(decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
