import type LongClass from 'long'
import protobuf from 'protobufjs/minimal.js'

/**
 * The class for 64-bit integers that protobufjs asked for: a second copy would double what a page loads. Without any, 64-bit fields would
 * lose their low bits, silently.
 */
function longOfProtobufjs(): typeof LongClass {
  const found = protobuf.util.Long as unknown as typeof LongClass | null | undefined
  if (!found)
    throw new Error('protobufjs found no class for 64-bit integers: it expects the package long in its CommonJS form')
  return found
}

/** 64-bit integers of the runtime. */
const Long = longOfProtobufjs()
type Long = LongClass

export { Long, protobuf }
