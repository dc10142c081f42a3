import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Option } from 'commander'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exitCodes } from '../../src/exit-codes.ts'
import { createProgram } from '../../src/program.ts'
import { createHome, type Ended, type Home } from './run-here.ts'

interface Found {
  readonly path: readonly string[]
  readonly command: Command
  readonly children: readonly string[]
}

const program = createProgram()
const all: Found[] = []
const visit = (command: Command, path: readonly string[]): void => {
  const visible = command.createHelp().visibleCommands(command)
  const children = visible.filter(child => child.name() !== 'help')
  all.push({ path, command, children: children.map(child => child.name()) })
  for (const child of children) visit(child, [...path, child.name()])
}
visit(program, [])
const nameOf = ({ path }: Found): string => path.join(' ') || 'the program'
const leaves = all.filter(({ children }) => children.length === 0)
const groups = all.filter(({ children }) => children.length > 0)

let home: Home
let before: string
beforeAll(() => {
  home = createHome()
  mkdirSync(home.profile, { recursive: true })
  writeFileSync(join(home.profile, 'account.json'), '{"version":1}')
  before = home.state()
})
afterAll(() => {
  // Whatever was typed wrong: nothing was written.
  expect(home.state()).toBe(before)
  home.dispose()
})

/** A slip of the finger that no other name is as near to. */
const slip = (word: string): string => {
  const middle = Math.ceil(word.length / 2)
  return `${word.slice(0, middle)}${word[middle - 1]}${word.slice(middle)}`
}
/** The arguments and flags without which a command refuses to run. */
const needed = ({ command }: Found): readonly string[] => [
  ...command.registeredArguments.filter(argument => argument.required).map(() => 'x'),
  ...command.options.filter(option => option.mandatory && option.defaultValue === undefined).flatMap(valued)
]
const valued = (option: Option): readonly string[] => [option.long ?? '', option.argChoices?.[0] ?? '1']
const flags = ({ command }: Found): readonly Option[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .filter(option => option.long !== undefined)

function expectRefused(ended: Ended): void {
  expect(ended.stderr).toMatch(/^status-stack: \S/)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).not.toMatch(/\n\s+at /)
  expect(ended.code).toBe(exitCodes.usage)
}

