import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page as Tab } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error: a script of the repository, without types
import { findChromium } from '../../../../tools/chromium.mjs'
import { bundleForBrowser, importsOf } from '../support/browser-bundle.ts'
import { keyOf, peerIdOf, storageKey, until } from '../support/world.ts'
import type { Page } from './page.ts'

declare const page: Page

const executablePath = findChromium()
if (executablePath === undefined) console.warn('skipped: pages in Chromium, none is installed')

const html = '<!doctype html><title>status</title><script type="module" src="/page.js"></script>'

describe.skipIf(executablePath === undefined)('pages of one Chromium profile', () => {
  let folder: string
  let asked: Awaited<ReturnType<typeof bundleForBrowser>>
  let context: BrowserContext
  let origin: string
  const server = createServer((request, response) => {
    const name = request.url === '/page.js' || request.url === '/broker.js' ? request.url : undefined
    response.setHeader('content-type', name === undefined ? 'text/html' : 'text/javascript')
    if (name === undefined) response.end(html)
    else readFile(join(folder, 'site', name)).then(file => response.end(file))
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'status-client-pages-'))
    const source = (name: string) => fileURLToPath(new URL(name, import.meta.url))
    asked = await bundleForBrowser({ page: source('page.ts'), broker: source('broker.ts') }, join(folder, 'site'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    origin = `http://127.0.0.1:${address.port}/`
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      ...(executablePath === undefined ? {} : { executablePath }),
      headless: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run'
      ]
    })
  }, 180_000)

  afterAll(async () => {
    await context?.close()
    server.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }, 60_000)

  const problems: string[] = []
  const openTab = async (): Promise<Tab> => {
    const tab = await context.newPage()
    tab.on('pageerror', error => problems.push(error.message))
    tab.on('console', message => message.type() === 'error' && problems.push(message.text()))
    await tab.goto(origin)
    await tab.waitForFunction(() => 'page' in globalThis)
    return tab
  }
  const open = (tab: Tab, name: string) => {
    const account = { privateKey: [...keyOf(name)], storageKey: [...storageKey], database: name }
    return tab.evaluate(given => page.open(given), account)
  }
  const keyIn = (answer: Awaited<ReturnType<typeof open>>): readonly number[] => {
    if ('error' in answer) throw new Error(answer.error)
    return answer.publicKey
  }
  const link = async (a: Tab, b: Tab, room: string): Promise<void> => {
    // The same ids each time, as with pages that are loaded again.
    await a.evaluate(([name, id]) => page.link(name, id), [room, peerIdOf('b')] as const)
    await b.evaluate(([name, id]) => page.link(name, id), [room, peerIdOf('a')] as const)
  }
  const send = (tab: Tab, to: readonly number[], text: string) =>
    tab.evaluate(([publicKey, said]) => page.send(publicKey, said), [to, text] as const)
  const texts = (tab: Tab, to: readonly number[]) => tab.evaluate(publicKey => page.texts(publicKey), to)
  const shows = (tab: Tab, to: readonly number[], text: string) => async () =>
    (await texts(tab, to)).some(message => message.text === text)

  test('the bundle of a page imports nothing of Node, and nothing at all', async () => {
    const bundle = await readFile(join(folder, 'site', 'page.js'), 'utf8')
    expect(bundle.length).toBeGreaterThan(200_000)
    expect(importsOf(bundle)).toEqual([])
    // What the README says a bundler has to find besides our packages and their dependencies.
    const missing = new Set<string>()
    for (const [name, askers] of asked) {
      for (const home of askers) {
        const { dependencies = {} } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
        if (dependencies[name] === undefined) missing.add(name)
      }
    }
    expect([...missing]).toEqual(['events'])
  })

  test('two tabs talk, keep what they have on IndexedDB, and never open one account twice', {
    timeout: 120_000
  }, async () => {
    let alice = await openTab()
    const bob = await openTab()
    const aliceKey = keyIn(await open(alice, 'alice'))
    const bobKey = keyIn(await open(bob, 'bob'))
    await link(alice, bob, 'first')
    await send(alice, bobKey, 'hello')
    await until('bob reads', shows(bob, aliceKey, 'hello'))
    await send(bob, aliceKey, 'hello yourself')
    await until('alice reads', shows(alice, bobKey, 'hello yourself'))

    // A second tab on the same database is kept out, writes nothing, and disturbs nobody.
    const second = await openTab()
    const refusals = await Promise.all([open(second, 'alice'), open(second, 'alice')])
    expect(refusals).toEqual([{ error: 'account-in-use' }, { error: 'account-in-use' }])
    await send(alice, bobKey, 'still here')
    await until('bob reads on', shows(bob, aliceKey, 'still here'))

    // A tab that is closed says goodbye to nobody. The one that waited takes over, under the same id.
    await alice.close()
    alice = second
    await until('the account is free', async () => !('error' in (await open(alice, 'alice'))))
    const kept = await texts(alice, bobKey)
    expect(kept.map(message => message.text)).toEqual(['still here', 'hello yourself', 'hello'])
    await link(alice, bob, 'second')
    await send(alice, bobKey, 'back again')
    await until('bob reads once more', shows(bob, aliceKey, 'back again'))
    await send(bob, aliceKey, 'good')
    await until('alice reads once more', shows(alice, bobKey, 'good'))
    const protections = (await texts(bob, aliceKey)).map(message => message.protection)
    expect(protections.slice(0, 4)).toEqual(Array(4).fill('forward-secret'))
    for (const tab of [alice, bob]) await tab.evaluate(() => page.close())
    expect(problems).toEqual([])
  })
})
