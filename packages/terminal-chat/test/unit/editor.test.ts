import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Editor,
  editorKey,
  emptyEditor,
  insert,
  longestInput,
  rememberedLines,
  rewrite,
  submit,
  undoSteps
} from '../../src/editor.ts'
import { createKeyReader, type Key } from '../../src/keys.ts'
import { graphemesOf } from '../../src/text.ts'

const applied = (editor: Editor, key: Key): Editor =>
  key.kind === 'key' ? (editorKey(editor, key.name) ?? editor) : insert(editor, key.text)

/** What a terminal sends, from an empty input on; `|` in what is expected is the cursor. */
function after(sent: string, start: Editor = emptyEditor): Editor {
  let editor = start
  const reader = createKeyReader(key => {
    editor = applied(editor, key)
  })
  for (const character of sent) reader.feed(character)
  reader.flush()
  return editor
}
const cursorIn = ({ text, cursor }: Editor): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`

describe('keys of the input', () => {
  test.each([
    ['words: Alt+B and Alt+F', 'one two three\u001bb\u001bb', 'one |two three'],
    ['words: Alt+F goes behind the word', 'one two\u0001\u001bf', 'one| two'],
    ['words: Ctrl+Left and Ctrl+Right', 'one two\u001b[1;5D\u001b[1;5D\u001b[1;5C', 'one| two'],
    ['ends of the line: Ctrl+A, Ctrl+E', 'ab\ncd\u0001X\u0005Y', 'ab\nXcdY|'],
    ['Home and End', 'ab\u001b[HX\u001b[FY', 'XabY|'],
    ['Ctrl+W cuts the word before', 'one two\u0017', 'one |'],
    ['Alt+Backspace does too', 'one two\u001b\u007f', 'one |'],
    ['Alt+D cuts the word behind', 'one two\u0001\u001bd', '| two'],
    ['Ctrl+K cuts to the end of the line', 'ab\ncd\u001b[A\u0001\u000b', '|\ncd'],
    ['Ctrl+U cuts to its beginning', 'ab\ncd\u0015', 'ab\n|'],
    ['Ctrl+Y puts in again what was cut', 'one two\u0017\u0001\u0019', 'two|one '],
    ['Delete', 'ab\u0001\u001b[3~', '|b'],
    ['Backspace takes a whole emoji', '👨‍👩‍👧\u007f', '|'],
    ['Ctrl+J breaks the line', 'a\nb', 'a\nb|'],
    ['Up and Down between lines keep the column', 'abc\nd\u001b[A', 'a|bc\nd'],
    ['undo takes a cut back', 'one two\u0017\u001f', 'one two|'],
    ['undo takes a typed word back as a whole', 'one two\u001f', 'one |'],
    ['undo again', 'one two\u001f\u001f\u001f', '|']
  ])('%s', (_, sent, expected) => expect(cursorIn(after(sent))).toBe(expected))

  test('a bracketed paste keeps its lines, loses its controls, and is undone in one step', () => {
    const pasted = after('x \u001b[200~one\r\ntwo\tthree\u0007\u001b[201~')
    expect(pasted.text).toBe('x one\ntwo three')
    expect(after('\u001f', pasted).text).toBe('x ')
  })

  test('Up and Down go through what was sent, and keep the draft', () => {
    const sent = ['first', 'second'].reduce((editor, text) => submit(after(text, editor)), emptyEditor)
    const up = '\u001b[A'
    const down = '\u001b[B'
    expect(after(`draft${up}`, sent).text).toBe('second')
    expect(after(`draft${up}${up}${up}`, sent).text).toBe('first')
    expect(after(`draft${up}${up}${down}${down}`, sent).text).toBe('draft')
    // The same again is remembered once.
    expect(submit(after('second', sent)).history).toEqual(['first', 'second'])
  })

  test('what an editor gave back replaces the text, and is undone in one step', () => {
    const written = rewrite(after('draft'), 'a\nb\u001b[31m')
    expect(cursorIn(written)).toBe('a\nb[31m|')
    expect(after('\u001f', written).text).toBe('draft')
  })

  test('every bound holds: input, history, undo', () => {
    expect(insert(emptyEditor, 'x'.repeat(longestInput + 5)).text).toHaveLength(longestInput)
    expect(rewrite(emptyEditor, 'x'.repeat(longestInput + 5)).text).toHaveLength(longestInput)
    let editor = emptyEditor
    for (let n = 0; n < rememberedLines + 5; n++) editor = submit(insert(editor, `line ${n}`))
    expect(editor.history).toHaveLength(rememberedLines)
    for (let n = 0; n < undoSteps + 5; n++) editor = insert(editor, `${n} `)
    expect(editor.undo).toHaveLength(undoSteps)
  })

  test('after any keys the cursor stands between whole characters, and undoing all of it ends', () => {
    const names = [
      'left',
      'right',
      'alt-b',
      'alt-f',
      'up',
      'down',
      'backspace',
      'delete',
      'ctrl-w',
      'ctrl-k',
      'ctrl-y',
      'undo'
    ]
    const key: fc.Arbitrary<Key> = fc.oneof(
      fc.constantFrom(...names).map(name => ({ kind: 'key' as const, name })),
      fc.constantFrom('a', ' ', '日本', '👋🏽', '🇫🇷', 'é', '\n').map(text => ({ kind: 'text' as const, text }))
    )
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), keys => {
        const editor = keys.reduce(applied, emptyEditor)
        const ends = [0]
        for (const grapheme of graphemesOf(editor.text)) ends.push((ends.at(-1) ?? 0) + grapheme.length)
        expect(ends).toContain(editor.cursor)
        let back = editor
        for (let step = 0; step <= undoSteps; step++) back = editorKey(back, 'undo') ?? back
        expect(back.undo).toEqual([])
      })
    )
  })
})
