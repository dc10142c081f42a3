import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type * as module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepCompiledCode } from '../../src/compile-cache.ts'

const enabled = vi.hoisted(() => vi.fn())
vi.mock('node:module', async original => ({ ...(await original<typeof module>()), enableCompileCache: enabled }))

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'status-stack-cache-'))
  enabled.mockReset()
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const posix = process.platform !== 'win32'
const keptIn = (): string => join(home, 'status-stack', readdirSync(join(home, 'status-stack'))[0] ?? '')

test('code is kept in a folder that only its user can enter; those of other versions go', () => {
  mkdirSync(join(home, 'status-stack', 'code-0.0.0-old'), { recursive: true })
  writeFileSync(join(home, 'status-stack', 'other.txt'), 'stays')
  keepCompiledCode({ XDG_CACHE_HOME: home })
  expect(enabled).toHaveBeenCalledWith(keptIn())
  expect(readdirSync(join(home, 'status-stack'))).toEqual([expect.stringMatching(/^code-\d/), 'other.txt'])
  expect(existsSync(join(home, 'status-stack', 'code-0.0.0-old'))).toBe(false)
  if (posix) expect(statSync(keptIn()).mode & 0o777).toBe(0o700)
})

test.runIf(posix)('a folder that others can write is not read', () => {
  keepCompiledCode({ XDG_CACHE_HOME: home })
  chmodSync(keptIn(), 0o777)
  enabled.mockReset()
  keepCompiledCode({ XDG_CACHE_HOME: home })
  expect(enabled).not.toHaveBeenCalled()
})

test('what Node was told about it holds, and a home that cannot be written is no error', () => {
  keepCompiledCode({ XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' })
  keepCompiledCode({ XDG_CACHE_HOME: home, NODE_COMPILE_CACHE: join(home, 'own') })
  writeFileSync(join(home, 'file'), '')
  keepCompiledCode({ XDG_CACHE_HOME: join(home, 'file') })
  expect(enabled).not.toHaveBeenCalled()
  expect(readdirSync(home)).toEqual(['file'])
})
