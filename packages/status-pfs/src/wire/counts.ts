import { protobuf } from '@status-stack/protobuf'

/** How often the fields of a ProtocolMessage occur at its top level, as far as they have the right wire type. */
export interface FieldCounts {
  readonly bundles: number
  readonly entries: number
  readonly publicMessages: number
  /** Fields that a ProtocolMessage does not have. */
  readonly unknown: number
}

const bundlesField = 3
const entriesField = 101
const publicField = 102
const lengthDelimited = 2

/**
 * Counts the top-level fields without decoding them: the cheap look that says whether bytes can be a ProtocolMessage, and
 * whether it holds more than will be read. `undefined` for bytes that are no protobuf.
 */
export function countsOf(bytes: Uint8Array): FieldCounts | undefined {
  const reader = new protobuf.Reader(bytes)
  const counts = { bundles: 0, entries: 0, publicMessages: 0, unknown: 0 }
  try {
    while (reader.pos < reader.len) {
      const tag = reader.tag()
      const delimited = (tag & 7) === lengthDelimited
      const field = tag >>> 3
      if (delimited && field === bundlesField) counts.bundles++
      else if (delimited && field === entriesField) counts.entries++
      else if (delimited && field === publicField) counts.publicMessages++
      else counts.unknown++
      reader.skipType(tag & 7, 0, tag)
    }
  } catch {
    return undefined
  }
  return counts
}
