import { describe, expect, test } from 'vitest'
import { encodeProtocolMessage } from '../../src/primitives.ts'
import { countsOf } from '../../src/wire/counts.ts'
import { directEntryLength, publicMessageLength } from '../../src/wire/lengths.ts'
import { conversation } from '../support/sealers.ts'

const key = new Uint8Array(33)
const header = { key, id: key, n: 0, pn: 0 }
const empty = { installationId: '', bundles: [], entries: [], publicMessage: new Uint8Array(0) }

describe('what the fields of a message take, told before it is made', () => {
  // Lengths at which a length itself takes a byte more, and those beside them.
  const edges = [0, 1, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385]

  test.each(edges)('a message for all of %i bytes', length => {
    const bytes = encodeProtocolMessage({ ...empty, publicMessage: new Uint8Array(length) })
    expect(publicMessageLength(length)).toBe(bytes.length)
  })

  test.each(edges.slice(1))('an entry with a payload of %i bytes', length => {
    for (const installationId of ['a', 'é'.repeat(64)]) {
      const entry = { installationId, ratchet: header, payload: new Uint8Array(length) }
      const bytes = encodeProtocolMessage({ ...empty, entries: [entry] })
      // Tag and length of the header, both keys with theirs; numbers that are 0 are left out.
      expect(directEntryLength(installationId, 2 + 2 * (2 + 33), length)).toBe(bytes.length)
    }
  })

  test('what is sealed for readers of a contact code and for all', async () => {
    const { alice, a } = await conversation()
    for (const length of [0, 1, 127, 128]) {
      for (const to of [alice.contactCode, { kind: 'public', name: 'room' } as const]) {
        const result = await a.seal(new Uint8Array(length), to)
        expect(await a.sealedSize(length, to)).toBe(result.kind === 'sealed' ? result.bytes.length : -1)
      }
    }
    const limit = await a.sealedSize(100, alice.contactCode)
    expect(await a.maxPlaintext(limit, alice.contactCode)).toBe(100)
    expect(await a.maxPlaintext(limit - 1, alice.contactCode)).toBe(99)
    expect(await a.maxPlaintext(1, alice.contactCode)).toBe(0)
  })
})

describe('what bytes hold, without reading it', () => {
  /** The key of a field, and the field: number, wire type, content. */
  const field = (number: number, type: number, ...content: number[]) => {
    const tag = (number << 3) | type
    return tag < 0x80 ? [tag, ...content] : [(tag & 0x7f) | 0x80, tag >> 7, ...content]
  }
  const none = { bundles: 0, entries: 0, publicMessages: 0, unknown: 0 }

  test.each([
    ['nothing', [], none],
    ['a bundle', field(3, 2, 1, 9), { ...none, bundles: 1 }],
    ['an entry', field(101, 2, 0), { ...none, entries: 1 }],
    ['a message for all', field(102, 2, 2, 9, 9), { ...none, publicMessages: 1 }],
    ['an installation id', field(2, 2, 1, 97), { ...none, unknown: 1 }],
    [
      'a number where bytes belong',
      [...field(3, 0, 1), ...field(101, 0, 1), ...field(102, 0, 1)],
      { ...none, unknown: 3 }
    ],
    [
      'several of each',
      [...field(3, 2, 0), ...field(101, 2, 0), ...field(3, 2, 0), ...field(102, 2, 0), ...field(102, 2, 0)],
      { bundles: 2, entries: 1, publicMessages: 2, unknown: 0 }
    ]
  ])('%s', (_, bytes, counts) => {
    expect(countsOf(Uint8Array.from(bytes))).toEqual(counts)
  })

  test('bytes that break off, or have a wire type that is none, hold nothing', () => {
    for (const bytes of [field(3, 2, 5, 1), field(3, 7), [0x80]]) {
      expect(countsOf(Uint8Array.from(bytes))).toBeUndefined()
    }
  })
})
