import { describe, expect, test } from 'vitest'
import { closest, lineOf, modules, valueInLine, wordLines } from '../../src/index.ts'
import { createTool } from './tool.ts'

describe('a line', () => {
  test('runs its command with flags, arguments, settings and the modules it asked for', async () => {
    const tool = createTool()
    expect(await tool.run('things', 'take', 'green', 'a', 'b', '--with', 'x', '--with=y')).toEqual({ kind: 'done' })
    expect(await tool.run('things', 'list', '--tag', 'one', '--tag', 'two', '--place', 'there')).toEqual({
      kind: 'done'
    })
    expect(tool.said).toEqual([
      'took green a b {"for":5,"with":["x","y"]}',
      'a list of  {"place":"there","tags":["one","two"]}'
    ])
  })

  test('has flags of the program wherever they stand, but not behind --', () => {
    const { program } = createTool()
    expect(lineOf(program, ['things', '-q', 'list', '--place', 'x', '--place=y'])).toEqual({
      shared: ['-q', '--place', 'x', '--place=y'],
      rest: ['things', 'list']
    })
    expect(lineOf(program, ['things', '--', '--quiet'])).toEqual({ shared: [], rest: ['things', '--', '--quiet'] })
    // The value is missing: the parser says so.
    expect(lineOf(program, ['things', '--place'])).toEqual({ shared: [], rest: ['things', '--place'] })
    // A flag of the program alone.
    expect(lineOf(program, ['things', '--version']).shared).toEqual([])
  })

  test('asks for the help of a command below another', async () => {
    const [asked, direct] = [createTool(), createTool()]
    expect(await asked.run('help', 'things', 'take')).toEqual({ kind: 'help' })
    await direct.run('things', 'take', '--help')
    expect(asked.printed()).toEqual(direct.printed())
    expect(asked.printed().out).toMatch(
      /^Usage: tool things take [\s\S]*\nIt is gone then\.\n\nExamples:\n {2}tool things take red {3}the red ones\n/
    )
  })

  test('asks for the version, or for the help of the program, which does not list what is hidden', async () => {
    const tool = createTool()
    expect(await tool.run('--version')).toEqual({ kind: 'version' })
    expect(tool.printed().out).toBe('1.2.3\n')
    expect(await tool.run('--help')).toEqual({ kind: 'help' })
    expect(tool.printed().out).toContain('Examples:\n  tool things list   all of it\n')
    expect(tool.printed().out).not.toContain('inside')
    expect(await tool.run('inside')).toEqual({ kind: 'done' })
  })

  test('that fails, fails with its error', async () => {
    await expect(createTool().run('fail')).rejects.toThrow('it failed')
  })
})

describe('a line that cannot be run', () => {
  test.each([
    [['thigns'], "unknown command 'thigns'", 'Did you mean things?'],
    [['thigns', '--help'], "unknown command 'thigns'", 'Did you mean things?'],
    [['help', 'thigns'], "unknown command 'thigns'", 'Did you mean things?'],
    [['things', 'taek'], "unknown command 'taek'", 'Did you mean tool things take?'],
    [['things', 'list', '--tga', 'x'], "unknown option '--tga'", 'Did you mean --tag?'],
    [['things', 'take'], "missing required argument 'colour'", 'tool things take --help shows the usage'],
    [
      ['things', 'take', 'blue'],
      "colour: expected one of red, green, got 'blue'",
      'tool things take --help shows the usage'
    ],
    [
      ['things', 'take', 'red', '--for', '-1'],
      "--for <seconds>: expected a number above 0, got '-1'",
      'tool things take --help shows the usage'
    ],
    [
      ['things', 'list', '--near', '2'],
      "--near <share>: expected a number above 0, at most 1, got '2'",
      'tool things list --help shows the usage'
    ],
    [['fail', 'x'], "too many arguments for 'fail'. Expected 0 arguments but got 1", 'tool fail --help shows the usage']
  ])('%j', async (words, message, hint) => {
    expect(await createTool().run(...words)).toMatchObject({ kind: 'usage', usage: { message, hint } })
  })

  test('a program without a command says which there are', async () => {
    const tool = createTool()
    expect(await tool.run()).toEqual({
      kind: 'group-alone',
      usage: { message: 'tool needs a command behind it', hint: 'tool has things, fail' }
    })
    expect(tool.printed().err).toContain('Usage: tool ')
  })
})

test('the nearest name is found, and nothing that is far', () => {
  const names = ['list', 'show', 'step-down', 'join']
  expect(closest('lsit', names)).toBe('list')
  expect(closest('stepdown', names)).toBe('step-down')
  expect(closest('jion', names)).toBe('join')
  expect(closest('export', names)).toBeUndefined()
  expect(closest('', names)).toBeUndefined()
})

test('words for a shell: those that begin so, on a line each, names before what they stand for', () => {
  const words = [
    { word: 'Alice', about: 'a\nfriend' },
    { word: '0x04', about: 'Alice', named: true },
    { word: 'bob', about: '' }
  ]
  expect(wordLines(words, '')).toBe('Alice\ta friend\nbob\t\n')
  expect(wordLines(words, 'a')).toBe('Alice\ta friend\n')
  expect(wordLines(words, '0X')).toBe('0x04\tAlice\n')
})

test('the value of a flag in a line that is being typed', () => {
  expect(valueInLine(['tool', '--place', 'a', '--place=b', 'x'], '--place')).toBe('b')
  expect(valueInLine(['tool', '--place=a', '--place', 'b'], '--place')).toBe('b')
  expect(valueInLine(['tool', '--places', 'a'], '--place')).toBeUndefined()
})

test('several modules are one kit', async () => {
  expect(await modules(Promise.resolve({ a: 1 }), Promise.resolve({ b: 2 }))).toEqual({ a: 1, b: 2 })
})
