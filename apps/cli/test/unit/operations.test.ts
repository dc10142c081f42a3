import { readFileSync } from 'node:fs'
import { commandTree } from '@status-stack/command-line'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/program.ts'
import { settingKinds } from '../../src/setting-kinds.ts'

const read = (path: string): string => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8')
const guide = read('operations.md')
const unit = read('systemd/status-stack-node.service')

test('the operations guide names only flags, settings and variables that exist', () => {
  const tree = commandTree(createProgram())
  const flags = new Set(tree.flatMap(node => node.flags.map(({ name }) => name)))
  const forNode = /NODE_OPTIONS=(--[a-z-]+)\S*/g
  const nodes = [...`${guide}${unit}`.matchAll(forNode)].map(([, flag = '']) => flag)
  expect(nodes.length).toBeGreaterThan(0)
  expect(nodes.filter(flag => !process.allowedNodeEnvironmentFlags.has(flag))).toEqual([])
  const ours = `${guide}${unit}`.replaceAll(forNode, '')
  const named = [...ours.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(flag => !flags.has(flag) && flag !== '--global')).toEqual([])
  const toml = /```toml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
  const keys = [...toml.matchAll(/^([a-z_]+) =/gm)].map(([, key]) => key)
  expect(keys.length).toBeGreaterThan(3)
  const known = Object.values(settingKinds)
  expect(keys.filter(key => !known.some(kind => kind.key === key))).toEqual([])
  const variables = [...unit.matchAll(/^Environment=(STATUS_STACK_[A-Z_]+)=/gm)].map(([, name]) => name)
  // The settings file itself is not a setting.
  expect(variables.filter(name => !known.some(kind => kind.variable === name))).toEqual(['STATUS_STACK_CONFIG'])
})

test('the exit codes that a service must not restart on are those of the guide', () => {
  expect(unit).toContain('RestartPreventExitStatus=2 3 5 6')
  expect(guide).toContain('restart on 2, 3, 5 and 6')
})
