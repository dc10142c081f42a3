import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandTree } from '@status-stack/command-line'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createProgram } from '../../src/program.ts'
import { createSandbox, type Sandbox } from './cli.ts'
import { createTerminals, hasTerminal } from './terminal.ts'

let sandbox: Sandbox
beforeEach(() => {
  sandbox = createSandbox()
})
afterEach(() => sandbox.dispose())

function bashCandidates(script: string, words: readonly string[]): string[] {
  const file = join(sandbox.folder, 'completion.bash')
  writeFileSync(file, script)
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `source ${file}; COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _status_stack; printf '%s\\n' "\${COMPREPLY[@]}"`
    ],
    { encoding: 'utf8' }
  )
  expect(stderr).toBe('')
  return stdout.split('\n').filter(line => line !== '')
}

test('bash completes commands, subcommands, flags and choices from the script', async () => {
  const { stdout } = await sandbox.run(['completion', 'bash'])
  expect(bashCandidates(stdout, ['status-stack', 'con'])).toEqual(expect.arrayContaining(['config', 'conformance']))
  expect(bashCandidates(stdout, ['status-stack', 'config', 'sh'])).toEqual(['show'])
  expect(bashCandidates(stdout, ['status-stack', 'send', '--to', 'x', '--wa'])).toEqual(['--wait'])
  expect(bashCandidates(stdout, ['status-stack', 'send', '--wait', 'con'])).toEqual(['confirmed'])
})

const nodes = commandTree(createProgram())

/** Candidates of many command lines from one bash: each line's words, the last one to be completed. */
function bashCandidatesOf(script: string, lines: readonly (readonly string[])[]): string[][] {
  const file = join(sandbox.folder, 'completion.bash')
  const asked = lines.map(words => {
    const quoted = words.map(word => `'${word}'`).join(' ')
    return `COMPREPLY=(); COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _status_stack; echo "\${COMPREPLY[*]}"`
  })
  writeFileSync(file, `${script}\n${asked.join('\n')}\n`)
  const { stdout, stderr } = spawnSync('bash', [file], { encoding: 'utf8', cwd: sandbox.folder })
  expect(stderr).toBe('')
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => line.split(' ').filter(word => word !== ''))
}

test('bash completes every command, flag and choice of the tree', async () => {
  const { stdout } = await sandbox.run(['completion', 'bash'])
  const start = nodes.map(({ path }) => ['status-stack', ...path])
  const words = bashCandidatesOf(
    stdout,
    start.map(line => [...line, ''])
  )
  for (const [at, { children, flags, positions }] of nodes.entries()) {
    const choices = positions.flatMap(position => position.choices)
    for (const word of [...children, ...choices, ...flags.map(flag => flag.name)]) expect(words[at]).toContain(word)
  }
  const valued = nodes.flatMap(({ path, flags }) =>
    flags.filter(flag => flag.takesValue).map(flag => ({ line: ['status-stack', ...path, flag.name, ''], flag }))
  )
  const values = bashCandidatesOf(
    stdout,
    valued.map(({ line }) => line)
  )
  for (const [at, { flag, line }] of valued.entries()) {
    const files = /<(file|path)>/.test(flag.usage) ? ['password.txt'] : []
    const expected = flag.choices.length > 0 ? flag.choices : files
    if (expected.length > 0) expect(values[at], line.join(' ')).toEqual(expect.arrayContaining([...expected]))
    else if (!/<folder>|file|path/.test(flag.usage)) expect(values[at], line.join(' ')).toEqual([])
  }
})

test('zsh and fish get every command, flag and choice of the tree', async () => {
  const [zsh, fish] = await Promise.all(
    ['zsh', 'fish'].map(async shell => (await sandbox.run(['completion', shell])).stdout)
  )
  for (const { path, children, flags } of nodes) {
    const label = `_${['status_stack', ...path].join('_').replaceAll('-', '_')}() {`
    const body = zsh?.split(label)[1]?.split(/\n(?=_status_stack)/)[0] ?? ''
    const seen = path.map(word => `__fish_seen_subcommand_from ${word}`).join('; and ') || '__fish_use_subcommand'
    for (const child of children) {
      expect(body).toContain(`'${child}:`)
      expect(fish).toMatch(new RegExp(`-a ${child} -d`))
    }
    for (const { name, choices } of flags) {
      expect(body).toContain(`*${name}[`)
      expect(fish).toContain(`-n '${seen}' -l ${name.slice(2)} `)
      if (choices.length > 0) {
        expect(body).toContain(`(${choices.join(' ')})`)
        expect(fish).toContain(`-a '${choices.join(' ')}'`)
      }
    }
  }
  expect(zsh).not.toContain('participant')
  expect(fish).not.toContain('participant')
})

for (const shell of ['zsh', 'fish']) {
  const there = spawnSync(shell, ['--version']).status === 0
  if (!there) console.warn(`${shell} is not installed: it does not read its completion script here`)
  test.runIf(there)(`${shell} reads its script`, async () => {
    const { stdout } = await sandbox.run(['completion', shell])
    const file = join(sandbox.folder, `completion.${shell}`)
    writeFileSync(file, shell === 'zsh' ? `autoload -U compinit; compinit -u -d ${file}.dump\n${stdout}` : stdout)
    const { status, stderr } = spawnSync(shell, [file], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
}

const zshThere = hasTerminal && spawnSync('zsh', ['--version']).status === 0
if (!zshThere) console.warn('zsh or tmux is not installed: the first Tab of a shell is not tried')
test.runIf(zshThere)('the first Tab of a zsh completes, with the script where shells look for it', async () => {
  const { stdout } = await sandbox.run(['completion', 'zsh'])
  const folder = join(sandbox.folder, 'functions')
  mkdirSync(folder)
  writeFileSync(join(folder, '_status-stack'), stdout)
  const terminals = createTerminals(sandbox)
  try {
    const shell = terminals.openShell('zsh', 100, 24, 'zsh -f')
    const setUp = `fpath=(${folder} $fpath); autoload -U compinit; compinit -u -d ${folder}/dump; PS1='ready> '; clear`
    shell.type(setUp)
    shell.press('Enter')
    await shell.until(/^ready>$/m)
    shell.type('status-stack complet')
    shell.press('Tab')
    await shell.until(/^ready> status-stack completion$/m)
    shell.type(' ba')
    shell.press('Tab')
    await shell.until(/^ready> status-stack completion bash$/m)
  } finally {
    terminals.dispose()
  }
})

test('another shell is refused with a suggestion', async () => {
  const { code, stderr } = await sandbox.run(['completion', 'tcsh'])
  expect(stderr).toContain("shell: expected one of bash, zsh, fish, got 'tcsh'")
  expect(code).toBe(2)
})
