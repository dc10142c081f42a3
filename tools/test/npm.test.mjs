import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { command } from '../npm.mjs'

describe('npm and npx', () => {
  test('are started as they are where they are programs', () => {
    const { status, stdout } = spawnSync(...command('npx', ['--version']), { encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\s*$/)])
  })

  test('are run by Node on Windows, whose folder has a space in its name', () => {
    const windows = { platform: 'win32', execPath: 'C:\\Program Files\\nodejs\\node.exe' }
    expect(command('npm', ['install', 'a b'], windows)).toEqual([
      'C:\\Program Files\\nodejs\\node.exe',
      ['C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js', 'install', 'a b']
    ])
    expect(command('git', ['status'], windows)).toEqual(['git', ['status']])
  })
})
