import { bytesToHex, concatBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import type { IdentityKey } from '@status-stack/interface'
import { decodePayload, encodePayload, messageIdOf, payloadTypeNumber, wrap } from '@status-stack/status-data/wire'

/** Stands for the id of the first message that a script sends. */
export const firstId = `0x${'ab'.repeat(32)}`
/** Stands for the id of the group of a script: each script has one of its own. */
export const ownGroup = (creator: IdentityKey, script = 0): string =>
  `3f6f1f70-2b5c-4b2a-9a86-${script.toString(16).padStart(12, '0')}-0x${bytesToHex(creator.publicKey)}`

const signatureBytes = 65
const groupType = payloadTypeNumber('membership-update')
/** A field that no payload has: it makes the same payload another message in each script. */
const mark = (script: number, step: number): Uint8Array =>
  concatBytes(Uint8Array.of(0xc2, 0x3e, 8), utf8Bytes(`${script * 64 + step}`.padStart(8, '0')))

function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const [wanted, given] = [utf8Bytes(from), utf8Bytes(to)]
  const result = bytes.slice()
  for (let at = 0; at + wanted.length <= result.length; at += 1)
    if (wanted.every((byte, offset) => result[at + offset] === byte)) result.set(given, at)
  return result
}

/** The events of a group message signed anew: what was changed in them is said by somebody who may say it. */
function signedAnew(payload: Uint8Array, identity: IdentityKey): Uint8Array {
  try {
    const decoded = decodePayload(groupType, payload)
    if (decoded.name !== 'membership-update') return payload
    const { message } = decoded
    const events = message.events.map(event => {
      const said = event.slice(signatureBytes)
      return concatBytes(identity.sign(keccak256(concatBytes(utf8Bytes(message.chatId), said))), said)
    })
    return encodePayload({ name: 'membership-update', message: { ...message, events } })
  } catch {
    return payload
  }
}

/**
 * What a script says, in words of its own: messages that no other script has sent, about messages and a group that it has made. Without that all
 * but the first script would be about what is deleted, left or known already.
 */
export function createPersonal(script: number, creator: IdentityKey) {
  let first: string | undefined
  let steps = 0
  return (typed: Uint8Array, identity: IdentityKey): Uint8Array => {
    const type = typed[0] ?? 0
    const about = replaced(typed.slice(1), firstId, first ?? firstId)
    const placed = replaced(about, ownGroup(creator), ownGroup(creator, script + 1))
    const payload = type === groupType ? signedAnew(placed, identity) : concatBytes(placed, mark(script, ++steps))
    const wrapper = wrap(type, payload, identity)
    first ??= `0x${bytesToHex(messageIdOf(wrapper, identity.publicKey))}`
    return wrapper
  }
}
