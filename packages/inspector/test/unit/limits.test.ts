import { publicKeyOf } from '@status-stack/crypto'
import { encodeRlp, type RlpInput } from '@status-stack/rlp'
import { type DirectEntry, decodeProtocolMessage, encodeProtocolMessage } from '@status-stack/status-pfs/primitives'
import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createInspector, type Inspection } from '../../src/inspector.ts'
import { createKeyring, identityOf, type Keys } from '../../src/keyring.ts'
import { type BlobKind, blobKinds } from '../../src/kinds.ts'
import { type InspectLimits, limits } from '../../src/limits.ts'
import { createSessions } from '../../src/sessions.ts'
import { shownBytes, shownText } from '../../src/tree.ts'

const clock = { nowMs: () => 1_900_000_000_000 }
const [vector] = (await loadVectors('full-stack')).sections['conversation'] ?? []
if (vector === undefined) throw new Error('the vector file has no conversation')
const envelopes: readonly VectorCase[] = vector['envelopes']
const rlpAt = (index: number): Uint8Array => vectorBytes(envelopes[index]?.['rlp'])
const payloadAt = (index: number): Uint8Array => vectorBytes(envelopes[index]?.['payload'])

type Device = {
  readonly identityPrivateKey: string
  readonly signedPreKeys: readonly { readonly privateKey: string }[]
}
const devices: readonly Device[] = vector['devices']
const generated: readonly { readonly privateKey: string }[] = vector['allGeneratedKeys']
const keys: Keys = {
  identities: devices.map(device => identityOf(vectorBytes(device.identityPrivateKey))),
  prekeys: devices.flatMap(device => device.signedPreKeys.map(({ privateKey }) => vectorBytes(privateKey))),
  generated: generated.map(({ privateKey }) => vectorBytes(privateKey)),
  chats: [vector['publicChat']]
}

function inspect(bytes: Uint8Array, changed: Partial<InspectLimits> = {}, kind?: BlobKind): Promise<Inspection> {
  return createInspector({ keys, clock, limits: { ...limits, ...changed } }).inspect(bytes, kind)
}

const codes = ({ refusals }: Inspection): readonly string[] => refusals.map(({ code }) => code)

describe('each bound, overrun', () => {
  test('nodes: the tree ends with what is left out', async () => {
    const result = await inspect(rlpAt(2), { nodes: 20 })
    expect(codes(result)).toContain('too-many-nodes')
  })

  test('depth: lists nested deeper are not followed', async () => {
    let list: RlpInput = []
    for (let i = 0; i < 7; i++) list = [list]
    expect(codes(await inspect(encodeRlp(list), { depth: 4 }, 'packet'))).toContain('too-deep')
    expect(codes(await inspect(encodeRlp(list), {}, 'packet'))).not.toContain('too-deep')
  })

  test.each([{ secrets: 0 }, { rootSteps: 0 }, { chainKeys: 0 }])(
    '%j: the search for a session ends',
    async changed => {
      const result = await inspect(rlpAt(2), changed)
      expect(result.refusals).toMatchObject([{ code: 'search-limit', missingKey: true }])
    }
  )

  test('unseenKeys: a session is not followed over ratchet keys that no message showed', async () => {
    expect(codes(await inspect(rlpAt(3), { unseenKeys: 0 }))).toEqual(['unknown-session'])
    expect(codes(await inspect(rlpAt(3)))).toEqual([])
  })

  test('chainSteps: a number far up its chain is refused before anything is derived', async () => {
    const message = decodeProtocolMessage(payloadAt(2))
    const [entry] = message?.entries ?? []
    if (message === undefined || entry?.ratchet === undefined) throw new Error('no ratchet message')
    const entries = (n: number): DirectEntry[] => [{ ...entry, ratchet: { ...entry.ratchet, n } as never }]
    const over = encodeProtocolMessage({ ...message, entries: entries(limits.chainSteps + 1) })
    expect(codes(await inspect(over, {}, 'protocol-message'))).toEqual(['too-many-skipped'])
    const within = encodeProtocolMessage({ ...message, entries: entries(limits.chainSteps) })
    expect(codes(await inspect(within, {}, 'protocol-message'))).toEqual(['bad-mac'])
  })

  test('entries: the rest of a message for many devices stays closed', async () => {
    const message = decodeProtocolMessage(payloadAt(2))
    const [entry] = message?.entries ?? []
    if (message === undefined || entry === undefined) throw new Error('no message')
    const many = encodeProtocolMessage({ ...message, entries: [entry, { ...entry, installationId: 'other' }] })
    expect(codes(await inspect(many, { entries: 1 }, 'protocol-message'))).toEqual(['too-many-entries'])
  })

  test('sessions and knownIdentities: the oldest goes, the newest is not learnt', () => {
    const two = { ...limits, sessions: 0, knownIdentities: 1 }
    const ring = createKeyring(keys, two)
    for (const fill of [1, 2, 3]) ring.meet(publicKeyOf(new Uint8Array(32).fill(fill)))
    expect(ring.known()).toHaveLength((keys.identities ?? []).length + 1)
    const [entry] = decodeProtocolMessage(payloadAt(2))?.entries ?? []
    if (entry === undefined) throw new Error('no entry')
    for (const [bounds, kept] of [
      [two, 0],
      [limits, 1]
    ] as const) {
      const sessions = createSessions(createKeyring(keys, bounds), bounds)
      expect(sessions.open(entry, undefined)).toHaveProperty('plaintext')
      expect(sessions.count()).toBe(kept)
    }
  })

  test('envelopeKeys: further keys are not tried', async () => {
    expect(codes(await inspect(rlpAt(1), { envelopeKeys: 0 }))).toEqual(['search-limit'])
  })

  test('shownBytes and shownText: long values are cut, and say how long they are', () => {
    expect(shownBytes(new Uint8Array(97))).toMatch(/^0x(00){96}… \(97 bytes\)$/)
    expect(shownText('x'.repeat(4097))).toMatch(/^x{4096}… \(4097 characters\)$/)
  })
})

describe('any bytes', () => {
  const kinds = fc.constantFrom(...blobKinds)
  const view = async (bytes: Uint8Array, kind: BlobKind): Promise<void> => {
    const result = await createInspector({ keys, clock }).inspect(bytes, kind)
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ length: bytes.length })
    expect(result.innermost.length + result.refusals.length).toBeGreaterThan(0)
  }

  test('give a tree with an end or a reason', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), kinds, view), { numRuns: 300 })
  })

  test('recorded ones with changes anywhere do too', async () => {
    const recorded = envelopes.flatMap((_, index) => [rlpAt(index), payloadAt(index)])
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...recorded),
        fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 4 }),
        fc.nat(3000),
        fc.constantFrom<BlobKind>('auto', 'protocol-message', 'wrapper'),
        async (original, changes, cut, kind) => {
          const bytes = original.slice()
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          await view(cut < bytes.length ? bytes.subarray(0, cut) : bytes, kind)
        }
      ),
      { numRuns: 150 }
    )
  })
})
