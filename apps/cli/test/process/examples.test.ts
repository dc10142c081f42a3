import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ended, jsonLines } from './cli.ts'
import { undocumented } from './world/documentation.ts'
import { allExamples, commandOf, nodes } from './world/examples.ts'
import { missingIn } from './world/facts.ts'
import { openTerminal } from './world/terminal.ts'
import { type Copy, createWorld, type World } from './world/world.ts'

/** These need a session on a desktop, or an editor: keyring.test.ts and management.test.ts try them. */
const needsMore = (line: string): boolean => /^status-stack (account forget-key|config edit)$/.test(line)
const examples = allExamples().filter(({ line }) => !needsMore(line))
/** What is said to those who listen. */
const question = 'is anybody here?'
/**
 * The relay holds what earlier lines said: whether that still comes before the end is chance, and no fact of this line. Each line has a copy
 * of the same profile, so that what is sealed for one of them may not open for another.
 */
const isLeftover = (line: string, { event, source, text }: Readonly<Record<string, unknown>>): boolean =>
  event === 'refused' || (event === 'message' && source === 'live' && !(text === question && line.includes('listen')))

/** These end when they are told to. */
const goesOn = (line: string): boolean => {
  const command = commandOf(line)
  return (
    ['node', 'mailserver', 'daemon', 'chat', 'web'].includes(command) ||
    (command === 'listen' && !/--count|--for/.test(line))
  )
}
/** These ask on a terminal; they are run in one below. */
const asks = (line: string): boolean =>
  /^status-stack (account password|account recover)$/.test(line) || /^status-stack chat (?!.*--to)/.test(line)

/**
 * Lines that are run with `--json` as well, each in a copy of the same world: those that bring a command or a flag that
 * none before them had. The demo's JSON has a test of its own.
 */
const twice = new Set<string>()
const known = new Set(['demo'])
for (const { line } of examples.filter(one => !asks(one.line))) {
  const command = commandOf(line)
  const brings = [command, ...(line.match(/--[a-z-]+/g) ?? []).map(flag => `${command} ${flag}`)]
  // With --stdio stdout belongs to the calls.
  if (command !== 'demo' && !line.includes('--stdio') && brings.some(one => !known.has(one))) twice.add(line)
  for (const one of brings) known.add(one)
}

interface Runs {
  readonly text: Ended
  /** Of the lines that are run both ways. */
  readonly json?: Ended
}

let world: World
let results: Map<string, Promise<Runs>>

beforeAll(async () => {
  world = await createWorld()
  const online = examples.filter(({ line }) => line.includes('enode://'))
  const offline = examples.filter(({ line }) => !asks(line) && !line.includes('enode://'))
  results = new Map()
  // Alice can be online once at a time, so what meets the relay runs one after the other.
  let before: Promise<unknown> = Promise.resolve()
  for (const { line } of online.filter(({ line }) => !asks(line))) {
    const runs = before.then(() => both(line))
    results.set(line, runs)
    before = runs.catch(() => {})
  }
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
  for (const [index, { line }] of offline.entries()) {
    const runs = (lanes[index % 2] ?? Promise.resolve()).then(() => both(line))
    results.set(line, runs)
    lanes[index % 2] = runs.catch(() => {})
  }
  for (const runs of results.values()) runs.catch(() => {})
})

afterAll(() => world.dispose())

async function both(line: string): Promise<Runs> {
  const plain = line.replace(' --json', '')
  const text = await once(plain)
  return twice.has(line) ? { text, json: await once(plain.replace('status-stack', 'status-stack --json')) } : { text }
}

async function once(line: string): Promise<Ended> {
  const copy = world.copy(line)
  const filled = world.fill(line)
  if (commandOf(line) === 'call') return withDaemon(copy, filled)
  if (goesOn(line)) {
    return copy.run(filled, text => {
      const ready = /ends it|chatting with|"event":"ready"/.test(text)
      const synced = /came from mailserver|"event":"sync","state":"done"/
      return (
        ready &&
        (!filled.includes('--peer') || /connected/.test(text)) &&
        (!filled.includes('--sync-from') || synced.test(text))
      )
    })
  }
  if (!line.includes('listen')) return copy.run(filled)
  let said = false
  return copy.run(filled, async text => {
    if (!said && /connected/.test(text)) {
      said = true
      await world.say(question)
    }
    return false
  })
}

/** Runs the line while a daemon serves the same profile. */
async function withDaemon(copy: Copy, line: string): Promise<Ended> {
  let answer: Promise<Ended> | undefined
  await copy.run('status-stack daemon', async text => {
    if (!/Ctrl-C ends it/.test(text)) return false
    answer ??= copy.run(line)
    await answer
    return true
  })
  if (answer === undefined) throw new Error('the daemon did not begin')
  return answer
}

describe('the examples of the help texts', () => {
  test('every command has one', () => {
    expect(nodes.filter(node => node.examples === '').map(node => node.path.join(' '))).toEqual([])
  })

  test('every placeholder is one that stands for something', () => {
    expect(
      examples
        .filter(({ line }) => !line.includes('--wait'))
        .map(({ line }) => world.fill(line))
        .filter(line => line.includes('…'))
    ).toEqual([])
  })

  test.each(examples.filter(({ line }) => !asks(line)).map(({ line }) => line))('%s', async line => {
    const { text, json } = (await results.get(line)) as Runs
    for (const run of json === undefined ? [text] : [text, json]) {
      expect(run.stderr + run.stdout).not.toMatch(/\n\s+at /)
      expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
    }
  })
})

describe('with --json', () => {
  test.each([...twice])('each fact of %s is in its text too', async line => {
    const { text, json } = (await results.get(line)) as Required<Runs>
    const all = text.stdout + text.stderr
    expect(
      jsonLines(json.stdout)
        .filter(event => !isLeftover(line, event))
        .flatMap(event => missingIn(all, event)),
      all
    ).toEqual([])
  })

  test.each([...twice])('each line of %s carries the format, and each field is documented', async line => {
    const { json } = (await results.get(line)) as Required<Runs>
    const lines = jsonLines(json.stdout)
    expect(lines.length > 0 || commandOf(line).endsWith(' list') || line.includes('fetch')).toBe(true)
    for (const event of lines) expect(event['format']).toBe(1)
    expect(undocumented(lines)).toEqual([])
    expect(json.stderr).toBe('')
  })
})

describe('on a terminal', () => {
  const there = spawnSync('tmux', ['-V']).status === 0
  if (!there) console.warn('tmux is not installed: the examples that ask on a terminal are not run')

  /** What the screen must show, and what is typed then. */
  const dialogue = (line: string): readonly (readonly [RegExp, string])[] => {
    if (line.includes('recover')) return [[/Recovery phrase/, world.words]]
    const fresh = 'another password'
    return line.includes('password')
      ? [
          [/New password/, fresh],
          [/Again/, fresh]
        ]
      : [[/#status/, '/quit']]
  }

  test.runIf(there).each(examples.filter(({ line }) => asks(line)).map(({ line }) => line))('%s', async line => {
    // Alice is online in the other lines until then.
    await Promise.all(results.values())
    const copy = world.copy(line)
    const screen = openTerminal(copy, world.fill(line))
    try {
      for (const [shows, answer] of dialogue(line)) {
        await screen.until(shows)
        screen.type(answer)
      }
      expect(await screen.until(/exit code \d+/)).toMatch(/exit code 0\b/)
    } finally {
      screen.close()
    }
  })
})
