import { loadVectors, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { decode, isGroupId, keyId } from '../../src/index.ts'
import { membershipUpdateEvent, membershipUpdateMessage } from '../../src/payloads/membership-update.ts'
import { isWholeGroup, mergeGroup, openEvent, openEvents, reduceGroup, validatePayload } from '../../src/rules.ts'
import {
  decodePayload,
  decodeWrapper,
  encodePayload,
  encodeWrapper,
  messageIdOf,
  type Payload,
  signerOf,
  wrap
} from '../../src/wire.ts'
import { identityOf, person } from '../support/people.ts'
import { cases, fromFields } from '../support/vectors.ts'

const go = 'status-go-0.56.10'

describe('payloads.json', () => {
  test.each(cases('message'))('P-1 message $name: payload, wrapper, signature and id, both ways', vector => {
    const payload = decodePayload(vector.type, vectorBytes(vector.payload))
    expect(payload.message).toEqual(fromFields(vector.fields))
    const encoded = encodePayload({ name: payload.name, message: fromFields(vector.fields) } as Payload)
    expect(vectorHex(encoded)).toBe(vector.payload)

    const wrapped = vectorBytes(vector.wrapped)
    const wrapper = decodeWrapper(wrapped)
    expect(vectorHex(encodeWrapper(wrapper))).toBe(vector.wrapped)
    expect(wrapper.type).toBe(vector.type)
    const signer = signerOf(wrapper)
    if (vector.recoveredAuthor === null) {
      expect(signer).toBeUndefined()
      return
    }
    expect(vectorHex(signer as Uint8Array)).toBe(vector.recoveredAuthor)
    expect(vectorHex(wrap(vector.type, encoded, identityOf(vectorBytes(vector.authorPrivateKey))))).toBe(vector.wrapped)
    expect(vectorHex(messageIdOf(wrapped, signer as Uint8Array))).toBe(vector.messageId)
  })

  test.each(cases('metadata_verify'))('metadata_verify $name', vector => {
    const bytes = vectorBytes(vector.wrapped)
    if (vector.result === 'decode-error') {
      expect(() => decodeWrapper(bytes)).toThrow(expect.objectContaining({ code: 'malformed' }))
      return
    }
    const wrapper = decodeWrapper(bytes)
    const signer = signerOf(wrapper)
    if (vector.result === 'signature-error') {
      expect(signer).toBe('invalid')
    } else if (vector.result === 'unsigned') {
      expect(signer).toBeUndefined()
    } else {
      expect(vectorHex(signer as Uint8Array)).toBe(vector.recoveredAuthor)
      expect(vectorHex(wrapper.payload)).toBe(vector.payload)
      expect(wrapper.type).toBe(vector.type)
      expect(vectorHex(messageIdOf(bytes, signer as Uint8Array))).toBe(vector.messageId)
    }
  })

  test.each(cases('membership_event'))('membership_event $name', vector => {
    const event = {
      clock: BigInt(vector.clock),
      members: vector.members ?? [],
      name: vector.eventName,
      type: vector.type
    }
    expect(vectorHex(membershipUpdateEvent.encode(event))).toBe(vector.rawPayload)
    const opened = openEvent(vector.chatId, vectorBytes(vector.encoded))
    expect(opened).toMatchObject({
      author: vector.from,
      clock: Number(vector.clock),
      type: vector.type,
      members: event.members,
      name: event.name
    })
  })

  const judge = (chatId: string, encoded: readonly Uint8Array[]) => {
    const opened = encoded.map(bytes => openEvent(chatId, bytes, go))
    if (opened.some(event => typeof event === 'string')) return { result: 'decode-error' }
    const events = openEvents(chatId, encoded, go)
    return { result: isWholeGroup(chatId, events) ? 'ok' : 'invalid', state: reduceGroup(chatId, events, go).state }
  }

  test.each(cases('group_from_events'))('group_from_events $name', vector => {
    const update = membershipUpdateMessage.decode(vectorBytes(vector.protobuf))
    expect(vectorHex(membershipUpdateMessage.encode(update))).toBe(vector.protobuf)
    expect(update.chatId).toBe(vector.chatId)
    const judged = judge(update.chatId, update.events)
    expect(judged.result).toBe(vector.result)
    if (vector.result !== 'ok') return
    expect(update.message !== undefined).toBe(vector.hasChatMessage)
    expect(judged.state).toMatchObject({
      name: vector.group.name,
      members: vector.group.members,
      joined: vector.group.joined,
      admins: vector.group.admins,
      lastClock: Number(vector.group.lastClock)
    })
  })

  test.each(cases('group_merge'))('group_merge $name', vector => {
    const [existing, received] = [vector.existing, vector.received].map(bytes =>
      openEvents(vector.chatId, membershipUpdateMessage.decode(vectorBytes(bytes)).events, go)
    )
    const merged = mergeGroup(vector.chatId, existing ?? [], received ?? [], go)
    const result = merged.kind === 'merged' ? 'ok' : `${merged.of}-invalid`
    expect(result).toBe(vector.result)
    if (merged.kind !== 'merged') return
    expect(merged.events).toHaveLength(vector.mergedCount)
    expect(merged.state).toMatchObject({
      name: vector.group.name,
      members: vector.group.members,
      joined: vector.group.joined,
      admins: vector.group.admins
    })
  })

  test.each(cases('chat_id'))('chat_id $name', vector => {
    const id = keyId(vectorBytes(vector.publicKey))
    if (vector.name === 'one-to-one') expect(id).toBe(vector.chatId)
    else {
      expect(isGroupId(vector.chatId)).toBe(true)
      expect(vector.chatId.endsWith(`-${id}`)).toBe(true)
    }
  })

  test.each(cases('validate'))('validate $name', vector => {
    const at = Number(vector.whisperTimestampMs)
    const payload = decodePayload(vector.type, vectorBytes(vector.payload))
    const reason = validatePayload(payload, { sentMs: at, nowMs: at, rules: go })
    expect(reason === undefined, `${reason}`).toBe(vector.valid)
  })
})

test('every signed chat message of the vectors is accepted whole, under the rules of status-go', () => {
  const self = person(0x77).publicKey
  for (const vector of cases('message').filter(({ type, recoveredAuthor }) => type === 1 && recoveredAuthor !== null)) {
    const author = vectorBytes(vector.recoveredAuthor)
    const accepted = decode(vectorBytes(vector.wrapped), {
      transportAuthor: author,
      sentMs: 1577836800000,
      nowMs: 1577836800000,
      arrival: { kind: 'public', name: 'status' },
      self,
      rules: go
    })
    expect(accepted, vector.name).toMatchObject({ kind: 'accepted', clock: Number(vector.fields.clock) })
    if (accepted.kind === 'accepted') expect(vectorHex(accepted.messageId)).toBe(vector.messageId)
  }
})

test('the public messages of two recorded conversations are accepted under strict rules', async () => {
  const { sections } = await loadVectors('full-stack')
  const self = person(0x77).publicKey
  const envelopes = (sections['conversation'] ?? []).flatMap(({ envelopes, publicChat }) =>
    envelopes
      .filter((envelope: { chatId?: string }) => envelope.chatId === publicChat)
      .map((envelope: object) => ({ ...envelope, publicChat }))
  )
  expect(envelopes.length).toBeGreaterThan(0)
  for (const { payload, signerPublicKey, expiry, ttl, publicChat } of envelopes) {
    const sentMs = (expiry - ttl) * 1000
    const result = decode(vectorBytes(payload), {
      transportAuthor: vectorBytes(signerPublicKey),
      sentMs,
      nowMs: sentMs + 1000,
      arrival: { kind: 'public', name: publicChat },
      self
    })
    expect(result).toMatchObject({
      kind: 'accepted',
      chat: { kind: 'public', id: publicChat },
      content: { kind: 'text' }
    })
  }
})
