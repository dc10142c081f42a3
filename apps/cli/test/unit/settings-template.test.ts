import type { SettingKind, SettingValue } from '@status-stack/command-line/settings'
import { parse } from 'smol-toml'
import { expect, test } from 'vitest'
import { settingKinds } from '../../src/setting-kinds.ts'
import { configTemplate } from '../../src/settings.ts'
import { createHome } from './run-here.ts'

test('the template names every setting, and taken in it says what is so without it', () => {
  const template = configTemplate()
  expect(parse(template)).toEqual({})
  const lines = template.split('\n')
  const taken = parse(
    lines
      .slice(0, lines.indexOf('#[profiles.work]'))
      .filter(line => /^#[a-z_]+ = ./.test(line))
      .map(line => line.slice(1))
      .join('\n')
  )
  for (const kind of Object.values<SettingKind<SettingValue>>(settingKinds)) {
    expect(template).toContain(`\n#${kind.key} =`)
    if (kind.fallback === undefined) continue
    expect(taken[kind.key]).toEqual(kind.fallback)
    expect(kind.parse(taken[kind.key]), kind.key).toEqual(kind.fallback)
  }
})

test('of a long list of choices a slip gets what was meant, not the whole', async () => {
  const home = createHome()
  try {
    const { code, stderr } = await home.run(['config', 'set', 'timeuot', '5'])
    expect([code, stderr]).toEqual([2, "status-stack: key: there is no 'timeuot'\n  Did you mean timeout?\n"])
  } finally {
    home.dispose()
  }
})
