import { utf8Bytes } from '@status-stack/crypto'

/** Bytes of an unsigned varint. */
function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}

/** Bytes of a length-delimited field whose tag takes `tagLength` bytes. */
function fieldLength(tagLength: number, contentLength: number): number {
  return tagLength + varintLength(contentLength) + contentLength
}

/**
 * Bytes that one direct_message entry takes in a ProtocolMessage.
 *
 * @param header length of the encoded entry without its payload
 */
export function directEntryLength(installationId: string, header: number, payload: number): number {
  const value = header + fieldLength(1, payload)
  return fieldLength(2, fieldLength(1, utf8Bytes(installationId).length) + fieldLength(1, value))
}

/** Bytes that public_message takes; an empty one is left out. */
export function publicMessageLength(length: number): number {
  return length === 0 ? 0 : fieldLength(2, length)
}
