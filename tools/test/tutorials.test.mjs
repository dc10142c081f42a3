import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { examples } from '../example-projects.mjs'
import { outcomes, typedBlocks } from '../tutorials.mjs'

test('what is typed are the lines of shell blocks, joined where they go on, without comments', () => {
  const text = [
    'Read this.',
    '```sh',
    'npm install a \\',
    '  b',
    'node src/main.js    # prints the rest',
    '# nothing',
    '```',
    '```js',
    'no(line)',
    '```'
  ].join('\n')
  expect(typedBlocks(`${text}\n`, 'README.md')).toEqual([['npm install a b', 'node src/main.js']])
})

test('of every tutorial that says what to type, it is known what is seen at its end', () => {
  const typed = examples().filter(
    ({ folder }) => typedBlocks(readFileSync(join(folder, 'README.md'), 'utf8'), folder).length > 0
  )
  expect(Object.keys(outcomes).sort()).toEqual(typed.map(({ folder }) => basename(folder)).sort())
})
