import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { browserTests } from '../browser-tests.mjs'

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'browser-tests-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
const put = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

test('a test runs in the browser unless it or a helper of its needs Node', () => {
  put('test/unit/plain.test.ts', "import { x } from '../../src/index.ts'\nimport { help } from '../support/help.ts'")
  put('test/unit/files.test.ts', "import { readFileSync } from 'node:fs'")
  put('test/unit/helped.test.ts', "import { read } from '../support/files.ts'")
  put('test/unit/platform.test.ts', "import { platform } from '../../src/platform.node.ts'")
  put('test/other/plain.test.ts', '')
  put('test/support/help.ts', "import { read } from './help.ts'")
  put('test/support/files.ts', "import { readFileSync } from 'node:fs'")
  expect(browserTests(root, ['unit']).map(file => basename(file))).toEqual(['plain.test.ts'])
})
