import { expect, test } from 'vitest'
import { commandWords } from '../../src/index.ts'

test.each([
  ['prog', ['prog']],
  ['  prog   a\tb\n', ['prog', 'a', 'b']],
  [`prog 'one word' "two words"`, ['prog', 'one word', 'two words']],
  [`prog --x='a b'c`, ['prog', '--x=a bc']],
  ['prog a\\ b \\"c\\"', ['prog', 'a b', '"c"']],
  [`prog "say \\"hi\\"" 'a\\b'`, ['prog', 'say "hi"', 'a\\b']],
  [`prog '' ""`, ['prog', '', '']],
  ['prog $HOME `id` *', ['prog', '$HOME', '`id`', '*']],
  ['prog end\\', ['prog', 'end\\']]
])('%j', (line, words) => {
  expect(commandWords(line)).toEqual(words)
})

test.each(['', '   ', `prog 'half`, 'prog "half'])('%j is refused', line => {
  expect(() => commandWords(line)).toThrow(expect.objectContaining({ code: 'command', origin: 'caller' }))
})
