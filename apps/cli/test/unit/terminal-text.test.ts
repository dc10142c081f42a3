import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeError } from '../../src/errors.ts'
import { createOutput, printable, safeJson } from '../../src/output.ts'
import { createHome, type Home } from './run-here.ts'

/** What acts on a terminal: all controls but the line feeds that end lines. */
const acts = /(?!\n)\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u
const evil = '\u001b]0;owned\u0007\u009b31m\u202e\r\u007f'

test('the file of a message, which another person made, is written to no terminal', async () => {
  const home = createHome()
  const terminal = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY')
  Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true })
  try {
    const { code, stderr } = await home.run(['attachment', `0x${'00'.repeat(32)}`, '--out', '-'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not written to a terminal')])
  } finally {
    if (terminal === undefined) Reflect.deleteProperty(process.stdout, 'isTTY')
    else Object.defineProperty(process.stdout, 'isTTY', terminal)
    home.dispose()
  }
})

describe('output', () => {
  const printed = (json: boolean) => {
    const stdout = new PassThrough()
    const stderr = new PassThrough()
    const output = createOutput({ json, verbose: true, stdout, stderr })
    return { output, text: () => `${stdout.read() ?? ''}${stderr.read() ?? ''}` }
  }

  test('passes on nothing that acts on a terminal, whatever is printed', () => {
    const { output, text } = printed(false)
    output.data({ event: 'x' }, `a ${evil}\nb`)
    output.note({ event: 'x' }, evil)
    output.hint(evil)
    output.verbose(evil)
    const all = text()
    expect(all).not.toMatch(acts)
    expect(all.split('\n')).toHaveLength(6)
  })

  test('of programs is the same value, in escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const line = safeJson({ text: text + evil })
        expect(line).not.toMatch(acts)
        expect(line).not.toContain('\n')
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ text: text + evil })))
      })
    )
  })

  test('an error is one line, whoever chose its words', () => {
    const { message } = describeError(new Error(`bad ${evil}\n at\nstatus-stack: done`))
    expect(message).not.toMatch(acts)
    expect(message).not.toContain('\n')
    expect(printable(message)).toBe(message)
  })
})

describe('what a person typed or a file holds is not echoed raw', () => {
  let home: Home
  beforeAll(() => {
    home = createHome()
  })
  afterAll(() => home.dispose())

  test.each([
    [[evil]],
    [[`--${evil}`]],
    [['whoami', `--profile=${evil}`]],
    [['send', '--to', `#${evil}`, 'x']],
    [['send', '--to', evil, 'x']],
    [['node', '--listen', evil]],
    [['doctor', '--peer', `enode://${evil}`]],
    [['doctor', '--nat', evil]],
    [['inspect', evil]],
    [['inspect', '--kind', evil]],
    [['keys', 'public', evil]],
    [['keys', 'show', evil]],
    [['history', '#status', '--before', evil]],
    [['react', evil, evil]],
    [['call', evil, evil]],
    [['call', '--subscribe', evil]],
    [['account', 'import', evil]],
    [['completion', evil]],
    [['send', '--to', '#status', '--simulate-network', evil, 'x']],
    [['listen', '--for', evil]],
    [['config', 'show', evil]]
  ])('%#', async args => {
    for (const flags of [[], ['--json']]) {
      const { code, stdout, stderr } = await home.run([...flags, ...args])
      expect(code).not.toBe(0)
      expect(stdout + stderr).not.toMatch(acts)
    }
  })

  test('in the settings file: keys, values, syntax, names of profiles', async () => {
    const file = join(home.folder, 'config.toml')
    vi.stubEnv('STATUS_STACK_CONFIG', file)
    const quoted = '\\u001b]0;owned\\u0007\\u009b31m\\u202e'
    for (const text of [
      `"${quoted}" = 1`,
      `listen = "${quoted}"`,
      `timeout = "${quoted}"`,
      `profiles = 3\nprofile = "${quoted}"`,
      `\u001b]0;owned\u0007 = \u009b`,
      `[profiles."${quoted}"]\ntimeout = 3`
    ]) {
      writeFileSync(file, text)
      for (const flags of [[], ['--json']]) {
        const { stdout, stderr } = await home.run([...flags, 'config', 'show', '--origin'])
        expect(stdout + stderr, text).not.toMatch(acts)
      }
    }
  })
})
