import { expect, test } from 'vitest'
import { createLifecycle } from '../../src/index.ts'

/** Something that takes a while to begin and to end. */
function slow() {
  const log: string[] = []
  const failures: Error[] = []
  const work = (name: string) => async () => {
    log.push(name)
    await new Promise(resolve => setTimeout(resolve, 0))
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    log.push(`${name} done`)
  }
  return { log, failures, ...createLifecycle(work('begin'), work('end')) }
}

test('what was asked for last is what holds, and nothing begins before the end is over', async () => {
  const { log, start, stop } = slow()
  await Promise.all([start(), start(), stop(), stop(), start(), stop(), start()])
  const round = ['begin', 'begin done', 'end', 'end done']
  expect(log).toEqual([...round, ...round, 'begin', 'begin done'])
  await stop()
  expect(log.at(-1)).toBe('end done')
})

test('the first call begins in the call, with its arguments', () => {
  const given: unknown[] = []
  const { start } = createLifecycle(
    async (name: string) => void given.push(name),
    async () => undefined
  )
  void start('a')
  expect(given).toEqual(['a'])
})

test('what fails is told to those who asked, and what follows goes on', async () => {
  const { log, failures, start, stop } = slow()
  failures.push(new Error('taken'))
  const first = start()
  const then = [stop(), start()]
  await expect(first).rejects.toThrow('taken')
  await Promise.all(then)
  expect(log).toEqual(['begin', 'end', 'end done', 'begin', 'begin done'])
})
