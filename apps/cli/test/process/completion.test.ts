import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from './cli.ts'

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
  expect(bashCandidates(stdout, ['status-stack', 'config', 's'])).toEqual(['show'])
  expect(bashCandidates(stdout, ['status-stack', 'send', '--to', 'x', '--wa'])).toEqual(['--wait'])
  expect(bashCandidates(stdout, ['status-stack', 'send', '--wait', 'con'])).toEqual(['confirmed'])
})

test.each(['zsh', 'fish'])('%s gets a script that names every command', async shell => {
  const { code, stdout } = await sandbox.run(['completion', shell])
  expect(code).toBe(0)
  for (const word of ['send', 'chat', 'config', 'conformance', 'whoami']) expect(stdout).toContain(word)
  expect(stdout).not.toContain('participant')
})

test('another shell is refused with a suggestion', async () => {
  const { code, stderr } = await sandbox.run(['completion', 'tcsh'])
  expect(stderr).toContain('choose bash, zsh or fish')
  expect(code).toBe(2)
})
