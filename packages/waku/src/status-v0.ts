import { encodeRlp, rlpUint } from '@status-stack/rlp'
import { check, firstItem, invalidPacket, joinList, listItems, readPacket } from '@status-stack/whisper/relay'
import { characterKeys, decodeStatusOptions, encodeStatusOptions, type StatusOptions } from './status-options.ts'

// The Status of `waku/0`, for tools that read old recordings: no node of this package offers that version.

const version = 0

/**
 * Packet 0 of `waku/0`: [0, options].
 *
 * @example
 * ```ts
 * const payload = encodeStatusV0({ light: false })
 * ```
 */
export function encodeStatusV0(options: StatusOptions): Uint8Array {
  return joinList([encodeRlp(version), encodeStatusOptions(options, characterKeys)])
}

/**
 * Reads a Status packet of Waku v0: a version, then options by position. @throws WhisperError `invalid-packet`
 *
 * @example
 * ```ts
 * const { light } = decodeStatusV0(payload)
 * ```
 */
export function decodeStatusV0(payload: Uint8Array): StatusOptions {
  check.bytes('payload', payload)
  const [versionItem, options, more] = listItems(firstItem(payload))
  if (versionItem === undefined || options === undefined || more !== undefined) {
    throw invalidPacket('status: expected [version, options]')
  }
  const got = readPacket('version', versionItem, item => rlpUint('version', item, 32))
  if (got !== version) throw invalidPacket(`status: version ${got}, expected ${version}`)
  return decodeStatusOptions(options, characterKeys)
}
