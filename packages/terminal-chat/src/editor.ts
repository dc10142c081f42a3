import { graphemesOf } from './text.ts'

/** What is being typed. `cursor` counts UTF-16 units and stands between graphemes. */
export interface Editor {
  /** At most `longestInput` UTF-16 units; may hold line breaks. */
  readonly text: string
  /** UTF-16 units from the beginning. */
  readonly cursor: number
  /** Sent lines, oldest first. */
  readonly history: readonly string[]
  /** Which of them is shown; `history.length` is the draft. */
  readonly at: number
  /** What was typed before the history was looked at. */
  readonly draft: string
  /** What it was before each change, oldest first. */
  readonly undo: readonly Snapshot[]
  /** The last change was typing: what is typed next belongs to the same step of undo. */
  readonly typing: boolean
  /** What was cut last, to be put in again. */
  readonly killed: string
}

export interface Snapshot {
  /** The text of then. */
  readonly text: string
  /** Where the cursor stood. */
  readonly cursor: number
}

/** BOUNDED: lines of input that are remembered. */
export const rememberedLines = 200
/** BOUNDED: longest input, in UTF-16 units: far more than one message may hold. */
export const longestInput = 20_000

/** BOUNDED: steps that can be undone. */
export const undoSteps = 100

export const emptyEditor: Editor = {
  text: '',
  cursor: 0,
  history: [],
  at: 0,
  draft: '',
  undo: [],
  typing: false,
  killed: ''
}

/** Only line breaks and tabs of what is typed or pasted are kept of the control characters, tabs as a blank. */
const clean = (text: string): string => text.replaceAll('\t', ' ').replace(/(?!\n)\p{Cc}/gu, '')

/** The changed editor, able to go back to what it was before. */
function undoable(before: Editor, after: Editor, typing = false): Editor {
  if (after.text === before.text) return { ...after, typing: false }
  if (typing && before.typing) return { ...after, typing: true }
  const undo = [...before.undo, { text: before.text, cursor: before.cursor }].slice(-undoSteps)
  return { ...after, undo, typing }
}

/** Puts text in at the cursor. Single words that are typed are undone as a whole. */
export function insert(editor: Editor, text: string): Editor {
  return undoable(editor, inserted(editor, text), /^\S$/u.test(text))
}

/** The whole text replaced, as by an external editor. */
export function rewrite(editor: Editor, text: string): Editor {
  const kept = clean(text).slice(0, longestInput)
  return undoable(editor, { ...editor, text: kept, cursor: kept.length })
}

function inserted(editor: Editor, text: string): Editor {
  const room = longestInput - editor.text.length
  const added = clean(text).slice(0, Math.max(0, room))
  const { cursor } = editor
  return {
    ...editor,
    text: editor.text.slice(0, cursor) + added + editor.text.slice(cursor),
    cursor: cursor + added.length
  }
}

/** Replaces a range and puts the cursor behind it. */
export function replaceRange(editor: Editor, start: number, end: number, text: string): Editor {
  return { ...editor, text: editor.text.slice(0, start) + text + editor.text.slice(end), cursor: start + text.length }
}

export function clear(editor: Editor): Editor {
  return undoable(editor, { ...editor, text: '', cursor: 0, at: editor.history.length, draft: '' })
}

/** Takes the text as sent: it is remembered and the input is empty. */
export function submit(editor: Editor): Editor {
  const history =
    editor.text === editor.history.at(-1) ? editor.history : [...editor.history, editor.text].slice(-rememberedLines)
  return { ...emptyEditor, history, at: history.length, killed: editor.killed }
}

