import { expect, test } from 'vitest'
import { isStackError, StackError } from '../../src/index.ts'

class EchoError extends StackError<'too-loud'> {
  override readonly name = 'EchoError'
}

test('an error carries code, origin, details and cause', () => {
  const cause = new Error('inside')
  const error = new EchoError('too-loud', 'voice: expected 1, got 2', { origin: 'peer', details: { got: 2 }, cause })
  expect({ ...error, message: error.message, cause: error.cause }).toMatchObject({
    name: 'EchoError',
    code: 'too-loud',
    origin: 'peer',
    details: { got: 2 },
    message: 'voice: expected 1, got 2',
    cause
  })
  expect(error).toBeInstanceOf(Error)
})

test('an error that a person meets says what to do about it', () => {
  const error = new EchoError('too-loud', 'loud', { origin: 'caller', hint: 'whisper' })
  expect(error.hint).toBe('whisper')
})

test('details are empty, hint and cause are absent when not given', () => {
  const error = new EchoError('too-loud', 'loud', { origin: 'caller' })
  expect(error.details).toEqual({})
  expect(error.hint).toBeUndefined()
  expect('cause' in error).toBe(false)
})

test('a class of a second install is recognised, other values are not', () => {
  // What another copy of this package would make: the same registered symbol, no shared prototype.
  const foreign = Object.assign(new Error('x'), { [Symbol.for('status-stack.error')]: true, name: 'EchoError' })
  expect(isStackError(foreign)).toBe(true)
  expect(isStackError(foreign, 'EchoError')).toBe(true)
  expect(isStackError(foreign, 'OtherError')).toBe(false)
  for (const value of [new Error('EchoError'), undefined, null, 'EchoError', { name: 'EchoError' }])
    expect(isStackError(value)).toBe(false)
})
