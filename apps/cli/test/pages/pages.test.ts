import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bytesToHex, hexToBytes } from '@status-stack/crypto'
import { type BrowserContext, chromium, type Page as Tab } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleForBrowser } from '../../../../tools/browser-bundle.ts'
// @ts-expect-error: a script of the repository, without types
import { findChromium } from '../../../../tools/chromium.mjs'
import { createSandbox, jsonLines, patienceMs, type Running, type Sandbox } from '../process/cli.ts'
import { eventually } from '../process/peers.ts'
import type { Page } from './page.ts'

declare const page: Page

const executablePath: string | undefined = findChromium()
if (executablePath === undefined) console.warn('skipped: pages in Chromium and a node, none is installed')

describe.skipIf(executablePath === undefined)('pages in Chromium and a node with a WebSocket', () => {
  let sandbox: Sandbox
  let context: BrowserContext
  let origin: string
  let node: Running
  let webSocket: string
  let enode: string
  const problems: string[] = []
  const server = createServer((request, response) => {
    const script = request.url === '/page.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html')
    if (script) readFile(join(sandbox.folder, 'site', 'page.js')).then(file => response.end(file))
    else response.end('<!doctype html><title>status</title><script type="module" src="/page.js"></script>')
  })

  beforeAll(async () => {
    sandbox = createSandbox()
    await bundleForBrowser({ page: fileURLToPath(new URL('page.ts', import.meta.url)) }, join(sandbox.folder, 'site'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    origin = `http://127.0.0.1:${address.port}`
    node = sandbox.start([
      ...['--json', 'node', '--ephemeral', '--listen', '127.0.0.1:0', '--privacy', 'both'],
      ...['--ws-listen', '127.0.0.1:0', '--ws-origin', origin]
    ])
    await node.until(/"event":"ready"/)
    const lines = jsonLines(node.stdout().slice(0, node.stdout().lastIndexOf('\n')))
    enode = String(lines.find(line => line['event'] === 'listening')?.['enode'])
    webSocket = String(lines.find(line => line['what'] === 'websocket')?.['url'])
    context = await chromium.launchPersistentContext(join(sandbox.folder, 'profile'), {
      ...(executablePath === undefined ? {} : { executablePath }),
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
    })
  })

  afterAll(async () => {
    await context?.close()
    server.close()
    await sandbox?.dispose()
  })

  const openTab = async (at: string, name: string, privacy: 'whisper' | 'waku') => {
    const tab = await context.newPage()
    tab.on('pageerror', error => problems.push(error.message))
    await tab.goto(at)
    await tab.waitForFunction(() => 'page' in globalThis)
    const key = await tab.evaluate(account => page.open(account), { name, privacy, node: webSocket })
    return { tab, key }
  }
  const connected = (tab: Tab) => () => tab.evaluate(() => page.connected())
  const send = (tab: Tab, to: readonly number[], text: string) =>
    tab.evaluate(([publicKey, said]) => page.send(publicKey, said), [to, text] as const)
  const protectionOf = async (tab: Tab, chat: readonly number[], text: string): Promise<string | undefined> => {
    let protection: string | undefined
    await eventually(`the page shows ${text}`, async () => {
      const found = (await tab.evaluate(publicKey => page.messages(publicKey), chat)).find(one => one.text === text)
      protection = found?.protection
      return found !== undefined
    })
    return protection
  }

  test('two pages, one of Whisper and one of Waku, talk with each other and with a person on the command line', {
    timeout: 4 * patienceMs
  }, async () => {
    const made = jsonLines((await sandbox.run(['--json', '--profile', 'carol', 'init', '--light-kdf'])).stdout)[0]
    const carolKey = [...hexToBytes(String(made?.['publicKey']).slice(2))]
    const alice = await openTab(origin, 'alice', 'whisper')
    const bob = await openTab(origin, 'bob', 'waku')
    await eventually('alice is connected', connected(alice.tab))
    await eventually('bob is connected', connected(bob.tab))
    await send(alice.tab, bob.key, 'hello from a page')
    expect(await protectionOf(bob.tab, alice.key, 'hello from a page')).toBe('static-key')
    await send(bob.tab, alice.key, 'hello from another')
    expect(await protectionOf(alice.tab, bob.key, 'hello from another')).toBe('forward-secret')

    const carol = sandbox.start(['--json', '--profile', 'carol', 'listen', '--peer', enode])
    await carol.until(/"state":"connected"/)
    await send(bob.tab, carolKey, 'are you on a terminal?')
    await carol.until(/are you on a terminal\?/)
    carol.child.kill('SIGINT')
    await carol.ended
    const to = `0x${bytesToHex(Uint8Array.from(bob.key))}`
    const args = ['--json', '--profile', 'carol', 'send', '--to', to, '--peer', enode, '--wait', 'acknowledged']
    const sent = await sandbox.run([...args, 'on a terminal, yes'])
    expect(sent.code, sent.stdout).toBe(0)
    expect(await protectionOf(bob.tab, carolKey, 'on a terminal, yes')).toBe('forward-secret')
    for (const { tab } of [alice, bob]) await tab.evaluate(() => page.close())
    expect(problems).toEqual([])
  })

  test('a page of another origin is not let in', async () => {
    const { tab } = await openTab(origin.replace('127.0.0.1', 'localhost'), 'stranger', 'whisper')
    await eventually('the node is asked', () => node.stdout().includes('"event":"ready"'))
    const refused = await tab.evaluate(
      url =>
        new Promise<number>(resolve => {
          const socket = new WebSocket(url)
          socket.onclose = ({ code }) => resolve(code)
          socket.onopen = () => resolve(0)
        }),
      webSocket.replace(/[0-9a-f]{128}@/, '')
    )
    // A browser does not tell a page why.
    expect(refused).toBe(1006)
    expect(await connected(tab)()).toBe(false)
    await tab.evaluate(() => page.close())
  })
})
