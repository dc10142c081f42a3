import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable, printableLines } from '../../src/index.ts'

const acts = /\p{Cc}|\p{Bidi_Control}|[\u2028\u2029\u200b\ufeff]/u

describe('printable text', () => {
  test('holds nothing that acts, reorders or hides, whatever it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !acts.test(printable(text))))
    expect(printable('a\u001b[2Jb\u202ec\u200bd')).toBe('a·[2Jb·c·d')
  })

  test('keeps words of every script, joined emoji and flags', () => {
    const kept = 'שלום, مرحبا, नमस्ते 👩‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿'
    expect(printable(kept)).toBe(kept)
  })

  test('is one line; printableLines keeps the breaks', () => {
    expect(printable('one\ntwo\tthree')).toBe('one ⏎ two three')
    expect(printableLines('one\ntwo\u202e')).toBe('one\ntwo·')
  })

  test('has at most eight marks on one letter', () => {
    expect(printable(`a${'\u0301'.repeat(100)}`)).toBe(`a${'\u0301'.repeat(8)}`)
  })
})
