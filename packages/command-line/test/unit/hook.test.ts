import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHook, type HookTrouble, hookLimits as limits } from '../../src/hook.ts'

let folder: string
let told: [HookTrouble, string][]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-hook-'))
  told = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const message = (text: string): string => JSON.stringify({ text })

const hookOf = (command: string, rest: { timeoutMs?: number; environment?: NodeJS.ProcessEnv } = {}) =>
  createHook({
    command,
    told: (trouble, detail) => told.push([trouble, detail]),
    environment: process.env,
    secrets: ['TOOL_PASSWORD'],
    ...rest
  })

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 2800) throw new Error('it never happened')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

const read = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')

test('a line comes on stdin, whatever is in it, and never as an argument', async () => {
  const out = join(folder, 'out')
  const hook = hookOf(`cat >> '${out}'; echo "$# $0" > '${out}.args'`)
  const texts = ['$(touch pwned)', '`touch pwned`', "'; touch pwned; '", 'two\nlines', '\u001b[31m']
  for (const text of texts) {
    hook.run(message(text))
    await until(() => read('out').split('\n').length - 1 === texts.indexOf(text) + 1)
  }
  const lines = read('out')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { text: string })
  expect(lines.map(({ text }) => text)).toEqual(texts)
  await until(() => read('out.args') !== '')
  expect(read('out.args')).toBe('0 /bin/sh\n')
  expect(existsSync('pwned') || existsSync(join(folder, 'pwned'))).toBe(false)
  await hook.stop(60_000)
  expect(told).toEqual([])
})

test('secrets of the environment are not passed on', async () => {
  const out = join(folder, 'out')
  const environment = { ...process.env, TOOL_PASSWORD: 'secret', OTHER: 'there' }
  const hook = hookOf(`env > '${out}.part'; mv '${out}.part' '${out}'`, { environment })
  hook.run(message('x'))
  await until(() => read('out') !== '')
  expect(read('out')).toContain('OTHER=there')
  expect(read('out')).not.toContain('secret')
  await hook.stop(60_000)
})

test('only so many run at a time, and of a flood the oldest that wait are dropped', async () => {
  const gate = join(folder, 'gate')
  const hook = hookOf(
    `echo x >> '${folder}/begun'; while [ ! -e '${gate}' ]; do sleep 0.05; done; cat >> '${folder}/out'`
  )
  const count = limits.atOnce + limits.waiting + 3
  for (let n = 0; n < count; n++) hook.run(message(`number ${n}`))
  await until(() => read('begun').length === 2 * limits.atOnce)
  expect(told).toEqual(Array.from({ length: 3 }, () => ['dropped', expect.any(String)]))
  expect(read('begun').length).toBe(2 * limits.atOnce)
  const ended = hook.stop(60_000)
  writeFileSync(gate, '')
  await ended
  // What waited is not begun any more.
  const texts = read('out')
    .trimEnd()
    .split('\n')
    .map(line => (JSON.parse(line) as { text: string }).text)
  expect(texts.sort()).toEqual(['number 0', 'number 1', 'number 2', 'number 3'])
})

test('a command that fails is told of; one that does not end is ended, with what it has started', async () => {
  const failing = hookOf('exit 3')
  failing.run(message('x'))
  await until(() => told.length === 1)
  expect(told).toEqual([['failed', 'exit code 3']])
  await failing.stop(60_000)
  told = []
  const endless = hookOf(`trap '' TERM; sh -c 'echo $$ > "${folder}/pid"; sleep 1000'`, { timeoutMs: 500 })
  endless.run(message('x'))
  await until(() => told.length === 1)
  expect(told).toEqual([['timeout', '0.5 s']])
  const gone = (): boolean => {
    try {
      return !process.kill(Number(read('pid')), 0)
    } catch {
      return true
    }
  }
  await until(gone)
  await endless.stop(60_000)
})

test('a command that runs when the program ends has a moment, then it is ended', async () => {
  const hook = hookOf(`echo x > '${folder}/begun'; sleep 1000`)
  hook.run(message('x'))
  await until(() => read('begun') !== '')
  await hook.stop(10)
  expect(told).toEqual([])
})
