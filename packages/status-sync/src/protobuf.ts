export { bigintOf, longOf } from '@status-stack/protobuf'

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
