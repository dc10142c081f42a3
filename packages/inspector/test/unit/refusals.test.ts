import { concatBytes } from '@status-stack/crypto'
import { compressSnappy } from '@status-stack/rlpx/wire'
import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { createInspector, type Inspection } from '../../src/inspector.ts'
import { identityOf, type Keys } from '../../src/keyring.ts'
import type { BlobKind } from '../../src/kinds.ts'

const clock = { nowMs: () => 1_900_000_000_000 }
const none: Keys = { identities: [] }

function inspect(hex: string, keys: Keys = none, kind?: BlobKind): Promise<Inspection> {
  return createInspector({ keys, clock }).inspect(vectorBytes(hex), kind)
}

async function casesOf(file: Parameters<typeof loadVectors>[0], section: string): Promise<[string, VectorCase][]> {
  const { sections } = await loadVectors(file)
  return (sections[section] ?? []).map(vector => [vector.name, vector])
}

const codes = ({ refusals }: Inspection): readonly string[] => refusals.map(({ code }) => code)

describe('whisper-envelope: opening', async () => {
  test.each(await casesOf('whisper-envelope', 'open'))('%s', async (_, vector) => {
    const keys: Keys =
      vector['mode'] === 'sym'
        ? { identities: [], symmetric: [vectorBytes(vector['symKey'])] }
        : { identities: [identityOf(vectorBytes(vector['recipientPrivateKey']))] }
    const result = await inspect(vector['rlp'], keys)
    expect(result.kind).toBe('envelope')
    const found = result.refusals.filter(({ layer }) => layer === 'envelope' || layer === 'whisper-message')
    const wanted = vector['result'] === 'ok' ? [] : [vector['result']]
    expect(found.map(({ code }) => code)).toEqual(wanted)
    if (vector['result'] !== 'decrypt-error') expect(result.layers).toContain('whisper-message')
  })
})

describe('whisper-envelope: RLP', async () => {
  test.each(await casesOf('whisper-envelope', 'rlp_decode'))('%s', async (_, vector) => {
    const result = await inspect(vector['rlp'], none, 'envelope')
    const decoding = codes(result).filter(code => code !== 'no-key')
    if (vector['decodes']) expect(decoding).toEqual([])
    else
      expect(result.tree.refusal).toMatchObject({ code: 'invalid-envelope', message: expect.stringMatching(/: .*: /) })
  })
})

describe('x3dh: bundles', async () => {
  test.each(await casesOf('x3dh', 'bundle_verify'))('%s', async (_, vector) => {
    const bundle = vectorBytes(vector['bundleProtobuf'])
    // A ProtocolMessage of an installation id and this bundle.
    const message = concatBytes(
      Uint8Array.of(0x12, 1, 0x61, 0x1a, (bundle.length & 0x7f) | 0x80, bundle.length >> 7),
      bundle
    )
    const result = await createInspector({ keys: none, clock }).inspect(message)
    expect(result.kind).toBe('protocol-message')
    if (vector['valid']) {
      expect(result.refusals).toEqual([])
      expect(result.innermost).toEqual(['bundles'])
    } else {
      expect(result.refusals).toMatchObject([{ layer: 'protocol-message', at: 'bundle', code: 'invalid-bundle' }])
      expect(result.innermost).toEqual([])
    }
  })
})

describe('payloads: wrappers', async () => {
  const reasons: Readonly<Record<string, string>> = {
    'signature-error': 'wrapper-signature',
    unsigned: 'wrapper-unsigned',
    'decode-error': 'malformed'
  }
  test.each(await casesOf('payloads', 'metadata_verify'))('%s', async (_, vector) => {
    const result = await inspect(vector['wrapped'], none, 'wrapper')
    const reason = reasons[vector['result']]
    if (reason !== undefined) expect(codes(result)).toContain(reason)
    else expect(codes(result).filter(code => code.startsWith('wrapper'))).toEqual([])
  })

  test.each(await casesOf('payloads', 'message'))('message %s is recognised and named', async (_, vector) => {
    const result = await inspect(vector['wrapped'])
    expect(result.kind).toBe('wrapper')
    expect(result.layers).toEqual(vector['payload'] === '0x' ? ['wrapper'] : ['wrapper', 'payload'])
    if (vector['messageId'] !== null) expect(result.tree.meaning).toBe(`message id ${vector['messageId']}`)
  })
})

