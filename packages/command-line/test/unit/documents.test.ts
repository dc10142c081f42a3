import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generators } from '../../src/completion.ts'
import { commandTree } from '../../src/index.ts'
import { type ManProgram, manPage, settingsManPage } from '../../src/man.ts'
import { createTool } from './tool.ts'

const { program, kinds } = createTool()
const nodes = commandTree(program)
const nodeOf = (...path: readonly string[]) => nodes.find(node => node.path.join() === path.join())!

describe('the tree', () => {
  test('has every visible command with its path, its usage and what it takes', () => {
    expect(nodes.map(({ path }) => path.join(' '))).toEqual(['', 'things', 'things list', 'things take', 'fail'])
    expect(nodeOf('things', 'take')).toMatchObject({
      usage: 'tool things take [options] <colour> [files...]',
      children: [],
      positions: [
        { name: 'colour', choices: ['red', 'green'], many: false },
        { name: 'files', choices: [], many: true }
      ],
      examples: '  tool things take red   the red ones'
    })
    expect(nodeOf('things', 'take').flags.map(({ name, fallback }) => [name, fallback])).toEqual([
      ['--for', '5'],
      ['--with', undefined],
      ['--version', undefined],
      ['--quiet', undefined],
      ['--place', undefined]
    ])
    expect(nodeOf().flags.at(-1)).toMatchObject({ usage: '--place <name>', setting: 'place', words: 'places' })
  })
})

describe('completions', () => {
  const hasShell = (name: string): boolean => spawnSync(name, ['--version']).status === 0

  test.skipIf(!hasShell('bash'))(
    'bash completes words, flags and choices, and asks the program for what it knows',
    () => {
      const script = generators['bash']?.('tool', nodes) ?? ''
      const ask = (...words: readonly string[]): readonly string[] => {
        const { stdout, stderr } = spawnSync('bash', ['--norc'], {
          encoding: 'utf8',
          // The program in its place answers with the kind that it is asked for.
          input: `tool() { printf '%s\\t%s\\n' "$2-of-$3" about; }
${script}
COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _tool; printf '%s\\n' "\${COMPREPLY[@]}"
`
        })
        expect(stderr).toBe('')
        return stdout.split('\n').filter(line => line !== '')
      }
      expect(ask('tool', 'th')).toEqual(['things'])
      expect(ask('tool', 'things', 'ta')).toEqual(['take'])
      expect(ask('tool', 'things', 'take', '--wi')).toEqual(['--with'])
      expect(ask('tool', 'things', 'take', 'gr')).toEqual(['green'])
      expect(ask('tool', 'things', 'list', 'x')).toEqual(['things-of-x'])
      expect(ask('tool', 'fail', '--place', 'x')).toEqual(['places-of-x'])
    }
  )

  test.each(['zsh', 'fish'])('%s reads its script without an error, and it names every command', shell => {
    const script = generators[shell]?.('tool', nodes) ?? ''
    for (const { path } of nodes.slice(1)) expect(script).toContain(path.at(-1))
    for (const word of ['with', 'red green', 'complete-words']) expect(script).toContain(word)
    if (!hasShell(shell)) return
    const folder = mkdtempSync(join(tmpdir(), 'command-line-'))
    try {
      const file = join(folder, 'script')
      writeFileSync(file, script)
      expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('man pages', () => {
  const shared: ManProgram = {
    name: 'tool',
    version: '1.2.3',
    kinds,
    variables: [['TOOL_CONFIG', 'the settings file']],
    files: [['/etc/tool.toml', 'settings']],
    exitStatus: '0 done, 1 failed.',
    settingsPage: 'tool-config'
  }

  test('of a command: what it takes, the variables of its flags, the pages beside it', () => {
    const page = manPage(nodeOf('things', 'take'), nodes, shared).replaceAll('\\-', '-')
    expect(page.match(/^\.SH .*$/gm)).toEqual([
      '.SH NAME',
      '.SH SYNOPSIS',
      '.SH ARGUMENTS',
      '.SH OPTIONS',
      '.SH EXAMPLES',
      '.SH EXIT STATUS',
      '.SH ENVIRONMENT',
      '.SH FILES',
      '.SH SEE ALSO'
    ])
    expect(page).toContain('.I colour\nwhich.\nOne of: red, green.\n')
    expect(page).toContain('.B --for <seconds>\nhow long.\nDefault: 5.\n')
    expect(page).toContain('.B TOOL_PLACE\nwhere things are\n.TP\n.B TOOL_CONFIG\n')
    expect(page).not.toContain('TOOL_TAGS')
    expect(page.split('.SH SEE ALSO\n')[1]).toBe('.BR tool (1) ,\n.BR tool-things (1) ,\n.BR tool-config (5)\n')
  })

  test('of a group: the commands below it; of the program: all variables', () => {
    const page = manPage(nodeOf('things'), nodes, shared)
    expect(page).toContain('.SH COMMANDS\n.TP\n.B things list\nwhat there is\n.TP\n.B things take\n')
    expect(manPage(nodeOf(), nodes, shared)).toContain('.B TOOL_TAGS\n')
  })

  test('of the settings file: each setting with its flag, its variable and its default', () => {
    const page = settingsManPage(shared, {
      synopsis: '/etc/tool.toml',
      description: ['It is TOML.'],
      example: '.hidden = 1',
      related: ['tool', 'tool-things']
    }).replaceAll('\\-', '-')
    expect(page).toContain(
      '.B place\nwhere things are.\nExpects a place. Default: "here".\n.br\nFlag --place <name>, variable TOOL_PLACE.\n'
    )
    // A line that begins with a dot would be an instruction.
    expect(page).toContain('\n\\&.hidden = 1\n')
    expect(page.split('.SH SEE ALSO\n')[1]).toBe('.BR tool (1) ,\n.BR tool-things (1)\n')
  })
})
