import { defineCommand } from '../command.ts'
import { wordKinds } from '../word-kinds.ts'

/** Answers the scripts of `completion`: what may stand where the cursor is. */
export const completeWords = defineCommand({
  name: 'complete-words',
  summary: '',
  hidden: true,
  positions: [
    ['<kind>', 'what is wanted', wordKinds],
    ['[begin]', 'what is typed of it already, in the form of a word'],
    ['[line...]', 'behind --: all words of the line']
  ],
  load: () => import('../known-words.ts'),
  run: async ({ globals, args: [kind = '', begin = '', ...line] }, { printKnownWords }) =>
    printKnownWords(kind, begin, line, globals)
})
