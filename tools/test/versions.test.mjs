import { expect, test } from 'vitest'
import { carriedBy, missingReleases } from '../versions.mjs'

const packages = new Map(
  [
    { name: 'curve' },
    {
      name: 'ratchet',
      dependencies: { curve: 'workspace:^', elsewhere: '1.0.0' },
      devDependencies: { vectors: 'workspace:^' }
    },
    { name: 'relay' },
    { name: 'vectors' },
    { name: 'chat', isApp: true, devDependencies: { ratchet: 'workspace:^' }, dependencies: { page: 'workspace:^' } },
    { name: 'page', isApp: true },
    { name: 'tests', isApp: true, private: true, devDependencies: { ratchet: 'workspace:^' } }
  ].map(manifest => [manifest.name, manifest])
)

test('an app carries what it is built from, and what that uses; not what tests of a package use', () => {
  expect([...carriedBy(packages.get('chat'), packages)].sort()).toEqual(['curve', 'page', 'ratchet'])
})

test('a fix deep inside releases the app too', () => {
  expect([...missingReleases(packages, ['curve'])]).toEqual([['chat', ['curve']]])
})

test('an app that is released anyway, or carries nothing of it, needs nothing', () => {
  expect(missingReleases(packages, ['curve', 'chat']).size).toBe(0)
  expect(missingReleases(packages, ['relay', 'vectors']).size).toBe(0)
})
