import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isLeftover, processFate, processMark } from '../../src/process.node.ts'

const day = 86_400_000

/** A mark with one of its parts changed: of the process `pid-start-bootspacehost`. */
function changed(part: 'pid' | 'start' | 'boot' | 'space' | 'host', to: string): string {
  const [pid = '', start = '', place = ''] = processMark().split('-')
  const at = { boot: 0, space: 8, host: 16 }
  if (part === 'pid') return [to, start, place].join('-')
  if (part === 'start') return [pid, to, place].join('-')
  return [pid, start, place.slice(0, at[part]) + to + place.slice(at[part] + 8)].join('-')
}

describe('the process of a mark', () => {
  test('runs as long as it does', async () => {
    expect(processFate(processMark())).toBe('runs')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    const mark = processMark(child.pid)
    // Where the system says when others began.
    if (existsSync('/proc/self/stat')) expect(processFate(mark)).toBe('runs')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(processFate(mark)).toBe('ended')
  })

  test('has ended when another has its id since', () => {
    expect(processFate(changed('start', '1'))).toBe('ended')
  })

  test.runIf(existsSync('/etc/machine-id'))('has ended when its machine was started anew since', () => {
    expect(processFate(changed('boot', 'ffffffff'))).toBe('ended')
  })

  test('cannot be told of where it is in another container or on another machine, and where the mark is none', () => {
    expect(processFate(changed('space', 'ffffffff'))).toBe('unknown')
    const elsewhere = changed('boot', 'ffffffff').slice(0, -8)
    expect(processFate(`${elsewhere}ffffffff`)).toBe('unknown')
    for (const text of ['', '1', String(2 ** 30), '1-1', 'a-b-c', `${processMark()}0`])
      expect(processFate(text), text).toBe('unknown')
  })
})

test('what a process leaves is left over once it has ended, and where it cannot be asked after 30 days', () => {
  const now = Date.now()
  expect(isLeftover(changed('start', '1'), now)).toBe(true)
  expect(isLeftover(processMark(), now - 1000 * day)).toBe(false)
  for (const mark of [changed('space', 'ffffffff'), '12']) {
    expect(isLeftover(mark, now - 29 * day, now)).toBe(false)
    expect(isLeftover(mark, now - 31 * day, now)).toBe(true)
    // A clock that was set back takes nothing away.
    expect(isLeftover(mark, now + 31 * day, now)).toBe(false)
  }
})
