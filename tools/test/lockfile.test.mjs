import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const lockfile = readFileSync(new URL('../../pnpm-lock.yaml', import.meta.url), 'utf8')
const names = [...lockfile.matchAll(/^ {2}'?((?:@[^/\s]+\/)?[^@\s']+)@[^\s]+:/gm)].map(([, name]) => name)

/** Families of packages with a binary for each system, by what stands in front of the system. */
const families = [...new Set(names.filter(name => name.includes('linux')).map(name => name.split(/-?linux/)[0]))]

// A lockfile that was written where only one system's packages could be had makes an install fail on the others.
test.each(families)('%s… is locked for macOS and Windows too', family => {
  const systems = names.filter(name => name.startsWith(family)).join(' ')
  expect(systems).toMatch(/darwin-(?:arm)?64|darwin-x64/)
  expect(systems).toMatch(/(?:win32|windows)-(?:x)?64/)
})

test('there are such families', () => {
  expect(families).toEqual(expect.arrayContaining(['@turbo/', '@biomejs/cli', '@esbuild/']))
})
