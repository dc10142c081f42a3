import { expect, test } from 'vitest'
import { describeProtection, isWeaker, mayPost, mayShow, shownProtection, weakerOf } from '../../src/sending/policy.ts'
import type { ShownProtection } from '../../src/types.ts'

test('A-18 a null channel to an identity needs the policy and a transport that reaches nobody else', () => {
  const off = { minimum: 'auto', pfs: 'off' } as const
  const on = { minimum: 'auto', pfs: 'on' } as const
  expect(mayPost(shownProtection('none', 'addressee-confidential'), off)).toBe(true)
  expect(mayPost(shownProtection('none', 'addressee-confidential'), on)).toBe(false)
  expect(mayPost(shownProtection('none', 'group-readable'), off)).toBe(false)
  expect(mayPost(shownProtection('none', 'group-readable'), { minimum: 'any', pfs: 'off' })).toBe(false)
  expect(mayPost(shownProtection('none', 'addressee-confidential'), { minimum: 'static-key', pfs: 'off' })).toBe(false)
})

test('every cell of the protection table', () => {
  for (const guarantee of ['addressee-confidential', 'group-readable'] as const) {
    expect(shownProtection('forward-secret', guarantee)).toBe('forward-secret')
    expect(shownProtection('static-key', guarantee)).toBe('static-key')
  }
  expect(shownProtection('none', 'addressee-confidential')).toBe('transport-only')
  expect(shownProtection('none', 'group-readable')).toBe('public')
})

test('under auto nothing weaker than the strongest seen from that device is shown; any lets it through', () => {
  const auto = { minimum: 'auto', pfs: 'on' } as const
  expect(mayShow('static-key', 'forward-secret', auto)).toBe(false)
  expect(mayShow('static-key', 'static-key', auto)).toBe(true)
  expect(mayShow('transport-only', 'none', auto)).toBe(true)
  expect(mayShow('public', 'none', auto)).toBe(false)
  expect(mayShow('transport-only', 'forward-secret', { minimum: 'any', pfs: 'on' })).toBe(true)
  expect(mayShow('static-key', 'none', { minimum: 'forward-secret', pfs: 'on' })).toBe(false)
})

const byStrength: readonly ShownProtection[] = ['public', 'transport-only', 'static-key', 'forward-secret']

test('protections have an order, and of two the weaker one counts', () => {
  for (const [at, a] of byStrength.entries()) {
    for (const [other, b] of byStrength.entries()) {
      expect(isWeaker(a, b)).toBe(at < other)
      expect(weakerOf(a, b)).toBe(byStrength[Math.min(at, other)])
    }
    expect([weakerOf(a, undefined), weakerOf(undefined, a)]).toEqual([a, a])
  }
  expect(weakerOf(undefined, undefined)).toBeUndefined()
})

test.each([
  ['auto', 'on', ['static-key', 'forward-secret']],
  ['any', 'on', ['static-key', 'forward-secret']],
  ['static-key', 'on', ['static-key', 'forward-secret']],
  ['forward-secret', 'on', ['forward-secret']],
  ['auto', 'off', ['transport-only', 'static-key', 'forward-secret']],
  ['any', 'off', ['transport-only', 'static-key', 'forward-secret']],
  ['static-key', 'off', ['static-key', 'forward-secret']],
  ['forward-secret', 'off', ['forward-secret']]
] as const)('with %s as minimum and PFS %s, these may be posted: %j', (minimum, pfs, allowed) => {
  expect(byStrength.filter(shown => mayPost(shown, { minimum, pfs }))).toEqual(allowed)
})

test('each protection has words for people', () => {
  expect(byStrength.map(describeProtection)).toEqual([
    'public',
    'transport only (PFS off)',
    'encrypted, no forward secrecy',
    'forward secret'
  ])
})
