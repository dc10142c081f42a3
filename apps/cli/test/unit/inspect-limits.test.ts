import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  type BlobKind,
  blobKinds,
  captureLimits,
  createInspector,
  identityOf,
  type Keys
} from '@status-stack/inspector'
import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readBlobs } from '../../src/inspect/input.ts'
import { readKeysFile } from '../../src/inspect/keys-file.ts'
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
  test('inputBytes: a larger capture is one sentence', async () => {
    const lines = new TextEncoder().encode('00\n01\n# no blob\n\n02\n')
    const stdin = (): Readable => Readable.from([lines])
    await expect(readBlobs({ paths: [], stdin: stdin() }, { ...limits, inputBytes: 4 })).rejects.toThrow(/more than 4/)
    expect(await readBlobs({ paths: ['-'], stdin: stdin() })).toHaveLength(3)
    const many = Readable.from([new TextEncoder().encode('00\n'.repeat(captureLimits.blobs + 1))])
    await expect(readBlobs({ paths: [], stdin: many })).rejects.toThrow(/more than 10000 blobs/)
  })

  test('keysFileBytes: a larger keys file is refused', async () => {
    const text = JSON.stringify({ chats: ['a', 'b'] })
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
})
