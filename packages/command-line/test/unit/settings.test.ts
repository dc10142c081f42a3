import { describe, expect, test } from 'vitest'
import { CommandLineError } from '../../src/index.ts'
import {
  createSettings,
  notNegative,
  oneOf,
  onOff,
  positive,
  type SettingSources,
  setting,
  settingFlag,
  settingsTemplate,
  text,
  texts,
  whole
} from '../../src/settings.ts'
import { typedValue } from '../../src/settings-file.ts'
import { createTool } from './tool.ts'

const row = { help: 'of tests', expected: 'what fits' }
const kinds = {
  profile: setting<string>({ ...row, fallback: 'default', variable: 'TOOL_PROFILE', key: 'profile', parse: text }),
  timeout: setting<number>({ ...row, fallback: 30, variable: 'TOOL_TIMEOUT', key: 'timeout', parse: positive }),
  peers: setting<readonly string[]>({
    ...row,
    fallback: [],
    variable: 'TOOL_PEERS',
    key: 'peers',
    parse: raw => (texts(raw)?.every(peer => peer.startsWith('enode:')) ? texts(raw) : undefined),
    checkFlag: peer => {
      if (peer.includes('secret')) throw new Error('not in an argument')
    }
  })
} as const
const settings = createSettings({
  kinds,
  prefix: 'TOOL_',
  otherVariables: ['TOOL_CONFIG'],
  sections: { table: 'profiles', chosenBy: 'profile' },
  listing: 'tool config show lists them'
})

const resolve = (sources: Partial<SettingSources>) =>
  settings.resolve({ flags: {}, environment: {}, file: 'tool.toml', text: undefined, ...sources })

describe('a setting', () => {
  test('comes from its default, the file, the table of what is chosen, the environment, the flag', async () => {
    const file = 'timeout = 5\n[profiles.work]\ntimeout = 6\n'
    const timeout = async (sources: Partial<SettingSources>) => {
      const { values, origins } = await resolve(sources)
      return [values.timeout, origins.timeout]
    }
    expect(await timeout({})).toEqual([30, 'default'])
    expect(await timeout({ text: file })).toEqual([5, 'file'])
    const flags = { profile: 'work' }
    expect(await timeout({ text: file, flags })).toEqual([6, 'file'])
    expect(await timeout({ text: file, environment: { TOOL_PROFILE: 'work', TOOL_TIMEOUT: '' } })).toEqual([6, 'file'])
    const environment = { TOOL_TIMEOUT: '7' }
    expect(await timeout({ text: file, flags, environment })).toEqual([7, 'environment'])
    expect(await timeout({ text: file, environment, flags: { ...flags, timeout: 8 } })).toEqual([8, 'flag'])
  })

  test.each([
    ['timeout = "soon"', 'tool.toml: timeout: expected what fits', undefined],
    ['peers = ["enode:a", "hush"]', 'tool.toml: peers: expected what fits; entry 2 does not fit', undefined],
    ['timeuot = 5', 'tool.toml: there is no setting named timeuot', 'did you mean timeout?'],
    [
      '[profiles.default]\ntimeuot = 5',
      'tool.toml: [profiles.default] there is no setting named timeuot',
      'did you mean timeout?'
    ],
    ['colour = "red"', 'tool.toml: there is no setting named colour', 'tool config show lists them'],
    ['profiles = 3', 'tool.toml: [profiles.default] is not a table', undefined]
  ])('in a file that says %s is refused', async (file, message, hint) => {
    const error = await resolve({ text: file }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'config', origin: 'caller', message, hint })
    expect(CommandLineError.is(error)).toBe(true)
  })

  test('of a file that is no TOML: the place is named', async () => {
    await expect(resolve({ text: 'timeout = 5 5' })).rejects.toThrow('tool.toml:1:13: ')
  })

  test('of the environment is refused by the name of its variable, without its value', async () => {
    const environment = { TOOL_PEERS: 'enode:a,hush' }
    await expect(resolve({ environment })).rejects.toThrow('TOOL_PEERS: expected what fits; entry 2 does not fit')
  })

  test('is found by its key', () => {
    expect(settings.kindOf('timeout')).toBe(kinds.timeout)
    expect(() => settings.kindOf('timeuot')).toThrow('there is no setting named timeuot')
  })

  test('is typed as texts: a list of several, anything else as one', () => {
    expect(typedValue(kinds.peers, ['enode:a', 'enode:b'], true)).toEqual(['enode:a', 'enode:b'])
    expect(typedValue(kinds.timeout, ['5'], true)).toBe(5)
    expect(() => typedValue(kinds.timeout, ['soon'], true)).toThrow('timeout: expected what fits')
    expect(() => typedValue(kinds.peers, ['enode:secret'], true)).toThrow('not in an argument')
    expect(typedValue(kinds.peers, ['enode:secret'], false)).toEqual(['enode:secret'])
  })

  test('whose value is of today stays as it was written', () => {
    const since = setting<number>({
      ...row,
      fallback: 0,
      variable: 'TOOL_SINCE',
      key: 'since',
      parse: raw => (typeof raw === 'string' ? 1_700_000_000 : undefined)
    })
    expect(typedValue(since, ['24', 'h'], true)).toBe('24 h')
  })
})

test('a file is checked as a whole', async () => {
  await settings.check('timeout = 5\n[profiles.work]\ntimeout = 6\n', 'tool.toml')
  await expect(settings.check('[profiles.work]\ntimeout = 0\n', 'tool.toml')).rejects.toThrow('timeout: expected')
  await expect(settings.check('profiles = 3', 'tool.toml')).rejects.toThrow('profiles is not a table')
})

test('variables with a slip are told, and others are nobody’s business', () => {
  expect(settings.unknownVariables({ TOOL_TIMEUOT: '1', TOOL_CONFIG: 'x', TOOL_PEERS: '', PATH: '/' })).toEqual([
    { name: 'TOOL_TIMEUOT', meant: 'TOOL_TIMEOUT' }
  ])
})

test('values fit, or are undefined', () => {
  expect([text(''), text('a'), texts('a, b'), texts([1])]).toEqual([undefined, 'a', ['a', 'b'], undefined])
  expect([positive('0'), positive('2'), notNegative('0'), notNegative(' ')]).toEqual([undefined, 2, 0, undefined])
  expect([whole(1, 3)('3'), whole(1, 3)(4), whole(1, 3)('')]).toEqual([3, undefined, undefined])
  expect([onOff(true), onOff('off'), onOff('yes'), oneOf('a', 'b')('b')]).toEqual(['on', 'off', undefined, 'b'])
})

test('a flag of a list may not hold what must not be read by others', async () => {
  await expect(createTool().run('things', 'list', '--tag', 'secret')).rejects.toThrow('not in an argument')
})

test('a flag of a list with entries to judge refuses each that does not fit', () => {
  const option = settingFlag('peers', { ...kinds.peers, flag: '--peer <enode>', each: 'an enode' })
  expect(() => option.parseArg?.('hush', undefined)).toThrow('expected an enode')
  expect(option.parseArg?.('enode:b', ['enode:a'])).toEqual(['enode:a', 'enode:b'])
})

test('a template has every setting as a comment', () => {
  expect(settingsTemplate({ timeout: kinds.timeout }, { above: ['# A'], below: ['# Z'] })).toBe(
    '# A\n\n# of tests\n# what fits; TOOL_TIMEOUT\n#timeout = 30\n\n# Z'
  )
})
