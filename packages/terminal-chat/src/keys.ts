import { limits } from './limits.ts'

/** One key press, or one paste. Control and Alt keys are named as they are spoken: `ctrl-n`, `alt-b`. */
export type Key =
  | { readonly kind: 'text' | 'paste'; readonly text: string }
  | { readonly kind: 'key'; readonly name: string }

const sequences: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[3~': 'delete',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[Z': 'shift-tab',
  '[1;5C': 'word-right',
  '[1;5D': 'word-left',
  '[1;3C': 'word-right',
  '[1;3D': 'word-left',
  '[1;5H': 'ctrl-home',
  '[1;5F': 'ctrl-end',
  '[7^': 'ctrl-home',
  '[8^': 'ctrl-end',
  '[3;5~': 'alt-d',
  '[I': 'focus-in',
  '[O': 'focus-out',
  '[1;3A': 'alt-up',
  '[1;3B': 'alt-down',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end'
}

const singles: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'newline',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001f': 'undo'
}

/** What Alt makes of a letter. Any other letter behind an escape was typed after the escape key. */
export const altKeys: ReadonlySet<string> = new Set(['b', 'd', 'f', 'n'])

/** `ESC O` and one of these is a key: an arrow, home, end, one of the keypad, F1 to F4. */
const keypadLetters = 'A-FHMP-S'

const pasteStart = '\u001b[200~'
const pasteEnd = '\u001b[201~'

/** With its mark in front. */
const longestPaste = pasteStart.length + limits.pasteCharacters

const wholeSequence = new RegExp(`^(?:\\[[0-9;?]*[@-~]|O[${keypadLetters}])`)

export interface KeyReader {
  readonly feed: (chunk: string) => void
  /** What is still undecided is what it looks like: a lone escape is the escape key, and a paste has come to its end. */
  readonly flush: () => void
  /** How long to wait for more before `flush`, milliseconds; undefined when nothing is undecided. */
  readonly waitMs: () => number | undefined
}

/** How long an escape may wait for the rest of its sequence, milliseconds. */
const escapeMs = 40

/** Cuts what a terminal sends into keys. A sequence may come in pieces. */
export function createKeyReader(emit: (key: Key) => void): KeyReader {
  let buffer = ''
  /** A paste has ended by time: a line that stood still may bring the rest of it, whose line ends must not send. */
  let torn = false
  /** Characters of the paste that have been left out. */
  let leftOut = 0
  const name = (text: string): void => emit({ kind: 'key', name: text })

  /** Characters used up, 0 when more is needed. */
  function step(last: boolean): number {
    if (buffer.startsWith(pasteStart)) {
      const end = buffer.indexOf(pasteEnd)
      // BOUNDED: pasteInput, and pasteIdleMs by who reads the keyboard
      torn = end === -1 && (last || leftOut + buffer.length > limits.pasteInput)
      if (end === -1 && !torn) {
        // BOUNDED: pasteCharacters; the end of what came may be the beginning of the mark
        const kept =
          buffer.slice(0, longestPaste) + buffer.slice(Math.max(longestPaste, buffer.length + 1 - pasteEnd.length))
        leftOut += buffer.length - kept.length
        buffer = kept
        return 0
      }
      leftOut = 0
      const text = buffer.slice(pasteStart.length, Math.min(torn ? buffer.length : end, longestPaste))
      if (text !== '') emit({ kind: 'paste', text: text.replace(/\r\n?/g, '\n') })
      return torn ? buffer.length : end + pasteEnd.length
    }
    const first = buffer.charAt(0)
    if (first === '\u001b') return escapeStep(last)
    const single = singles[first]
    if (single !== undefined) {
      name(single)
      return 1
    }
    if (first < ' ') {
      name(`ctrl-${String.fromCharCode(first.charCodeAt(0) + 96)}`)
      return 1
    }
    const text = /^[^\p{Cc}]+/u.exec(buffer)?.[0] ?? ''
    if (text !== '') emit({ kind: 'text', text })
    return text.length || 1
  }

  function escapeStep(last: boolean): number {
    const rest = buffer.slice(1)
    const sequence = wholeSequence.exec(rest)
    if (sequence) {
      const known = sequences[sequence[0]]
      if (known !== undefined) name(known)
      return 1 + sequence[0].length
    }
    const unfinished = /^(?:\[[0-9;?]*|O)?$/.test(rest)
    if (unfinished && !last) return 0
    const next = buffer.charAt(1)
    const alt = next === '\r' || next === '\n' ? 'newline' : next === '\u007f' ? 'ctrl-w' : undefined
    if (alt === undefined && !altKeys.has(next)) {
      // A fast hand, a script or a slow line brings the escape key and what was typed next in one piece.
      name('escape')
      return 1
    }
    name(alt ?? `alt-${next}`)
    return 2
  }

  /** Goes on with a paste where its rest comes: several characters at once, some of them line ends or the mark of its end. */
  function takeUp(chunk: string): void {
    // Who presses Enter alone, or begins another paste, is done with the torn one.
    if (/^[\r\n]$/.test(chunk) || chunk.startsWith(pasteStart)) torn = false
    else if (chunk.includes(pasteEnd) || (chunk.length > 2 && /[\r\n]/.test(chunk) && !chunk.startsWith('\u001b')))
      buffer = pasteStart + buffer
  }

  function drain(last: boolean): void {
    while (buffer !== '') {
      const used = step(last)
      if (used === 0) return
      buffer = buffer.slice(used)
    }
  }

  return {
    feed: chunk => {
      if (torn) takeUp(chunk)
      buffer += chunk
      drain(false)
    },
    flush: () => drain(true),
    waitMs: () => (buffer === '' ? undefined : buffer.startsWith(pasteStart) ? limits.pasteIdleMs : escapeMs)
  }
}
