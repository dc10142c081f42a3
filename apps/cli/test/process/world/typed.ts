import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
// @ts-expect-error: a script of the repository, without types
import { typedLines, typeLine } from '../../../../../tools/typist.mjs'
import { patienceMs, type Sandbox } from '../cli.ts'
import { openTerminal, type Terminal } from './terminal.ts'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const root = fileURLToPath(new URL('../../../../../', import.meta.url))
export const hasTmux = spawnSync('tmux', ['-V']).status === 0

/** What stands below a heading of a text. */
export function proseBelow(file: string, heading: string): string {
  const sections = readFileSync(join(root, file), 'utf8').split(/^## /m)
  const section = sections.find(each => each.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`${file} has no section "${heading}"`)
  return section
}

/** The shell blocks below a heading of a text, each as the lines that somebody types. */
export function blocksBelow(file: string, heading: string): readonly (readonly string[])[] {
  return [...proseBelow(file, heading).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, code = '']) => typedLines(code))
}

/** A person at a machine that has nothing but the program. */
export interface Person {
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}

/** A line that has ended well, or that serves until it is told to end. */
export interface Typed {
  readonly text: string
  /** Throws unless it ends, or has ended, well. */
  readonly end: () => Promise<void>
}

/** Types lines of texts, and puts what one of them prints where the next says `…`. */
export function createTypist(sandbox: Sandbox) {
  const bin = join(sandbox.folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'status-stack'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(join(bin, 'status-stack'), 0o755)
  const lines: Typed['end'][] = []
  const terminals: Terminal[] = []
  let [enode, link, key] = ['', '', '']

  /** On loopback, at a free port, with what was printed before. */
  const fill = (line: string): string =>
    line
      .replace(/\b(0\.0\.0\.0|127\.0\.0\.1):\d+/g, '127.0.0.1:0')
      .replace('--nat any', '--nat none')
      .replace(/^status-stack web$/, '$& --http 127.0.0.1:0')
      .replace(/'(https:\/\/join\.status\.im\/u\/zQ3sh…[^']*|<link>)'/, `'${link}'`)
      .replace(/enode:\/\/…(@host:30303)?/g, enode)
      .replace(/zQ3sh…/g, key)

  const learn = (text: string): void => {
    enode = /enode:\/\/[0-9a-f]{128}@\S+/.exec(text)?.[0] ?? enode
    link = /https:\/\/join\.status\.im\/u\/\S+/.exec(text)?.[0] ?? link
    key = /^zQ3sh\w+$/m.exec(text)?.[0] ?? key
  }

  /** Resolves with what the line printed, once it has ended well or says that it goes on. */
  async function typed({ folder, environment }: Person, line: string): Promise<Typed> {
    const filled = fill(line)
    const one = await typeLine({
      line: filled,
      cwd: filled.startsWith('npm ') ? root : folder,
      env: environment,
      saysItGoesOn: /Ctrl-C ends it/,
      patienceMs
    })
    const before = enode
    learn(one.text())
    const end = async (): Promise<void> => {
      const code = await one.end()
      enode = before
      if (code !== 0) throw new Error(`${filled}: exit code ${code} at its end\n${one.text()}`)
    }
    if (one.goesOn) lines.push(end)
    return { text: one.text(), end }
  }

  return {
    person: (name: string): Person => {
      const folder = join(sandbox.folder, name)
      mkdirSync(folder)
      return {
        folder,
        environment: {
          PATH: `${bin}:${process.env['PATH']}`,
          HOME: folder,
          XDG_DATA_HOME: join(folder, 'data'),
          XDG_CONFIG_HOME: join(folder, 'config'),
          STATUS_STACK_PASSWORD_FILE: join(sandbox.folder, 'password.txt'),
          TZ: 'UTC',
          LC_ALL: 'C.UTF-8',
          NO_COLOR: '1'
        }
      }
    },
    typed,
    /** The line on a terminal of its own. */
    onTerminal: (person: Person, line: string): Terminal => {
      const terminal = openTerminal(person, fill(line))
      terminals.push(terminal)
      return terminal
    },
    /** Ends the lines that go on, the latest first; each has to end well. */
    endAll: async (): Promise<void> => {
      for (const end of lines.splice(0).reverse()) await end()
    },
    closeTerminals: (): void => {
      for (const terminal of terminals.splice(0)) terminal.close()
    }
  }
}