describe('wrong arguments', () => {
  test.each(all.map(found => [nameOf(found), found] as const))('of %s: a flag with a slip', async (_, found) => {
    for (const { long = '' } of flags(found)) {
      const typed = `--${slip(long.slice(2))}`
      const ended = await home.run([...found.path, ...needed(found), typed])
      expectRefused(ended)
      expect(ended.stderr).toContain(`unknown option '${typed}'`)
      expect(ended.stderr).toMatch(new RegExp(`Did you mean .*${long}\\b`))
    }
  })

  test.each(groups.map(found => [nameOf(found), found] as const))('of %s: a command with a slip', async (_, found) => {
    for (const child of found.children) {
      const ended = await home.run([...found.path, slip(child)])
      expectRefused(ended)
      expect(ended.stderr).toMatch(new RegExp(`Did you mean .*\\b${child}\\?`))
    }
  })

  test.each(leaves.map(found => [nameOf(found), found] as const))('of %s: one too many', async (_, found) => {
    if (found.command.registeredArguments.some(argument => argument.variadic)) return
    const optional = found.command.registeredArguments.filter(argument => !argument.required).map(() => 'x')
    const ended = await home.run([...found.path, ...needed(found), ...optional, 'superfluous'])
    expectRefused(ended)
    expect(ended.stderr).toContain('too many arguments')
  })

  test.each(leaves.map(found => [nameOf(found), found] as const))('of %s: one missing', async (_, found) => {
    const required = found.command.registeredArguments.filter(argument => argument.required)
    for (let given = 0; given < required.length; given++) {
      const options = needed(found).slice(required.length)
      const ended = await home.run([...found.path, ...options, ...required.slice(0, given).map(() => 'x')])
      expectRefused(ended)
      expect(ended.stderr).toContain(`missing required argument '${required[given]?.name()}'`)
    }
    for (const option of found.command.options.filter(one => one.mandatory && one.defaultValue === undefined)) {
      const ended = await home.run([...found.path, ...required.map(() => 'x')])
      expectRefused(ended)
      expect(ended.stderr).toContain(option.long)
    }
    for (const option of flags(found).filter(one => one.required)) {
      const ended = await home.run([...found.path, ...required.map(() => 'x'), option.long ?? ''])
      expectRefused(ended)
      expect(ended.stderr).toContain('argument missing')
    }
  })

  test.each(leaves.map(found => [nameOf(found), found] as const))('of %s: values that do not fit', async (_, found) => {
    for (const option of flags(found)) {
      const number = /<(number|seconds|days|ms)>/.test(option.flags)
      if (!number && option.argChoices === undefined) continue
      for (const value of number ? ['many', '-1', 'NaN', '1e999', ''] : ['nonsense', '']) {
        const ended = await home.run([...found.path, ...needed(found), `${option.long}=${value}`])
        expectRefused(ended)
        expect(ended.stderr).toContain(`${option.flags}: expected`)
        for (const choice of option.argChoices ?? []) expect(ended.stderr).toContain(choice)
      }
    }
  })

  test.each(groups.map(found => [nameOf(found), found] as const))('of %s: nothing behind it', async (_, found) => {
    const ended = await home.run(found.path)
    // Some groups have a command of their own for that.
    if (ended.code === exitCodes.usage) expect(ended.stderr).toContain('Usage: ')
    else expect(Object.values(exitCodes)).toContain(ended.code)
  })

  test.each(all.map(found => [nameOf(found), found] as const))(
    'of %s with --json: an error event',
    async (_, found) => {
      const { code, stdout, stderr } = await home.run([
        '--json',
        ...found.path,
        ...needed(found),
        '--no-such-flag-at-all'
      ])
      expect(JSON.parse(stdout)).toMatchObject({
        format: 1,
        event: 'error',
        code: 'usage',
        message: "unknown option '--no-such-flag-at-all'",
        hint: expect.stringMatching(/\S/)
      })
      expect(stderr).toBe('')
      expect(code).toBe(exitCodes.usage)
    }
  )

  test('after a flag for all that lacks its value', async () => {
    for (const flag of ['--profile', '--data-dir', '--password-file']) {
      const ended = await home.run(['whoami', flag])
      expectRefused(ended)
      expect(ended.stderr).toContain('argument missing')
    }
  })
})

/** Commands that would run for long, or read what the test has on stdin, get a flag that stops them. */
const long = [
  'demo',
  'simulate',
  'conformance',
  'node',
  'mailserver',
  'web',
  'daemon',
  'listen',
  'chat',
  'inspect',
  'doctor',
  'send',
  'edit'
]

test('whatever is typed: a documented exit code, and never a stack trace', async () => {
  const junk = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      '',
      '-',
      '--',
      '-x',
      '--=',
      '0',
      '-1',
      '1e999',
      '#',
      '#a b',
      '0x',
      'zQ3sh',
      '../..',
      'enode://',
      '\u0000',
      '--json',
      '--verbose',
      '--profile',
      '--data-dir=',
      '__proto__',
      'constructor'
    )
  )
  const list = fc
    .constantFrom(...all)
    .chain(found =>
      fc.tuple(
        fc.constant(found),
        fc.array(
          fc.oneof(
            junk,
            ...(flags(found).length > 0 ? [fc.constantFrom(...flags(found).map(({ long = '' }) => long))] : []),
            fc.constantFrom('whoami', 'help', 'list', 'show', 'x')
          ),
          { maxLength: 6 }
        )
      )
    )
  const codes: readonly number[] = Object.values(exitCodes)
  await fc.assert(
    fc.asyncProperty(list, async ([{ path }, typed]) => {
      const words = [...path, ...typed]
      const stopped = words.some(word => long.includes(word)) ? ['--no-such-flag-at-all'] : []
      const args = [...path, ...stopped, ...typed.filter(word => !['--help', '-h', '--version', '-V'].includes(word))]
      const { code, stdout, stderr } = await home.run(args)
      expect(codes).toContain(code)
      expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+/)
    }),
    { numRuns: 300, seed: 8 }
  )
})

test('help of a command below another is that command’s', async () => {
  const asked = await home.run(['help', 'contacts', 'add'])
  expect(asked).toEqual(await home.run(['contacts', 'add', '--help']))
  expect(asked.stdout).toContain('Usage: status-stack contacts add ')
  expect((await home.run(['help', 'contacts'])).stdout).toContain('Usage: status-stack contacts ')
})
