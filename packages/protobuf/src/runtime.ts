import Long from 'long'
import protobuf from 'protobufjs/minimal.js'

// Generated code looks for Long while it is being loaded, and protobufjs finds it by itself in Node only: in a browser
// 64-bit fields would lose their low bits, silently. The generated modules import this file, so it runs before them.
protobuf.util.Long = Long
protobuf.configure()

export { Long, protobuf }
