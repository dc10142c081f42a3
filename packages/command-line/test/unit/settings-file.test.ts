import fc from 'fast-check'
import { parse } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import type { SettingValue } from '../../src/settings/kinds.ts'
import { tomlValue } from '../../src/settings/toml.ts'
import { withSetting } from '../../src/settings-file.ts'

const set = (text: string, key: string, value: SettingValue, profile?: string) =>
  withSetting(text, {
    key,
    value,
    ...(profile === undefined ? {} : { section: { table: 'profiles', name: profile } })
  })

const file = `# mine
timeout = 20 # seconds

peers = [ # the relays
  "one", # the first
  "two"
]
privacy = "waku"

# of work alone
[profiles.work]
timeout = 5
[profiles."a.b"]
pfs = "off"
`

describe('one setting of a file', () => {
  test('changes, and every other line stays', () => {
    expect(set(file, 'privacy', 'both')).toBe(file.replace('"waku"', '"both"'))
    expect(set(file, 'peers', ['three'])).toBe(
      file.replace(/peers = [^\]]*\]/, '# the relays\n# the first\npeers = ["three"]')
    )
    expect(set(file, 'timeout', 6, 'work')).toBe(file.replace('timeout = 5', 'timeout = 6'))
    expect(set(file, 'pfs', 'on', 'a.b')).toBe(file.replace('"off"', '"on"'))
  })

  test('keeps the comment behind it, whatever its value has of signs that look like one', () => {
    expect(set(file, 'timeout', 9)).toBe(file.replace('timeout = 20 #', 'timeout = 9 #'))
    expect(set('opener = "a # b" \t# mine # and yours\n', 'opener', 'c # d')).toBe(
      'opener = "c # d" \t# mine # and yours\n'
    )
    expect(set("opener = 'a \" # b'# mine\n", 'opener', 'c')).toBe('opener = "c"# mine\n')
    expect(set('opener = "a # b"\n', 'opener', 'c')).toBe('opener = "c"\n')
    expect(set('peers = ["#one"] # home\n', 'peers', undefined)).toBe('')
  })

  test('is added at the end of its section, before the tables', () => {
    expect(set(file, 'bell', 'off')).toBe(file.replace('"waku"\n', '"waku"\nbell = "off"\n'))
    expect(set(file, 'bell', 'off', 'work')).toBe(file.replace('timeout = 5\n', 'timeout = 5\nbell = "off"\n'))
    expect(set(file, 'bell', 'off', 'new')).toBe(`${file}\n[profiles.new]\nbell = "off"\n`)
    expect(set('', 'bell', 'off')).toBe('bell = "off"\n')
    expect(set('', 'bell', 'off', 'x.y')).toBe('[profiles."x.y"]\nbell = "off"\n')
  })

  test('is taken out, with all lines of its value', () => {
    expect(set(file, 'peers', undefined)).toBe(file.replace(/peers = [^\]]*\]\n/, ''))
    expect(set(file, 'bell', undefined)).toBe(file)
    expect(set('bell = "off"\n', 'bell', undefined)).toBe('')
  })

  test('is not changed where that needs a guess', () => {
    for (const text of ['profiles = { work = { timeout = 5 } }\n', 'profiles.work.timeout = 5\n', 'broken = \n'])
      expect(set(text, 'timeout', 6, 'work')).toBeUndefined()
    expect(set('"""\nbell = 1\n', 'bell', 'on')).toBeUndefined()
  })

  test('whatever the value, a reader finds it and nothing else has changed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).filter(one => !/\p{Cs}/u.test(one))
    fc.assert(
      fc.property(fc.oneof(text, fc.array(text, { maxLength: 4 }), fc.integer()), value => {
        const after = set(file, 'nat', value as SettingValue)
        expect(after).toBeDefined()
        expect(parse(after ?? '')).toEqual({ ...parse(file), nat: value })
      })
    )
  })
})

test('a value is written as TOML', () => {
  expect([tomlValue('a"b\\\u007f\n'), tomlValue(['x']), tomlValue(0.000002)]).toEqual([
    '"a\\"b\\\\\\u007F\\n"',
    '["x"]',
    '0.000002'
  ])
})
