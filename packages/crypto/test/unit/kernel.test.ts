import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { frameModule } from '../../src/gen/frame.ts'
import { gcmModule } from '../../src/gen/gcm.ts'
import { keccakModule } from '../../src/gen/keccak.ts'
import { searchSimdModule } from '../../src/gen/search-simd.ts'
import { sha256Module } from '../../src/gen/sha256.ts'
import { startModule } from '../../src/kernel/module.ts'

const wasm = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, 'base64'))

test('C-38 the embedded kernel is, byte for byte, what its sources compile to', async () => {
  const build = fileURLToPath(new URL('../../kernel/build.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [build, '--check'])
  expect(stdout.match(/same bytes/g)).toHaveLength(5)
}, 120_000)

test('C-38 the modules import nothing, own one page of memory and fit a synchronous compile', () => {
  const small = 4096
  // Chromium before 115 compiles more than 4 KB on a page's main thread only asynchronously; there AES falls back to noble.
  const sizes = [
    [keccakModule, small],
    [searchSimdModule, small],
    [sha256Module, small],
    [gcmModule, 2 * small],
    [frameModule, small]
  ] as const
  for (const [base64, most] of sizes) {
    expect(wasm(base64).length).toBeLessThan(most)
    const module = new WebAssembly.Module(wasm(base64))
    expect(WebAssembly.Module.imports(module)).toEqual([])
    expect(startModule(base64)?.memory.length).toBe(65_536)
  }
})

test('C-39 what is no module is refused quietly, as where a policy refuses WebAssembly', () => {
  for (const base64 of ['', 'AGFzbQ==', '***']) expect(startModule(base64)).toBeUndefined()
})
