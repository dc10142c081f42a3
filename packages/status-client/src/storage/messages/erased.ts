import type { MessageRecord } from '../records.ts'

/** What stays of a deleted message: its place, its author and its times. */
export const erased = (message: MessageRecord): MessageRecord => ({
  ...message,
  text: '',
  content: { kind: 'text', style: 'plain' },
  mentions: [],
  deleted: true
})