test('the clock of a message from the future is named as the reason', async () => {
  const [, vector] = (await casesOf('payloads', 'message')).find(([, { type }]) => type === 1) ?? []
  if (vector === undefined) throw new Error('no chat message among the vectors')
  const past = createInspector({ keys: none, clock: { nowMs: () => 1_000_000_000_000 } })
  expect(codes(await past.inspect(vectorBytes(vector['wrapped'])))).toEqual(['clock-ahead'])
})

describe('protocol-message: scenarios', async () => {
  test.each(await casesOf('protocol-message', 'scenario'))('%s', async (_, vector) => {
    type Device = { readonly name: string; readonly identityPrivateKey: string; readonly privateSignedPreKey?: string }
    const devices: readonly Device[] = vector['devices']
    const messages: readonly VectorCase[] = vector['messages']
    const keysMade = JSON.stringify(messages).matchAll(/"privateKey":"(0x[0-9a-f]{64})"/g)
    const inspector = createInspector({
      clock,
      keys: {
        identities: [...new Set(devices.map(each => each.identityPrivateKey))].map(key => identityOf(vectorBytes(key))),
        prekeys: devices.flatMap(each => (each.privateSignedPreKey ? [vectorBytes(each.privateSignedPreKey)] : [])),
        generated: [...keysMade].map(([, key = '']) => vectorBytes(key))
      }
    })
    for (const message of messages) {
      const result = await inspector.inspect(vectorBytes(message['protobuf']), 'protocol-message')
      const closed = result.refusals.filter(({ at }) => at === 'closed')
      expect(closed).toEqual([])
    }
  })
})

describe('whisper-misc: packets in frames', async () => {
  const { sections } = await loadVectors('whisper-misc')
  const packets = Object.entries(sections)
    .filter(([section]) => section.startsWith('packet_'))
    .flatMap(([section, vectors]) => vectors.map(vector => ({ ...vector, section })))
    .filter((vector: VectorCase) => typeof vector['code'] === 'number' && typeof vector['payload'] === 'string')

  test.each(packets)('$section $name', async vector => {
    const valid = !vector.section.endsWith('_invalid') && (vector as VectorCase)['valid'] !== false
    const payload = vectorBytes((vector as VectorCase)['payload'])
    const id = 16 + Number((vector as VectorCase)['code'])
    const head = id < 0x80 ? Uint8Array.of(id) : Uint8Array.of(0x81, id)
    for (const body of [payload, compressSnappy(payload)]) {
      const result = await createInspector({ keys: none, clock }).inspect(concatBytes(head, body), 'frame')
      expect(result.layers.slice(0, 2)).toEqual(['rlpx-frame', 'whisper-packet'])
      const refused = codes(result).filter(code => code !== 'no-key')
      if (valid) expect(refused).toEqual([])
      else expect(refused.length).toBeGreaterThan(0)
    }
  })

  test('the answer to a batch is recognised without its code, and so is a list of envelopes', async () => {
    for (const vector of sections['packet_messages_response'] ?? []) {
      const result = await inspect(vector['responsePayload'], none, 'packet')
      expect(result.tree.meaning).toMatch(/^message response/)
    }
    for (const vector of sections['packet_messages'] ?? []) {
      if (vector['envelopeHashes'] === null) continue
      const result = await inspect(vector['payload'], none)
      expect(result.kind).toBe('packet')
      expect(result.layers).toEqual(['whisper-packet', 'envelope'])
      const hashes = result.tree.children?.map(node => /0x[0-9a-f]{64}/.exec(node.children?.[0]?.meaning ?? '')?.[0])
      expect(hashes).toEqual(vector['envelopeHashes'])
    }
  })
})
