import { aesGcmOpen, compressPublicKey, concatBytes, keccak256, utf8Bytes } from '@status-stack/crypto'
import { describe, expect, test } from 'vitest'
import {
  decodePayload,
  encodePayload,
  openPushRegistration,
  type Payload,
  type PushNotificationRegistration,
  pushGrantDigest,
  sealPushRegistration
} from '../../src/wire.ts'
import { accepted, alice, bob, carol, deliver } from '../support/chats.ts'
import { wrapped } from '../support/payloads.ts'
import { countingRandom } from '../support/people.ts'

const registration: PushNotificationRegistration = {
  tokenType: 2,
  deviceToken: 'device',
  installationId: 'i',
  accessToken: '00000000-0000-4000-8000-000000000000',
  enabled: true,
  version: 2n ** 60n,
  allowedKeyList: [Uint8Array.of(1), Uint8Array.of(2, 3)],
  blockedChatList: [],
  unregister: false,
  grant: Uint8Array.of(9),
  allowFromContactsOnly: true
}

describe('push notifications', () => {
  test('a registration is read by the server it is for and by nobody else', () => {
    const sealed = sealPushRegistration(registration, bob.publicKey, alice, countingRandom())
    expect(openPushRegistration(sealed, alice.publicKey, bob)).toEqual(registration)
    for (const [client, server] of [
      [alice, carol],
      [carol, bob]
    ] as const) {
      expect(() => openPushRegistration(sealed, client.publicKey, server)).toThrow(
        expect.objectContaining({ code: 'malformed', origin: 'peer' })
      )
    }
    expect(() => openPushRegistration(sealed.slice(0, 11), alice.publicKey, bob)).toThrow(
      expect.objectContaining({ code: 'malformed' })
    )
  })

  test('the nonce comes first, the key is the shared secret as it is', () => {
    const sealed = sealPushRegistration(registration, bob.publicKey, alice, countingRandom())
    expect(sealed.slice(0, 12)).toEqual(Uint8Array.from({ length: 12 }, (_, i) => i))
    const plain = aesGcmOpen(bob.ecdhX(alice.publicKey), sealed.slice(0, 12), sealed.slice(12))
    expect(plain[0]).toBe(0x08)
  })

  test('the bytes travel inside type 16 as they are, and belong to no chat', () => {
    const sealed = sealPushRegistration(registration, bob.publicKey, alice, countingRandom())
    const message = accepted(deliver(wrapped('push-notification-registration', sealed)))
    expect(message).toMatchObject({ type: 16, content: { kind: 'push' }, payload: { message: sealed } })
    expect(message).not.toHaveProperty('chat')
  })

  test('a grant covers both keys and the token', () => {
    const wanted = keccak256(
      concatBytes(compressPublicKey(alice.publicKey), compressPublicKey(bob.publicKey), utf8Bytes('token'))
    )
    expect(pushGrantDigest(alice.publicKey, bob.publicKey, 'token')).toEqual(wanted)
    expect(() => pushGrantDigest(alice.publicKey, bob.publicKey, '')).toThrow(
      expect.objectContaining({ code: 'invalid-argument' })
    )
  })

  const info = {
    accessToken: 't',
    installationId: 'i',
    publicKey: Uint8Array.of(1),
    allowedKeyList: [Uint8Array.of(2)],
    grant: Uint8Array.of(3),
    version: 4n,
    serverPublicKey: Uint8Array.of(5)
  }
  const id = Uint8Array.of(7, 7)
  // Field for field as 6/PAYLOADS numbers them.
  const messages: readonly [number, Payload, string][] = [
    [
      17,
      { name: 'push-notification-registration-response', message: { success: true, error: 2, requestId: id } },
      '080110021a020707'
    ],
    [18, { name: 'push-notification-query', message: { publicKeys: [id, id] } }, '0a0207070a020707'],
    [
      19,
      { name: 'push-notification-query-response', message: { info: [info], messageId: id, success: true } },
      '0a140a0174120169' + '1a0101' + '220102' + '2a0103' + '3004' + '3a0105' + '12020707' + '1801'
    ],
    [
      20,
      {
        name: 'push-notification-request',
        message: {
          requests: [{ accessToken: 't', chatId: 'c', publicKey: id, installationId: 'i', message: id }],
          messageId: id
        }
      },
      '0a110a01741201631a020707220169' + '2a020707' + '12020707'
    ],
    [
      21,
      {
        name: 'push-notification-response',
        message: { messageId: id, reports: [{ success: false, error: 3, publicKey: id, installationId: 'i' }] }
      },
      '0a020707' + '1209' + '10031a020707' + '220169'
    ]
  ]

  test.each(messages)('type %i has the bytes of its definition, both ways', (type, payload, hex) => {
    const bytes = encodePayload(payload)
    expect(Buffer.from(bytes).toString('hex')).toBe(hex)
    expect(decodePayload(type, bytes)).toEqual(payload)
  })
})
