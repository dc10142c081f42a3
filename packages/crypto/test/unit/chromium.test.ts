import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bytesToHex, ecBackend, keccak256, prepareNonceSearch } from '../../src/index.ts'
import * as platform from '../../src/platform.node.ts'
import { ecBackendCases, platformCases } from '../../src/testing/index.ts'
import { bundle } from '../bundle.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const chromium =
  process.env['CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(existsSync)

const entry = `
  export * from './index.ts'
  export { ecBackendCases, platformCases } from './testing/index.ts'
  export * as platform from './platform.browser.ts'
`

/** Runs the contracts in the page and the search in a worker, and leaves the outcome in the document. */
const page = `
  const searchInWorker = () => new Promise((resolve, reject) => {
    const source = document.getElementById('code').textContent +
      ';const s = result.prepareNonceSearch(new Uint8Array(131)); postMessage(s.variant + s.search(9, 0, 100000))'
    const worker = new Worker(URL.createObjectURL(new Blob([source])))
    worker.onmessage = event => resolve(event.data)
    worker.onerror = event => reject(new Error(event.message))
  })
  const main = async () => {
    const cases = [...result.platformCases(result.platform), ...result.ecBackendCases(result.ecBackend())]
    const failures = []
    for (const { name, run } of cases) await run().catch(error => failures.push(name + ': ' + error.message))
    const search = result.prepareNonceSearch(new Uint8Array(131))
    return {
      cases: cases.length, failures, hash: result.hashBackend(), ec: result.ecBackend().name, worker: await searchInWorker(),
      here: search.variant + search.search(9, 0, 100000), digest: result.bytesToHex(result.keccak256(new Uint8Array(0)))
    }
  }
  main().catch(error => ({ error: String(error) })).then(outcome => {
    document.title = 'done'
    document.getElementById('outcome').textContent = JSON.stringify(outcome)
  })
`

async function outcomeUnder(policy: string): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'status-stack-crypto-'))
  try {
    const file = join(folder, 'page.html')
    const code = (await bundle(entry)).replaceAll('</script', '<\\/script')
    const meta = `<meta http-equiv="content-security-policy" content="${policy}">`
    await writeFile(
      file,
      `<!doctype html>${meta}<pre id="outcome"></pre><script id="code">${code}</script><script>${page}</script>`
    )
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${folder}`,
      '--virtual-time-budget=60000'
    ]
    const { stdout } = await promisify(execFile)(chromium ?? '', [...flags, '--dump-dom', `file://${file}`], {
      timeout: 90_000,
      maxBuffer: 16 << 20
    })
    return JSON.parse(/<pre id="outcome">(.*?)<\/pre>/.exec(stdout)?.[1] ?? '{}')
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const nonce = prepareNonceSearch(new Uint8Array(131), { variant: 'js' }).search(9, 0, 100_000)
const common = {
  cases: platformCases(platform).length + ecBackendCases(ecBackend()).length,
  failures: [],
  ec: 'noble',
  digest: bytesToHex(keccak256(new Uint8Array(0)))
}

test.skipIf(chromium === undefined)(
  'C-63 in Chromium both contracts hold, the page and a worker search with SIMD',
  async () => {
    const outcome = await outcomeUnder("script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:")
    expect(outcome).toEqual({ ...common, hash: 'wasm', here: `simd${nonce}`, worker: `simd${nonce}` })
  },
  120_000
)

test.skipIf(chromium === undefined)(
  'C-63 in Chromium under a policy that refuses WebAssembly the same holds in plain JavaScript',
  async () => {
    const outcome = await outcomeUnder("script-src 'unsafe-inline' blob:")
    expect(outcome).toEqual({ ...common, hash: 'js', here: `js${nonce}`, worker: `js${nonce}` })
  },
  120_000
)
