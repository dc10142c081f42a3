import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { createInspector, type Inspection } from '../../src/inspector.ts'
import { identityOf, type Keys } from '../../src/keyring.ts'
import type { Node } from '../../src/tree.ts'

interface Pair {
  readonly privateKey: string
}

/** The keys a recording holds. */
function keysOf(vector: VectorCase): Keys {
  const devices: readonly { identityPrivateKey: string; signedPreKeys: readonly Pair[] }[] = vector['devices']
  const generated: readonly Pair[] = vector['allGeneratedKeys']
  return {
    identities: devices.map(device => identityOf(vectorBytes(device.identityPrivateKey))),
    prekeys: devices.flatMap(device => device.signedPreKeys.map(({ privateKey }) => vectorBytes(privateKey))),
    generated: generated.map(({ privateKey }) => vectorBytes(privateKey)),
    chats: [vector['publicChat']]
  }
}

const clock = { nowMs: () => 1_900_000_000_000 }
const { sections } = await loadVectors('full-stack')
const conversations = sections['conversation'] ?? []

const ends = [
  'chat-message',
  'emoji-reaction',
  'contact-update',
  'membership-update',
  'acknowledgements',
  'empty message',
  'bundles'
]

function expectReached(result: Inspection, secured: boolean, where: string): void {
  expect(result.refusals, where).toEqual([])
  expect(result.kind, where).toBe('envelope')
  // A public message needs no security layer.
  const third = secured ? 'protocol-message' : 'wrapper'
  expect(result.layers.slice(0, 3), where).toEqual(['envelope', 'whisper-message', third])
  expect(result.innermost.length, where).toBeGreaterThan(0)
  for (const end of result.innermost) expect(ends, where).toContain(end)
  if (!['acknowledgements', 'empty message', 'bundles'].includes(result.innermost[0] ?? '')) {
    expect(result.layers, where).toContain('wrapper')
    expect(result.layers.at(-1), where).toBe('payload')
  }
}

describe('the recorded conversations', () => {
  test.each(conversations.map(vector => [vector.name, vector] as const))(
    '%s: every envelope is read down to its innermost payload, with every layer named',
    async (_, vector) => {
      const inspector = createInspector({ keys: keysOf(vector), clock })
      const innermost: string[] = []
      for (const [index, { rlp, chatId }] of vector['envelopes'].entries()) {
        const result = await inspector.inspect(vectorBytes(rlp))
        innermost.push(...result.innermost)
        expectReached(result, chatId === undefined, `${vector.name} ${index}`)
      }
      for (const end of ['chat-message', 'emoji-reaction', 'contact-update', 'membership-update']) {
        expect(innermost).toContain(end)
      }
    }
  )
})

describe('what is known beforehand', () => {
  const [first] = conversations
  if (first === undefined) throw new Error('the vector file has no conversation')
  const envelopes: readonly VectorCase[] = first['envelopes']
  const bytesAt = (index: number): Uint8Array => vectorBytes(envelopes[index]?.['rlp'])

  test('one ratchet message by itself is opened by trying the keys, though no message before it was seen', async () => {
    for (const index of [2, 3, 4]) {
      const result = await createInspector({ keys: keysOf(first), clock }).inspect(bytesAt(index))
      expect(result.layers).toContain('ratchet-plaintext')
      expect(result.innermost).toEqual(['chat-message'])
    }
  })

  test('without the private keys of the ratchet the session is unknown, and only that', async () => {
    const { generated: _, prekeys: _prekeys, ...keys } = keysOf(first)
    const result = await createInspector({ keys, clock }).inspect(bytesAt(3))
    expect(result.refusals.map(({ code }) => code)).toEqual(['unknown-prekey'])
    expect(result.layers).toEqual(['envelope', 'whisper-message', 'protocol-message'])
    expect(result.innermost).toEqual([])
  })

  test('without any key an envelope stays closed, and its own fields are shown with their ranges', async () => {
    const result = await createInspector({ keys: { identities: [] }, clock }).inspect(bytesAt(1))
    expect(result.refusals).toMatchObject([{ layer: 'envelope', code: 'no-key', missingKey: true }])
    const fields = (result.tree.children ?? []).map(({ name, start, end }) => [name, start, end])
    const length = bytesAt(1).length
    expect(fields.map(([name]) => name)).toEqual(['expiry', 'ttl', 'topic', 'data', 'nonce'])
    expect(fields[0]?.slice(1)).toEqual([3, 8])
    expect(fields[2]?.slice(1)).toEqual([9, 14])
    expect(fields.at(-1)?.[2]).toBe(length)
  })

  test('every range lies within its layer, and the fields of a message lie one behind the other', async () => {
    const inspector = createInspector({ keys: keysOf(first), clock })
    for (const { rlp } of envelopes) {
      const { tree } = await inspector.inspect(vectorBytes(rlp))
      const walk = (node: Node, length: number): void => {
        const within = node.layer === undefined ? length : node.end
        expect(node.start).toBeLessThanOrEqual(node.end)
        expect(node.end).toBeLessThanOrEqual(within)
        const parts = (node.children ?? []).filter(child => child.layer === undefined && child.name !== 'closed')
        for (const [index, part] of parts.entries()) {
          const before = parts[index - 1]
          if (before !== undefined) expect(part.start).toBeGreaterThanOrEqual(before.end)
        }
        for (const child of node.children ?? []) walk(child, within)
      }
      walk(tree, tree.end)
    }
  })

  test('a changed ratchet message is refused for its tag, not for a missing key', async () => {
    const inspector = createInspector({ keys: keysOf(first), clock })
    const payload = vectorBytes(envelopes[2]?.['payload'])
    expect((await inspector.inspect(bytesAt(2))).refusals).toEqual([])
    // The entry's sealed bytes end the payload.
    payload[payload.length - 1] = (payload[payload.length - 1] ?? 0) ^ 1
    const result = await inspector.inspect(payload, 'protocol-message')
    expect(result.refusals.map(({ code }) => code)).toEqual(['bad-mac'])
  })

  test('no private key is anywhere in what is shown', async () => {
    const inspector = createInspector({ keys: keysOf(first), clock })
    const { rlp: _rlp, ...vector } = first
    const secrets = JSON.stringify(vector).match(/"(?:identityPrivateKey|privateKey|symKey)":"0x[0-9a-f]{64}/g) ?? []
    expect(secrets.length).toBeGreaterThan(10)
    const shown: string[] = []
    for (const { rlp } of envelopes) shown.push(JSON.stringify(await inspector.inspect(vectorBytes(rlp))))
    for (const secret of secrets) expect(shown.join('')).not.toContain(secret.slice(-64))
  })
})
