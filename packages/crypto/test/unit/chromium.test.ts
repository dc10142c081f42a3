import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
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

/** Runs the contracts in the page and the search in a worker, and posts the outcome. */
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
  main()
    .catch(error => ({ error: String(error) }))
    .then(outcome => fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) }))
`

/** What the page posts; it is served from loopback with `policy` as its content security policy. */
async function outcomeUnder(policy: string): Promise<unknown> {
  const code = (await bundle(entry)).replaceAll('</script', '<\\/script')
  const html = `<!doctype html><script id="code">${code}</script><script>${page}</script>`
  const folder = await mkdtemp(join(tmpdir(), 'status-stack-crypto-'))
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      text(request).then(body => server.emit('outcome', body))
      response.end()
      return
    }
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', policy)
    response.end(html)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${folder}`]
  const browser = spawn(chromium ?? '', [...flags, `http://127.0.0.1:${port}/`], { detached: true, stdio: 'ignore' })
  const ended = once(browser, 'exit')
  try {
    const tooEarly = ended.then(() => {
      throw new Error('Chromium ended without an outcome')
    })
    const [body] = await Promise.race([once(server, 'outcome', { signal: AbortSignal.timeout(100_000) }), tooEarly])
    return JSON.parse(String(body))
  } finally {
    // The browser is a group of processes.
    if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid, 'SIGKILL')
    await ended.catch(() => undefined)
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
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
