import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from './cli.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = createSandbox()
  await sandbox.run(['init', '--light-kdf'])
})
afterAll(() => sandbox.dispose())

const watcher = pathToFileURL(fileURLToPath(new URL('watch-loading.mjs', import.meta.url))).href
let count = 0

interface Loaded {
  /** Files of the program, and of packages beside it. */
  readonly files: number
  readonly kilobytes: number
  /** Whose code is in them. */
  readonly packages: ReadonlySet<string>
}

/** What a command reads, by the comments that the bundler puts over each module. */
async function loadedBy(args: readonly string[], until?: RegExp): Promise<Loaded> {
  const log = join(sandbox.folder, `loaded-${++count}.txt`)
  const environment = { NODE_OPTIONS: `--import ${watcher}`, LOADED_MODULES: log }
  const running = sandbox.start(args, environment)
  if (until !== undefined) {
    await running.until(until)
    running.child.kill('SIGTERM')
  }
  const { code, stderr } = await running.ended
  expect(code, stderr).toBe(0)
  const urls = readFileSync(log, 'utf8').split('\n')
  const files = new Set(urls.filter(url => url.startsWith('file:') && url !== watcher).map(url => fileURLToPath(url)))
  const packages = new Set<string>()
  let bytes = 0
  for (const file of files) {
    bytes += statSync(file).size
    const text = readFileSync(file, 'utf8')
    for (const [, name = ''] of text.matchAll(/^\s*\/\/ \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/[^\s]+$/gm))
      packages.add(name)
    for (const [, name = ''] of text.matchAll(/^\s*\/\/ \.\.\/\.\.\/packages\/([^/\s]+)\/src\//gm))
      packages.add(`our ${name}`)
    const beside = /node_modules\/((?:@[^/]+\/)?[^/]+)\/[^/]*.*$/.exec(file.split('node_modules/.pnpm/').at(-1) ?? '')
    if (file.includes('node_modules')) packages.add(beside?.[1] ?? basename(file))
  }
  return { files: files.size, kilobytes: Math.round(bytes / 1024), packages }
}

const heavy = ['ink', 'react', 'yoga-layout', 'protobufjs', 'ws', 'pg', '@ethereumjs/devp2p', '@zxcvbn-ts/core', 'jose']

describe('a command loads only what it needs', () => {
  const commands = {
    'the version': ['--version'],
    help: ['help'],
    whoami: ['whoami'],
    'a key of somebody': ['keys', 'show', 'zQ3shggUTpA8Cd77Ge1WiQ86e1fNTrENbjaVnWPJ1s4j1h9Hr'],
    settings: ['config', 'show']
  }
  for (const [name, args] of Object.entries(commands)) {
    test(name, async () => {
      const { files, kilobytes, packages } = await loadedBy(args)
      expect(packages).toContain('commander')
      for (const other of [...heavy, 'classic-level', 'our whisper', 'our rlpx', 'our status-client'])
        expect(packages).not.toContain(other)
      expect(files).toBeLessThan(70)
      expect(kilobytes).toBeLessThan(800)
    })
  }

  test('a list of an account: no network, no screen', async () => {
    const { packages } = await loadedBy(['contacts', 'list'])
    expect(packages).toContain('our status-client')
    for (const other of ['ink', 'react', 'yoga-layout', 'ws', 'pg', '@ethereumjs/devp2p', '@zxcvbn-ts/core'])
      expect(packages).not.toContain(other)
  })

  test('a relay: no client, no screen, no WebSocket, no API that it does not serve', async () => {
    const { files, kilobytes, packages } = await loadedBy(
      ['node', '--ephemeral', '--listen', '127.0.0.1:0'],
      /relaying/
    )
    expect(packages).toContain('our whisper')
    for (const other of [...heavy, 'classic-level', 'our status-client', 'our status-pfs', 'our whisper-rpc'])
      expect(packages).not.toContain(other)
    expect(files).toBeLessThan(110)
    expect(kilobytes).toBeLessThan(1500)
  })

  test('the watch sees what is loaded: a relay for web pages takes ws', async () => {
    const args = ['node', '--ephemeral', '--listen', '127.0.0.1:0', '--ws-listen', '127.0.0.1:0']
    expect((await loadedBy(args, /relaying/)).packages).toContain('ws')
  })
})
