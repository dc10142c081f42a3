import { expect, test } from 'vitest'
import { createTranscript, typedLines, typeLine } from '../typist.mjs'

const type = (line, transcript) =>
  typeLine({ line, cwd: '/', env: process.env, saysItGoesOn: /^serving$/m, patienceMs: 20_000, transcript })

test('the lines of a block are typed without comments, joined where they go on', () => {
  expect(typedLines('# first\nnpm install a \\\n  b\nnode main.js   # prints\n\n')).toEqual([
    'npm install a b',
    'node main.js'
  ])
})

test('a line that ends well is over, with what it printed', async () => {
  const line = await type('echo one && echo two >&2')
  expect(line.goesOn).toBe(false)
  expect(line.text()).toBe('one\ntwo\n')
  expect(await line.end()).toBe(0)
})

test('a line that ends otherwise says how, and what it printed', async () => {
  await expect(type('echo no such thing; exit 3')).rejects.toThrow(/exit 3: .*\nno such thing/)
})

test('a line that goes on is ended with all that it started', async () => {
  const transcript = createTranscript(20_000)
  const line = await type('(sleep 100; echo late) & echo serving; wait', transcript)
  expect(line.goesOn).toBe(true)
  expect(await line.end()).not.toBe(0)
  expect(transcript.text()).toBe('serving\n')
})

test('a single command is seen to end with its own exit code', async () => {
  const code = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('serving')"
  const line = await type(`'${process.execPath}' --eval "${code}"`)
  expect(await line.end()).toBe(0)
})

test('variables before a command are its own', async () => {
  const line = await type(`ONE=1 TWO=2 '${process.execPath}' --print 'process.env.ONE + process.env.TWO'`)
  expect(line.text()).toBe('12\n')
})

test('what is waited for may come from any line; a line that neither ends nor goes on is given up', async () => {
  const transcript = createTranscript(20_000)
  await type('echo one', transcript)
  await type('echo two', transcript)
  expect((await transcript.until(/one[\s\S]+(two)/))[1]).toBe('two')
  const silent = typeLine({ line: 'sleep 100', cwd: '/', env: process.env, saysItGoesOn: /never/, patienceMs: 50 })
  await expect(silent).rejects.toThrow('sleep 100')
})

test('a program that cannot be started says why', async () => {
  await expect(
    typeLine({ line: 'true', cwd: '/nowhere', env: process.env, saysItGoesOn: /x/, patienceMs: 20_000 })
  ).rejects.toThrow(/ENOENT/)
})
