import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const lockfile = readFileSync(new URL('../../pnpm-lock.yaml', import.meta.url), 'utf8')
const namesIn = text => [...text.matchAll(/^ {2}'?((?:@[^/\s]+\/)?[^@\s']+)@[^\s]+:/gm)].map(([, name]) => name)

/** Families of packages with a binary for each system, by what stands in front of the system. */
const familiesOf = names => [
  ...new Set(names.filter(name => name.includes('linux')).map(name => name.split(/-?linux/)[0]))
]

/** The systems for which a family has no binary in the lockfile. */
const missingOf = (family, names) => {
  const systems = names.filter(name => name.startsWith(family)).join(' ')
  return [
    ...(/darwin-(?:arm)?64|darwin-x64/.test(systems) ? [] : ['macOS']),
    ...(/(?:win32|windows)-(?:x)?64/.test(systems) ? [] : ['Windows'])
  ]
}

const names = namesIn(lockfile)

// A lockfile that was written where only one system's packages could be had makes an install fail on the others.
test.each(familiesOf(names))('%s… is locked for macOS and Windows too', family =>
  expect(missingOf(family, names)).toEqual([])
)

test('there are such families', () => {
  expect(familiesOf(names)).toEqual(expect.arrayContaining(['@turbo/', '@biomejs/cli', '@esbuild/']))
})

test('one that was written on Linux alone is found', () => {
  const shortened = namesIn(lockfile.replace(/^ {2}'?@turbo\/(?:darwin|windows)[^:]*:/gm, '  gone:'))
  expect(familiesOf(shortened)).toContain('@turbo/')
  expect(missingOf('@turbo/', shortened)).toEqual(['macOS', 'Windows'])
})