const before = (editor: Editor): string => editor.text.slice(0, editor.cursor)
const after = (editor: Editor): string => editor.text.slice(editor.cursor)
const lineStart = (editor: Editor): number => before(editor).lastIndexOf('\n') + 1
const lineEnd = (editor: Editor): number => {
  const end = editor.text.indexOf('\n', editor.cursor)
  return end === -1 ? editor.text.length : end
}
const previous = (editor: Editor): number => editor.cursor - (graphemesOf(before(editor)).at(-1)?.length ?? 0)
const next = (editor: Editor): number => editor.cursor + (graphemesOf(after(editor))[0]?.length ?? 0)
const wordLeft = (editor: Editor): number => before(editor).replace(/\S*\s*$/u, '').length
const wordRight = (editor: Editor): number => editor.cursor + (/^\s*\S*/u.exec(after(editor))?.[0].length ?? 0)
const moved = (editor: Editor, cursor: number): Editor => ({ ...editor, cursor })
const removed = (editor: Editor, start: number, end: number): Editor => replaceRange(editor, start, end, '')
const killed = (editor: Editor, start: number, end: number): Editor =>
  start === end ? editor : { ...removed(editor, start, end), killed: editor.text.slice(start, end) }

function undone(editor: Editor): Editor {
  const last = editor.undo.at(-1)
  return last === undefined ? editor : { ...editor, ...last, undo: editor.undo.slice(0, -1), typing: false }
}

function recall(editor: Editor, at: number): Editor {
  if (at < 0 || at > editor.history.length) return editor
  const draft = editor.at === editor.history.length ? editor.text : editor.draft
  const text = at === editor.history.length ? draft : (editor.history[at] ?? '')
  return { ...editor, at, draft, text, cursor: text.length }
}

/** Up and down move between the lines of the text, and beyond them through what was sent before. */
function vertical(editor: Editor, step: -1 | 1): Editor {
  const start = lineStart(editor)
  const end = lineEnd(editor)
  const column = graphemesOf(editor.text.slice(start, editor.cursor)).length
  const edge = step === -1 ? start - 1 : end + 1
  if (edge < 0 || edge > editor.text.length) return recall(editor, editor.at + step)
  const other = moved(editor, edge)
  const line = editor.text.slice(lineStart(other), lineEnd(other))
  return moved(editor, lineStart(other) + graphemesOf(line).slice(0, column).join('').length)
}

const actions: Readonly<Record<string, (editor: Editor) => Editor>> = {
  left: editor => moved(editor, previous(editor)),
  right: editor => moved(editor, next(editor)),
  'word-left': editor => moved(editor, wordLeft(editor)),
  'word-right': editor => moved(editor, wordRight(editor)),
  'alt-b': editor => moved(editor, wordLeft(editor)),
  'alt-f': editor => moved(editor, wordRight(editor)),
  home: editor => moved(editor, lineStart(editor)),
  end: editor => moved(editor, lineEnd(editor)),
  'ctrl-a': editor => moved(editor, lineStart(editor)),
  'ctrl-e': editor => moved(editor, lineEnd(editor)),
  'ctrl-k': editor => killed(editor, editor.cursor, lineEnd(editor)),
  'ctrl-u': editor => killed(editor, lineStart(editor), editor.cursor),
  'ctrl-w': editor => killed(editor, wordLeft(editor), editor.cursor),
  'alt-d': editor => killed(editor, editor.cursor, wordRight(editor)),
  'ctrl-y': editor => inserted(editor, editor.killed),
  backspace: editor => removed(editor, previous(editor), editor.cursor),
  delete: editor => removed(editor, editor.cursor, next(editor)),
  newline: editor => inserted(editor, '\n'),
  up: editor => vertical(editor, -1),
  down: editor => vertical(editor, 1)
}

/** The editor after a key, or undefined when the key is not for it. */
export function editorKey(editor: Editor, name: string): Editor | undefined {
  if (name === 'undo') return undone(editor)
  const after = actions[name]?.(editor)
  if (after === undefined) return undefined
  // Walking through the history is no change of a text.
  return after.at === editor.at ? undoable(editor, after) : { ...after, undo: [], typing: false }
}
