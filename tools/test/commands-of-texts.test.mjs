// Every command of the program that a text shows is parsed by the program itself: a flag, a choice or a number of arguments that it does not
// take is a failure.
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../apps/cli/src/program.ts'
import { codeBlocks } from '../code-blocks.mjs'

/** The words of a line as a shell reads it, each command of a pipe apart. */
function commandsOf(line) {
  const commands = [[]]
  for (const [, single, double, mark, comment, word] of line.matchAll(
    /'([^']*)'|"([^"]*)"|(\|\||&&|[;|])|((?:^|\s)#.*$)|([^\s'"|;]+)/g
  )) {
    if (comment !== undefined) break
    if (mark === undefined) commands.at(-1).push(single ?? double ?? word)
    else commands.push([])
  }
  return commands.filter(words => words.length > 0)
}

/** What the words of a command give to the program; undefined when they start another. */
function argumentsOf(words) {
  const [first, second, third, ...rest] = words.filter((word, at) => at > 0 || !/^[A-Z_]+=/.test(word))
  if (first === 'status-stack') return [second, third, ...rest].filter(word => word !== undefined)
  if (first === 'npx' && second === 'status-stack') return [third, ...rest].filter(word => word !== undefined)
  return first === 'npm' && second === 'start' && third === '--' ? rest : undefined
}

/** What the parser says of arguments; undefined when it takes them. */
function parseProblem(given) {
  const program = createProgram({ writeOut: () => {}, writeErr: () => {} })
  const idle = command => {
    if (command.commands.length === 0) command.action(() => {})
    for (const child of command.commands) idle(child)
  }
  idle(program)
  // Flags of all commands are taken wherever they stand.
  const shared = []
  const own = []
  for (let at = 0; at < given.length; at += 1) {
    const option = program.options.find(each => each.long === given[at])
    if (option === undefined) own.push(given[at])
    else shared.push(given[at], ...(option.required ? [given[++at]] : []))
  }
  try {
    program.parse([...shared, ...own], { from: 'user' })
    return undefined
  } catch (error) {
    return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)
      ? undefined
      : error.message
  }
}

const shown = codeBlocks()
  .filter(({ language }) => language === 'sh')
  .flatMap(({ file, line, code }) =>
    code
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap(text => commandsOf(text).map(argumentsOf))
      .filter(given => given !== undefined)
      .map(given => ({ place: `${file}:${line}`, given }))
  )

describe('commands that texts show', () => {
  test('there are some', () => expect(shown.length).toBeGreaterThan(40))
  test.each(shown)('$place: $given', ({ given }) => expect(parseProblem(given)).toBeUndefined())
})

describe('what the program does not take is found', () => {
  const problem = line => parseProblem(argumentsOf(commandsOf(line)[0]))
  test.each([
    ['status-stack send --to zQ3sh… --too hello', "unknown option '--too'"],
    ['npm start -- node --privacy tor', "'tor' is invalid"],
    ['status-stack send --to Bob one two', 'too many arguments'],
    ['npx status-stack contactz add Bob', "unknown command 'contactz'"]
  ])('%s', (line, words) => expect(problem(line)).toContain(words))
  test('flags of all commands are taken wherever they stand', () =>
    expect(problem('status-stack whoami --json --profile alice')).toBeUndefined())
  test('a pipe has several commands, and a comment none', () =>
    expect(commandsOf("echo 'a | b' | status-stack call send -   # and more | words")).toEqual([
      ['echo', 'a | b'],
      ['status-stack', 'call', 'send', '-']
    ]))
})
