import { printable } from '@status-stack/utils'
import type { Environment } from './environment.ts'

/** How a terminal is asked for a notice on the desktop. */
export type NoticeKind = 'osc9' | 'osc99' | 'osc777'

/** BOUNDED: characters of a notice: desktops cut it, and its text may come from others. */
const noticeCharacters = 80
/** BOUNDED: bytes that are copied: more base64 than this is refused by terminals. */
export const copiedBytes = 50_000

/**
 * Which notices the terminal shows, by what it says of itself. Inside a multiplexer none: what is behind it is not known, and the bell gets
 * through.
 */
export function noticeKind(environment: Environment): NoticeKind | undefined {
  const { TERM: term = '', TERM_PROGRAM: program = '', KITTY_WINDOW_ID: kitty, TMUX: tmux, STY: screen } = environment
  if (tmux !== undefined || screen !== undefined) return undefined
  if (kitty !== undefined || term === 'xterm-kitty') return 'osc99'
  if (['iTerm.app', 'WezTerm', 'ghostty'].includes(program) || term === 'xterm-ghostty') return 'osc9'
  return /^(foot|rxvt-unicode)/.test(term) ? 'osc777' : undefined
}

const begin = '\u001b]'
const bell = '\u0007'
const end = '\u001b\\'

/** A notice on the desktop: who or where, and what. Semicolons part the fields, so there are none in the texts. */
export function noticeSequence(kind: NoticeKind, title: string, text: string): string {
  const [head, body] = [title, text].map(part => printable(part).replaceAll(';', ',').slice(0, noticeCharacters))
  if (kind === 'osc9') return `${begin}9;${head}: ${body}${bell}`
  if (kind === 'osc777') return `${begin}777;notify;${head};${body}${bell}`
  return `${begin}99;i=status-stack:d=0;${head}${end}${begin}99;i=status-stack:d=1:p=body;${body}${end}`
}

/** Puts a text into the clipboard of the terminal, wherever that runs. `undefined` when it is too long for one. */
export function copySequence(text: string): string | undefined {
  const bytes = Buffer.from(text, 'utf8')
  return bytes.length > copiedBytes ? undefined : `${begin}52;c;${bytes.toString('base64')}${bell}`
}
