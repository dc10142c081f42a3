import { expect, test } from 'vitest'
import { refuseUpgrade } from '../../src/index.ts'

test('a refused upgrade is answered and closed once the answer has left; a socket that breaks before harms nobody', () => {
  const done: string[] = []
  const listeners = new Map<string, () => void>()
  const listen = (event: string, listener: () => void): void => void listeners.set(event, listener)
  refuseUpgrade(
    { on: listen, once: listen, end: text => void done.push(text), destroy: () => void done.push('destroyed') },
    '403 Forbidden'
  )
  expect(done).toEqual(['HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'])
  listeners.get('finish')?.()
  expect(done.slice(1)).toEqual(['destroyed'])
  expect(listeners.get('error')).toBeTypeOf('function')
  expect(listeners.get('error')).not.toThrow()
})
