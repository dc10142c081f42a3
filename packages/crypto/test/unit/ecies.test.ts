import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { loadVectors, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  concatBytes,
  ecdhX,
  eciesDecrypt,
  eciesEncrypt,
  eciesOverhead,
  hexToBytes,
  publicKeyOf,
  tryEciesDecrypt,
  useEcBackend,
  utf8Bytes
} from '../../src/index.ts'

const { sections } = await loadVectors('rlpx')
const key = new Uint8Array(32).fill(0x22)
const undecryptable = expect.objectContaining({
  code: 'decryption-failed',
  origin: 'peer',
  message: 'decryption failed'
})

describe.each(['noble', 'openssl', 'native'] as const)('%s backend', backend => {
  beforeAll(() => void useEcBackend(backend))
  afterAll(() => void useEcBackend('auto'))

  test('C-40 recorded messages are reproduced and opened', () => {
    const cases = sections['ecies'] ?? []
    expect(cases.length).toBeGreaterThan(0)
    for (const vector of cases) {
      const [publicKey, plaintext, macData, ephemeralPrivateKey, iv, ciphertext, privateKey] = [
        vector['publicKey'],
        vector['plaintext'],
        vector['sharedMacData'],
        vector['ephemeralPrivateKey'],
        vector['iv'],
        vector['ciphertext'],
        vector['privateKey']
      ].map(hex => vectorBytes(hex)) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array
      ]
      expect(eciesEncrypt(publicKey, plaintext, macData, { ephemeralPrivateKey, iv })).toEqual(ciphertext)
      expect(eciesDecrypt(privateKey, ciphertext, macData)).toEqual(plaintext)
    }
  })

  test('C-40 the handshake packets of the EIP-8 vectors open', () => {
    const packets = [...(sections['eip8_auth'] ?? []), ...(sections['eip8_ack'] ?? [])]
    expect(packets.length).toBeGreaterThan(0)
    let opened = 0
    for (const vector of packets) {
      const bytes = Object.entries(vector).filter(([, value]) => typeof value === 'string' && value.startsWith('0x'))
      const keys = bytes.map(([, hex]) => vectorBytes(hex)).filter(({ length }) => length === 32)
      const wires = bytes.map(([, hex]) => vectorBytes(hex)).filter(({ length }) => length > 200)
      for (const privateKey of keys) {
        for (const wire of wires) {
          for (const [message, macData] of [
            [wire, undefined],
            [wire.slice(2), wire.slice(0, 2)]
          ] as const) {
            try {
              expect(eciesDecrypt(privateKey, message, macData).length).toBe(message.length - eciesOverhead)
              opened++
            } catch (error) {
              expect(error).toEqual(undecryptable)
            }
          }
        }
      }
    }
    expect(opened).toBe(packets.length)
  })

  test('C-41 the overhead is 113 bytes: 0x04‖R, IV, ciphertext, tag; two messages never look alike', () => {
    const text = utf8Bytes('status')
    const message = eciesEncrypt(publicKeyOf(key), text)
    expect(message.length).toBe(text.length + eciesOverhead)
    expect(message[0]).toBe(4)
    expect(eciesEncrypt(publicKeyOf(key), text)).not.toEqual(message)
    expect(eciesDecrypt(key, message)).toEqual(text)
  })

  test('C-42 whatever is too short, has another prefix, a bad point or a changed bit fails in one way', () => {
    const message = eciesEncrypt(publicKeyOf(key), utf8Bytes('status'), Uint8Array.of(1, 2))
    const failing: Uint8Array[] = [0, 1, 64, 65, 97, 98, 112, 113].map(length => message.slice(0, length))
    for (const prefix of [0, 2, 3, 5, 6, 7]) failing.push(concatBytes(Uint8Array.of(prefix), message.slice(1)))
    for (const at of [1, 40, 64, 65, 80, 81, 86, 87, message.length - 1]) {
      failing.push(message.map((byte, i) => (i === at ? byte ^ 1 : byte)))
    }
    failing.push(
      message.map((byte, i) => (i > 0 && i < 65 ? 0 : byte)),
      message.slice(0, -1)
    )
    for (const bytes of failing) {
      expect(() => eciesDecrypt(key, bytes, Uint8Array.of(1, 2))).toThrowError(undecryptable)
    }
    expect(() => eciesDecrypt(key, message)).toThrowError(undecryptable)
    expect(() => eciesDecrypt(key, message, Uint8Array.of(1, 3))).toThrowError(undecryptable)
    expect(() => eciesDecrypt(new Uint8Array(32).fill(1), message, Uint8Array.of(1, 2))).toThrowError(undecryptable)
    expect(eciesDecrypt(key, message, Uint8Array.of(1, 2))).toEqual(utf8Bytes('status'))
  })

  test('C-42 an empty body is refused even when its tag is right', () => {
    const recipient = hexToBytes('02'.padStart(64, '0'))
    const ephemeral = publicKeyOf(hexToBytes('01'.padStart(64, '0')))
    const block = createHash('sha256')
      .update(Uint8Array.of(0, 0, 0, 1))
      .update(publicKeyOf(recipient).slice(1, 33))
      .digest()
    const macKey = createHash('sha256').update(block.subarray(16)).digest()
    const iv = new Uint8Array(16)
    const tag = createHmac('sha256', macKey).update(iv).digest()
    expect(() => eciesDecrypt(recipient, concatBytes(ephemeral, iv, tag))).toThrowError(undecryptable)
  })

  test('C-43 a shared secret with a leading zero byte is not shortened', () => {
    // The ephemeral key 1 makes the secret the X of the recipient's own point.
    const ephemeralPrivateKey = hexToBytes('01'.padStart(64, '0'))
    const iv = new Uint8Array(16).fill(5)
    const z = publicKeyOf(leadingZeroKey).slice(1, 33)
    expect(z[0]).toBe(0)
    const block = createHash('sha256')
      .update(Uint8Array.of(0, 0, 0, 1))
      .update(z)
      .digest()
    const ciphertext = createCipheriv('aes-128-ctr', block.subarray(0, 16), iv).update(Uint8Array.of(9))
    const macKey = createHash('sha256').update(block.subarray(16)).digest()
    const tag = createHmac('sha256', macKey).update(iv).update(ciphertext).digest()

    const message = eciesEncrypt(publicKeyOf(leadingZeroKey), Uint8Array.of(9), undefined, { ephemeralPrivateKey, iv })
    expect(message.slice(65)).toEqual(concatBytes(iv, ciphertext, tag))
    expect(eciesDecrypt(leadingZeroKey, message)).toEqual(Uint8Array.of(9))
  })

  test('C-44 a key that only agrees opens as the private key does', () => {
    const agreeing = { ecdhX: (publicKey: Uint8Array) => ecdhX(key, publicKey) }
    const message = eciesEncrypt(publicKeyOf(key), utf8Bytes('status'))
    expect(eciesDecrypt(agreeing, message)).toEqual(utf8Bytes('status'))
    const secret = ecdhX(key, message.slice(0, 65))
    const kept = { ecdhX: () => secret }
    expect(eciesDecrypt(kept, message)).toEqual(utf8Bytes('status'))
    expect(eciesDecrypt(kept, message)).toEqual(utf8Bytes('status'))
    const offCurve = message.map((byte, i) => (i === 64 ? byte ^ 1 : byte))
    const unasked = {
      ecdhX: () => {
        throw new Error('asked about what is no public key')
      }
    }
    expect(() => eciesDecrypt(unasked, offCurve)).toThrowError(undecryptable)
    expect(() => eciesDecrypt(unasked, message.slice(0, 100))).toThrowError(undecryptable)
  })

  test('C-46 what is not for this key is an answer where many messages are tried; a wrong own key never is', () => {
    const message = eciesEncrypt(publicKeyOf(key), utf8Bytes('status'))
    expect(tryEciesDecrypt(key, message)).toEqual(utf8Bytes('status'))
    for (const other of [message.slice(0, -1), message.slice(0, 20), message.map(byte => byte ^ 1)]) {
      expect(tryEciesDecrypt(key, other)).toBeUndefined()
    }
    expect(tryEciesDecrypt(new Uint8Array(32).fill(1), message)).toBeUndefined()
    const caller = (code: string) => expect.objectContaining({ code, origin: 'caller' })
    for (const text of [message, message.slice(0, 20), message.map(byte => byte ^ 1)]) {
      expect(() => tryEciesDecrypt(new Uint8Array(32), text)).toThrowError(caller('invalid-private-key'))
      expect(() => tryEciesDecrypt(key.slice(1), text)).toThrowError(caller('invalid-length'))
      expect(() => tryEciesDecrypt({ ecdhX: 'no' } as never, text)).toThrowError(caller('invalid-argument'))
    }
    const short = { ecdhX: () => new Uint8Array(31) }
    expect(() => tryEciesDecrypt(short, message)).toThrowError(caller('invalid-length'))
  })

  test('C-45 wrong arguments are refused by name', () => {
    const publicKey = publicKeyOf(key)
    const code = (name: string) => expect.objectContaining({ code: name })
    const ephemeralPrivateKey = key
    expect(() => eciesEncrypt(publicKey, new Uint8Array(0))).toThrowError(code('invalid-length'))
    expect(() => eciesEncrypt(publicKey.slice(1), key)).toThrowError(code('invalid-public-key'))
    expect(() => eciesEncrypt(publicKey, key, undefined, { ephemeralPrivateKey, iv: new Uint8Array(15) })).toThrowError(
      code('invalid-length')
    )
    expect(() =>
      eciesEncrypt(publicKey, key, undefined, { ephemeralPrivateKey: new Uint8Array(32), iv: new Uint8Array(16) })
    ).toThrowError(code('invalid-private-key'))
  })

  test('C-45 injected randomness is left as it was', () => {
    const randomness = { ephemeralPrivateKey: key.slice(), iv: new Uint8Array(16).fill(3) }
    eciesEncrypt(publicKeyOf(key), Uint8Array.of(1), undefined, randomness)
    expect(randomness).toEqual({ ephemeralPrivateKey: key, iv: new Uint8Array(16).fill(3) })
  })
})

const leadingZeroKey = keyWithLeadingZero()

function keyWithLeadingZero(): Uint8Array {
  for (let i = 1; ; i++) {
    const candidate = hexToBytes(i.toString(16).padStart(64, '0'))
    if (publicKeyOf(candidate)[1] === 0) return candidate
  }
}

test('C-42 any bytes open or give the one error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, prefixed) => {
      if (prefixed && bytes.length > 0) bytes[0] = 4
      expect(() => eciesDecrypt(key, bytes)).toThrowError(undecryptable)
    }),
    { seed: 2 }
  )
})
