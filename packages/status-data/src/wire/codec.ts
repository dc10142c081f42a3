import { createMessageCodecs } from '@status-stack/protobuf'
import { malformed } from '../errors.ts'
import { limits } from '../limits.ts'

export {
  bytes,
  type Codec,
  type Extensible,
  flag,
  int,
  list,
  type MessageCodec,
  optional,
  text,
  u64
} from '@status-stack/protobuf'

/** Binds a hand-written type to its generated class. Decoding throws DataError `malformed`. */
export const message = /* @__PURE__ */ (() => createMessageCodecs({ maxFields: limits.fields, malformed }))()
