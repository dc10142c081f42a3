import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longTests } from '../long-tests.mjs'
import { root } from '../packed.mjs'

test('what is left to CI is there, and CI asks for it', () => {
  expect(longTests.filter(path => !existsSync(join(root, path)))).toEqual([])
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/npm test -- .*--whole/)
})
