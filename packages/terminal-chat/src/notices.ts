import { printable } from '@status-stack/utils'
import type { State } from './state.ts'

/** BOUNDED: notices that are kept. */
export const keptNotices = 200

/** Something that happened: shown until a line is entered, and kept for `/notices`. */
export function withNotice(state: State, text: string): State {
  return { ...state, notices: [...state.notices, printable(text)].slice(-keptNotices), noticeShown: true }
}
