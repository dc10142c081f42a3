import { concatBytes, hexToBytes, keccak256 } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import { outgoing } from '../../src/index.ts'
import { decodeWrapper, encodePayload, encodeWrapper, isCanonicalWrapper, payloadTypeNumber } from '../../src/wire.ts'
import { accepted, alice, bob, carol, deliver, now } from '../support/chats.ts'
import { valid } from '../support/payloads.ts'

const context = { identity: alice, nowMs: now }
const status = { kind: 'public', name: 'status' } as const
const inStatus = outgoing({ kind: 'public', name: 'status' }, { kind: 'text', text: 'deleted later' }, context)
const toBob = outgoing(
  { kind: 'one-to-one', publicKey: bob.publicKey },
  { kind: 'text', text: 'x'.repeat(300) },
  context
)
const go = 'status-go-0.56.10'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

function highS(signature: Uint8Array): Uint8Array {
  const s = signature.slice(32, 64).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
  const other = hexToBytes((order - s).toString(16).padStart(64, '0'))
  return concatBytes(signature.slice(0, 32), other, Uint8Array.of(1 - (signature[64] ?? 0)))
}

/** A length-delimited field with its length as a varint of `lengthBytes` bytes. */
function field(number: number, bytes: Uint8Array, lengthBytes = bytes.length < 128 ? 1 : 2): Uint8Array {
  const length = Array.from({ length: lengthBytes }, (_, at) => {
    const seven = (bytes.length >>> (7 * at)) & 0x7f
    return at === lengthBytes - 1 ? seven : seven | 0x80
  })
  return concatBytes(Uint8Array.of((number << 3) | 2, ...length), bytes)
}

/** Other spellings of a wrapper, each with an id of its own. */
function spellings(bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const { signature, payload, type } = decodeWrapper(bytes)
  const typed = Uint8Array.of(0x18, type)
  return {
    'an unknown field at the end': concatBytes(bytes, Uint8Array.of(0x78, 0x01)),
    'an unknown field in front': concatBytes(Uint8Array.of(0x78, 0x01), bytes),
    'a high s': encodeWrapper({ signature: highS(signature), payload, type }),
    'another order of fields': concatBytes(field(2, payload), field(1, signature), typed),
    'a field twice': concatBytes(bytes, typed),
    'an empty field before the real one': concatBytes(field(1, new Uint8Array(0)), bytes),
    'a long varint for the type': concatBytes(
      field(1, signature),
      field(2, payload),
      Uint8Array.of(0x18, type | 0x80, 0)
    ),
    'a long varint for a length': concatBytes(field(1, signature, 3), field(2, payload), typed),
    'a long varint for a tag': concatBytes(field(1, signature), field(2, payload), Uint8Array.of(0x98, 0x00, type)),
    'a type beyond 32 bits': concatBytes(
      field(1, signature),
      field(2, payload),
      Uint8Array.of(0x18, type | 0x80, 0x80, 0x80, 0x80, 0x10)
    )
  }
}

describe('a signed message has one id', () => {
  for (const [what, bytes] of Object.entries(spellings(inStatus.bytes))) {
    test(`P-1 ${what} is refused by strict rules, whoever sends it`, () => {
      expect(bytes).not.toEqual(inStatus.bytes)
      for (const from of [alice, carol]) {
        const result = deliver(bytes, { arrival: status, from })
        expect(result).toMatchObject({ kind: 'refused' })
        // Dropping high bits of a number is another way to the same value: protobuf readers differ, all refuse.
        expect(['wrapper-not-canonical', 'wrapper-malformed']).toContain((result as { reason: string }).reason)
      }
    })
  }

  test('status-go 0.56.10 takes them, each as a message of its own', () => {
    const ids = new Set<string>()
    for (const [what, bytes] of Object.entries(spellings(inStatus.bytes))) {
      const result = deliver(bytes, { arrival: status, rules: go })
      if (what.startsWith('a type beyond')) continue
      ids.add(String(accepted(result).messageId))
    }
    expect(ids.size).toBe(Object.keys(spellings(inStatus.bytes)).length - 1)
  })

  test('what everyone writes is canonical: every kind of message, long and short', () => {
    for (const { bytes } of [inStatus, toBob]) expect(isCanonicalWrapper(decodeWrapper(bytes), bytes)).toBe(true)
    expect(deliver(toBob)).toMatchObject({ kind: 'accepted' })
  })

  test('the reason is not a verdict about the message itself, which is accepted in its own spelling', () => {
    expect(deliver(inStatus, { arrival: status })).toMatchObject({ kind: 'accepted', messageId: inStatus.messageId })
  })
})

describe('an unsigned pairing message', () => {
  const type = payloadTypeNumber('pair-installation')
  const payload = encodePayload({ name: 'pair-installation', message: valid['pair-installation'] })
  /** As status-go 0.56.10 writes it: field 1 is absent. */
  const bytes = concatBytes(field(2, payload), Uint8Array.of(0x18, type))

  test('P-32 is ours when the envelope is ours, under the hash of the wrapper alone', () => {
    expect(encodeWrapper({ signature: new Uint8Array(0), payload, type })).toEqual(bytes)
    const result = accepted(deliver(bytes, { from: alice, to: alice }))
    expect(result).toMatchObject({ fromSelf: true, signed: false, author: alice.publicKey, content: { kind: 'pair' } })
    expect(result.messageId).toEqual(keccak256(bytes))
    expect(result.effects).toMatchObject([{ kind: 'device-announced', installationId: 'i-1', name: 'laptop' }])
  })

  test('P-32 is refused from anybody else, on any other arrival, and for any other type', () => {
    expect(deliver(bytes, { from: alice, to: bob })).toMatchObject({ reason: 'wrapper-unsigned' })
    expect(deliver(bytes, { from: carol, to: alice })).toMatchObject({ reason: 'wrapper-unsigned' })
    expect(deliver(bytes, { from: alice, to: alice, arrival: status })).toMatchObject({ reason: 'arrival-mismatch' })
    for (const name of ['sync-installation-contact', 'chat-message', 'contact-update'] as const) {
      const other = encodeWrapper({
        signature: new Uint8Array(0),
        payload: encodePayload({ name, message: valid[name] } as never),
        type: payloadTypeNumber(name)
      })
      expect(deliver(other, { from: alice, to: alice }), name).toMatchObject({ reason: 'wrapper-unsigned' })
    }
    const noted = concatBytes(bytes, Uint8Array.of(0x78, 0x01))
    expect(deliver(noted, { from: alice, to: alice })).toMatchObject({ reason: 'wrapper-not-canonical' })
  })
})

describe('an old message in a fresh envelope', () => {
  const week = 7 * 24 * 3600 * 1000
  const old = (lateMs: number) =>
    accepted(deliver(inStatus, { arrival: status, sentMs: now + lateMs, nowMs: now + lateMs })).old

  test('says so: its clock is more than two minutes before the envelope', () => {
    expect(old(0)).toBeUndefined()
    expect(old(120_000)).toBeUndefined()
    expect(old(120_001)).toBe(true)
    expect(old(week)).toBe(true)
    // Found in an archive in the envelope it was written in, it is as new as it was.
    const archived = deliver(inStatus, { arrival: status, sentMs: now, nowMs: now + week })
    expect(accepted(archived)).not.toHaveProperty('old')
  })

  test('our own and the history of a group are not called old', () => {
    expect(inStatus.local).not.toHaveProperty('old')
  })
})
