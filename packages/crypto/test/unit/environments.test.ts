import { createHmac } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { bytesToHex, keccak256, prepareNonceSearch } from '../../src/index.ts'
import { bundle } from '../bundle.ts'

const whole = "export * from './index.ts'"
let script: string
beforeAll(async () => {
  script = await bundle(whole)
})

/** What a page has and the language does not; nothing of Node. */
function page(options: { wasm?: boolean; hide?: string } = {}): ReturnType<typeof createContext> {
  const globals: Record<string, unknown> = {
    TextEncoder,
    TextDecoder,
    atob,
    btoa,
    crypto: globalThis.crypto,
    setTimeout
  }
  const context = createContext(globals, { codeGeneration: { strings: false, wasm: options.wasm ?? true } })
  if (options.hide !== undefined) runInContext(`delete globalThis.${options.hide}`, context)
  return context
}

const work = `(() => {
  const key = new Uint8Array(32).fill(7)
  const digest = result.keccak256(key)
  const search = result.prepareNonceSearch(new Uint8Array(131))
  const running = result.createKeccak256().update(key)
  return JSON.stringify({
    backend: result.hashBackend(),
    ec: result.ecBackend().name,
    variant: search.variant,
    digest: result.bytesToHex(digest),
    running: result.bytesToHex(running.digest()),
    nonce: search.search(9, 0, 100000),
    hmac: result.bytesToHex(result.hmacSha256(key, digest)),
    recovered: result.equalBytes(result.recoverPublicKey(digest, result.signDigest(digest, key)), result.publicKeyOf(key)),
    opened: result.bytesToHex(result.eciesDecrypt(key, result.eciesEncrypt(result.publicKeyOf(key), key)))
  })
})()`

const seven = new Uint8Array(32).fill(7)
const expected = {
  ec: 'noble',
  digest: bytesToHex(keccak256(seven)),
  running: bytesToHex(keccak256(seven)),
  nonce: prepareNonceSearch(new Uint8Array(131), { variant: 'js' }).search(9, 0, 100_000),
  hmac: createHmac('sha256', seven).update(keccak256(seven)).digest('hex'),
  recovered: true,
  opened: bytesToHex(seven)
}

describe('C-60 a page, bundled without Node', () => {
  test.each([
    ['with WebAssembly', {}, { backend: 'wasm', variant: 'simd' }],
    ['whose policy refuses WebAssembly', { wasm: false }, { backend: 'js', variant: 'js' }],
    ['without WebAssembly', { hide: 'WebAssembly' }, { backend: 'js', variant: 'js' }]
  ] as const)('C-60 %s', (_, options, backends) => {
    const context = page(options)
    runInContext(script, context)
    expect(JSON.parse(runInContext(work, context))).toEqual({ ...expected, ...backends })
  })

  test('C-60 asking for what the page refuses is an error of the environment', () => {
    const context = page({ wasm: false })
    runInContext(script, context)
    for (const call of ["useHashBackend('wasm')", "prepareNonceSearch(new Uint8Array(1), { variant: 'simd' })"]) {
      const code = runInContext(
        `(() => { try { result.${call} } catch (error) { return error.code + error.origin } })()`,
        context
      )
      expect(code).toBe('unsupportedenvironment')
    }
  })
})

test('C-61 a worker thread searches too', async () => {
  const code = await bundle(whole, 'node')
  const worker = new Worker(
    `${code}
    const result = module.exports
    const { parentPort } = require('node:worker_threads')
    parentPort.once('message', ({ prefix, bits, count }) => {
      const search = result.prepareNonceSearch(prefix)
      parentPort.postMessage({ variant: search.variant, nonce: search.search(bits, 0, count) })
    })`,
    { eval: true }
  )
  try {
    const prefix = new Uint8Array(300).fill(1)
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage({ prefix, bits: 10, count: 100_000 })
    })
    const nonce = prepareNonceSearch(prefix, { variant: 'js' }).search(10, 0, 100_000)
    expect(answer).toEqual({ variant: 'simd', nonce })
  } finally {
    await worker.terminate()
  }
})

describe('C-62 what a page has to load', () => {
  const gzipped = async (names: string): Promise<number> =>
    gzipSync(await bundle(`export { ${names} } from './index.ts'`)).length

  test('C-62 only what is used is bundled, and no Node module ever', async () => {
    expect(script).not.toMatch(/node:|require\(/)
    expect(gzipSync(script).length).toBeLessThan(39_500)
    // Most of it are the argument checks and the error base that all packages share.
    expect(await gzipped('bytesToHex, concatBytes')).toBeLessThan(2_500)
    expect(await gzipped('keccak256')).toBeLessThan(6_600)
    // With the AES kernel, and noble's AES for where it does not run.
    expect(await gzipped('aesGcmSeal')).toBeLessThan(10_600)
    expect(await gzipped('prepareNonceSearch')).toBeLessThan(10_200)
    expect(await gzipped('publicKeyOf')).toBeLessThan(10_500)
  })
})
