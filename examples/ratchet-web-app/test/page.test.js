import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** @import { Browser } from 'playwright' */

const path = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome'
].find(existsSync)
if (path === undefined) console.warn('no Chromium is installed: the page was not opened')

const folder = fileURLToPath(new URL('..', import.meta.url))
const bundled = async (/** @type {string} */ contents) => {
  const how = {
    bundle: true,
    format: /** @type {const} */ ('esm'),
    write: false,
    logLevel: /** @type {const} */ ('error')
  }
  const { outputFiles } = await build({ ...how, stdin: { contents, resolveDir: folder } })
  return outputFiles?.[0]?.text ?? ''
}

/** @type {import('node:http').Server} */
let server
/** @type {Browser} */
let browser
let url = ''

beforeAll(async () => {
  if (path === undefined) return
  /** @type {Record<string, [type: string, text: string]>} */
  const files = {
    '/': ['text/html', readFileSync(`${folder}/public/index.html`, 'utf8')],
    '/page.js': ['text/javascript', await bundled("import './src/page.js'")],
    '/cases.js': [
      'text/javascript',
      await bundled(`
        import { sessionStoreCases } from '@status-stack/status-pfs/testing'
        import { openVault } from './src/vault.js'
        let made = 0
        const lines = []
        for (const { name, run } of sessionStoreCases(() => openVault('case ' + made++)))
          lines.push(await run().then(() => 'kept', error => name + ': ' + error))
        document.body.innerHTML = '<pre>' + lines.join('\\n') + '</pre>'`)
    ]
  }
  server = createServer((request, response) => {
    const [type, text] = files[new URL(request.url ?? '', 'http://localhost').pathname] ?? ['text/plain', '']
    response.writeHead(text === '' ? 404 : 200, { 'content-type': type }).end(text)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  if (typeof address === 'object') url = `http://127.0.0.1:${address?.port}`
  browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] })
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

test.skipIf(path === undefined)('two tabs talk, and go on after a reload', async () => {
  const context = await browser.newContext()
  const open = async (/** @type {string} */ name) => {
    const page = await context.newPage()
    await page.goto(`${url}/?${name}`)
    return page
  }
  const alice = await open('alice')
  const bob = await open('bob')
  const say = async (/** @type {typeof alice} */ from, /** @type {typeof alice} */ to, /** @type {string} */ text) => {
    await from.getByText('the other tab is there').waitFor()
    await from.getByLabel('Text').fill(text)
    await from.getByRole('button', { name: 'Send' }).click()
    const line = to.getByText(`they: ${text}`)
    await line.waitFor()
    return line.textContent()
  }
  expect(await say(alice, bob, 'hello')).toBe('they: hello (static-key)')
  expect(await say(bob, alice, 'hi alice')).toBe('they: hi alice (forward-secret)')
  await alice.reload()
  expect(await say(alice, bob, 'I am back')).toBe('they: I am back (forward-secret)')
  await context.close()
})

test.skipIf(path === undefined)('the store in IndexedDB keeps the contract of the session store', async () => {
  const page = await browser.newPage()
  await page.goto(url)
  await page.addScriptTag({ url: '/cases.js', type: 'module' })
  const lines = ((await page.locator('pre').textContent()) ?? '').split('\n')
  expect(lines.filter(line => line !== 'kept')).toEqual([])
  expect(lines.length).toBeGreaterThan(10)
})
