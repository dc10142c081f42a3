import { afterEach, expect, test, vi } from 'vitest'
import { endWithin } from '../../src/process.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test.each(['before', 'after'])(
  'a process that was told to end %s the bound was set ends when it has passed, and says so',
  when => {
    vi.useFakeTimers()
    const events: string[] = []
    vi.spyOn(process, 'exit').mockImplementation((() => void events.push('exit')) as () => never)
    const told = new AbortController()
    if (when === 'before') told.abort()
    endWithin(told.signal, 1000, () => events.push('late'))
    if (when === 'after') {
      vi.advanceTimersByTime(60_000)
      expect(events).toEqual([])
      told.abort()
    }
    vi.advanceTimersByTime(999)
    expect(events).toEqual([])
    vi.advanceTimersByTime(1)
    expect(events).toEqual(['late', 'exit'])
  }
)
