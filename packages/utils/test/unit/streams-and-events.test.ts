import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ArgumentChecks,
  createArgumentChecks,
  createEmitter,
  createSteps,
  isDiskFull,
  linesOf,
  rootCodeOf
} from '../../src/index.ts'

const check: ArgumentChecks = createArgumentChecks((message, details) =>
  Object.assign(new Error(message), { code: 'invalid-argument', details })
)

describe('an emitter', () => {
  test('a name that never comes is refused, for the compiler and at run time', () => {
    const { on } = createEmitter<{ message: string }>({ message: true }, check)
    // @ts-expect-error: misspelt
    expect(() => on('mesage', () => undefined)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        details: { argument: 'event' },
        message: "event: expected 'message', got a value of type string; did you mean 'message'?"
      })
    )
    // @ts-expect-error: a name of every object is none of ours
    expect(() => on('toString', () => undefined)).toThrow("event: expected 'message'")
    // @ts-expect-error: nothing that could be called
    expect(() => on('message')).toThrow('handler: expected a function, got nothing')
  })

  test('a function that listens twice is ended once for each', () => {
    const { on, emit, wants } = createEmitter<{ a: number }>({ a: true }, check)
    const heard: number[] = []
    const handler = (fact: number): void => void heard.push(fact)
    const [first, second] = [on('a', handler), on('a', handler)]
    first()
    first()
    emit('a', 1)
    expect([heard, wants('a')]).toEqual([[1], true])
    second()
    expect(wants('a')).toBe(false)
  })

  test('tells those who listen, in order, until they no longer do', () => {
    const { on, emit, wants } = createEmitter<{ a: number }>({ a: true }, check)
    const heard: string[] = []
    const off = on('a', fact => void heard.push(`first ${fact}`))
    on('a', fact => void heard.push(`second ${fact}`))
    emit('a', 1)
    off()
    emit('a', 2)
    expect(heard).toEqual(['first 1', 'second 1', 'second 2'])
    expect(wants('a')).toBe(true)
    expect(createEmitter<{ a: number }>({ a: true }, check).wants('a')).toBe(false)
  })

  test('a handler that throws is reported, stays, and stops no other', () => {
    const reported: unknown[] = []
    const { on, emit } = createEmitter<{ a: number }>(
      { a: true },
      check,
      (name, error) => void reported.push(name, error)
    )
    const heard: number[] = []
    on('a', () => {
      throw new Error('no')
    })
    on('a', fact => void heard.push(fact))
    emit('a', 1)
    emit('a', 2)
    expect(heard).toEqual([1, 2])
    expect(reported).toHaveLength(4)
  })
})

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

async function read(maxBytes: number, ...chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of linesOf(chunksOf(...chunks), maxBytes))
    lines.push(line.kind === 'text' ? `=${line.text}` : line.kind)
  return lines
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('lines', () => {
  test('are the same however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'ö', '🙂', '\n', '\r\n') }),
        fc.nat(5),
        async (text, cut) => {
          const whole = bytes(text)
          const chunks = Array.from({ length: Math.ceil(whole.length / (cut + 1)) }, (_, i) =>
            whole.subarray(i * (cut + 1), (i + 1) * (cut + 1))
          )
          const expected = text.split('\n').map(line => `=${line.replace(/\r$/, '')}`)
          if (expected.at(-1) === '=') expected.pop()
          expect(await read(1000, ...chunks)).toEqual(expected)
        }
      )
    )
  })

  test('beyond the limit are passed over whole, and the next one is read', async () => {
    expect(await read(4, bytes('12'), bytes('345'), bytes('678\nok\n12345'))).toEqual(['too-long', '=ok', 'too-long'])
    expect(await read(4, bytes('1234\n'))).toEqual(['=1234'])
  })

  test('that are not UTF-8 are said to be so, not repaired', async () => {
    expect(await read(10, Uint8Array.of(0xc3, 0x0a, 0x61))).toEqual(['not-utf8', '=a'])
  })
})

describe('errors of the system', () => {
  test.each([
    Object.assign(new Error('x'), { code: 'ENOSPC' }),
    new Error('IO error: No space left on device'),
    new Error('outer', { cause: new Error('inner', { cause: { code: 'disk-full' } }) })
  ])('%s says that the disk is full', error => expect(isDiskFull(error)).toBe(true))

  test.each([undefined, null, 5, 'ENOSPC', new Error('other'), {}])('%s does not', error =>
    expect(isDiskFull(error)).toBe(false)
  )

  test('a chain that leads to itself ends', () => {
    const error = new Error('x')
    error.cause = error
    expect(isDiskFull(error)).toBe(false)
    expect(rootCodeOf(error)).toBe(undefined)
  })

  test('the first of them has the code that counts', () => {
    const root = Object.assign(new Error('lock'), { code: 'LEVEL_LOCKED' })
    expect(rootCodeOf(new Error('cannot be opened', { cause: new Error('store', { cause: root }) }))).toBe(
      'LEVEL_LOCKED'
    )
    expect(rootCodeOf({ code: 5 })).toBe(undefined)
  })
})

test('steps are all taken in their order; the first failure is told at the end', async () => {
  const taken: string[] = []
  const steps = createSteps()
  await steps.take(() => taken.push('one'))
  await steps.take(async () => Promise.reject(new Error('two')))
  await steps.take(() => {
    throw new Error('three')
  })
  await steps.take(async () => taken.push('four'))
  expect(taken).toEqual(['one', 'four'])
  expect(steps.end).toThrow('two')
  expect(createSteps().end()).toBeUndefined()
})
