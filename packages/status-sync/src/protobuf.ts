export { bigintOf, longOf } from '@status-stack/protobuf'

/** The decoder throws several error types of its own for one fact: these bytes are not such a message. */
export function tryDecode<Value>(decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
