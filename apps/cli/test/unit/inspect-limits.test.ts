import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type BlobKind, blobKinds, createInspector, identityOf, type Keys } from '@status-stack/inspector'
import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CliError } from '../../src/errors.ts'
import { blobsOf, readBlobs } from '../../src/inspect/input.ts'
import { parseKeys, readKeysFile } from '../../src/inspect/keys-file.ts'
import { limits } from '../../src/inspect/limits.ts'
import { inspectionView } from '../../src/inspect/print.ts'

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

describe('each bound, overrun', () => {
  test('blobs and inputBytes: a larger capture is one sentence', async () => {
    const lines = new TextEncoder().encode('00\n01\n# no blob\n\n02\n')
    expect(blobsOf('x', lines).map(({ source }) => source)).toEqual(['x:1', 'x:2', 'x:5'])
    expect(() => blobsOf('x', lines, { ...limits, blobs: 2 })).toThrowError(/more than 2 blobs/)
    const stdin = (): Readable => Readable.from([lines])
    await expect(readBlobs({ paths: [], stdin: stdin() }, { ...limits, inputBytes: 4 })).rejects.toThrow(/more than 4/)
    expect(await readBlobs({ paths: ['-'], stdin: stdin() })).toHaveLength(3)
  })

  test('keys and keysFileBytes: a larger keys file is refused', async () => {
    const text = JSON.stringify({ chats: ['a', 'b'] })
    expect(() => parseKeys('k', text, { ...limits, keys: 1 })).toThrowError(/more than 1 entries/)
    const folder = mkdtempSync(join(tmpdir(), 'status-stack-inspect-'))
    try {
      const file = join(folder, 'keys.json')
      writeFileSync(file, text)
      expect((await readKeysFile(file)).chats).toEqual(['a', 'b'])
      await expect(readKeysFile(file, { ...limits, keysFileBytes: 4 })).rejects.toThrow(/longer than 4 bytes/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('any bytes', () => {
  const kinds = fc.constantFrom(...blobKinds)
  const view = async (bytes: Uint8Array, kind: BlobKind): Promise<void> => {
    const result = await createInspector({ keys, clock }).inspect(bytes, kind)
    const { event, text } = inspectionView(1, { source: 'fuzz', bytes }, result)
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
    expect(JSON.parse(JSON.stringify(event))).toMatchObject({ event: 'inspection', length: bytes.length })
    expect(result.innermost.length + result.refusals.length).toBeGreaterThan(0)
  }

  test('give a tree with an end or a reason, safe for a terminal', async () => {
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

  test('a keys file of any text is taken or refused in one sentence that shows no key', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        try {
          parseKeys('k', text)
        } catch (error) {
          if (!(error instanceof CliError)) throw error
          expect(error.exit).toBe('usage')
        }
      })
    )
    const secret = '00'.repeat(31)
    expect(() => parseKeys('k', JSON.stringify({ identities: [secret] }))).toThrowError(/^(?!.*0000).*identities\[0\]/)
  })
})
