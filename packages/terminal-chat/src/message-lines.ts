import type { MessageFact } from '@status-stack/account-rpc/methods'
import { chatId } from '@status-stack/account-rpc/targets'
import {
  clockTime,
  messageBody,
  personColor,
  protectionWords,
  reactionsText,
  readable
} from '@status-stack/account-rpc/words'
import type { ShownProtection } from '@status-stack/status-client'
import { reference } from './complete.ts'
import { nameOf, namesOf, type State, titleOf } from './state.ts'
import { type Line, type Span, shorten, widthOf, wrap } from './text.ts'

const briefProtection: Readonly<Record<ShownProtection, string>> = {
  'forward-secret': 'fs',
  'static-key': 'static',
  'transport-only': 'transport',
  public: 'public'
}

/** Columns from which the marks are spelt out. */
const roomy = 50

/** Protection and delivery, as they stand behind the text. */
function tailOf(state: State, message: MessageFact, columns: number): readonly Span[] {
  if (message.kind === 'system') return []
  const words = columns >= roomy
  const protection = (words ? protectionWords : briefProtection)[message.protection]
  const weak = message.protection === 'transport-only'
  const spans: Span[] = [{ text: `[${protection}]`, dim: !weak, ...(weak ? { color: 'yellow' as const } : {}) }]
  const entry = message.outgoing ? state.ledger[message.messageId] : undefined
  if (entry !== undefined) {
    const { mark } = entry
    const color = mark.color === undefined ? {} : { color: mark.color }
    spans.push({ text: ` ${mark.sign}${words ? ` ${mark.words}` : ''}`, ...color })
  }
  return spans
}

/** BOUNDED: characters of one message that are laid out: with more, their sender could keep the screen busy. */
const shownCharacters = 10_000

function shownBody(message: MessageFact): string {
  const file = message.attachment === undefined || message.deleted ? '' : `${reference(message)} `
  const body = `${file}${messageBody(message)}`
  if (body.length <= shownCharacters) return body
  return `${body.slice(0, shownCharacters)}… (${body.length - shownCharacters} characters more: status-stack history)`
}

function dayOf(message: MessageFact): string {
  const date = new Date(message.timestampMs)
  // A time from another clock may be beyond what a date can hold.
  if (Number.isNaN(date.getTime())) return 'unknown day'
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
}

/** Everything that the lines of one message depend on. */
interface Drawn {
  readonly columns: number
  readonly day: string | undefined
  readonly isFirstUnread: boolean
  readonly isSelected: boolean
  readonly entry: State['ledger'][string] | undefined
  readonly people: State['people']
  readonly answered: MessageFact | undefined
  readonly lines: readonly Line[]
}

// Lines are counted at every arrival and every page: those of a message are laid out once.
const drawn = new WeakMap<MessageFact, Drawn>()

/** One message as lines; with the day before it when it is the first of a day. */
function linesOf(
  state: State,
  message: MessageFact,
  previous: MessageFact | undefined,
  columns: number
): readonly Line[] {
  const { conversation, ledger } = state
  const facts: Omit<Drawn, 'lines'> = {
    columns,
    day: previous === undefined ? undefined : dayOf(previous),
    isFirstUnread: message.messageId === conversation?.unreadFrom,
    isSelected: message.messageId === state.selected,
    entry: ledger[message.messageId],
    people: state.people,
    answered:
      message.replyTo === undefined
        ? undefined
        : conversation?.messages.find(({ messageId }) => messageId === message.replyTo)
  }
  const known = drawn.get(message)
  if (known !== undefined && (Object.keys(facts) as (keyof typeof facts)[]).every(key => known[key] === facts[key]))
    return known.lines
  const lines = layOut(state, message, facts)
  drawn.set(message, { ...facts, lines })
  return lines
}

function layOut(state: State, message: MessageFact, facts: Omit<Drawn, 'lines'>): readonly Line[] {
  const { columns } = facts
  const names = namesOf(state)
  const lines: Line[] = []
  const indent = columns >= 30 ? 6 : 1
  const room = columns - indent
  const blank = ' '.repeat(indent)
  const day = dayOf(message)
  if (facts.day !== day) lines.push([{ text: shorten(`── ${day} ──`, columns), dim: true }])
  if (facts.isFirstUnread) lines.push(newLine(columns))
  const headings = lines.length
  if (message.replyTo !== undefined) {
    const { answered } = facts
    const quote = answered === undefined ? 'a message that is not loaded' : readable(shownBody(answered), names)
    lines.push([{ text: blank + shorten(`↳ ${quote}`, room), dim: true }])
  }
  const author = message.kind === 'system' ? '·' : `${message.outgoing ? 'me' : nameOf(state, message.author)}:`
  const mark = message.kind === 'system' ? '' : '@'
  const rows = `${author} ${shownBody(message)}`.split('\n').flatMap(text => wrap(readable(text, names, mark), room))
  rows.forEach((row, index) => {
    const lead = index === 0 && indent === 6 ? `${clockTime(message.timestampMs)} ` : blank
    const named = index === 0 && row.startsWith(author)
    const name: Span = { text: author, bold: true, ...(message.outgoing ? {} : { color: personColor(message.author) }) }
    lines.push([
      { text: lead, dim: true },
      ...(named ? [name, { text: row.slice(author.length) }] : [{ text: row, dim: message.deleted }])
    ])
  })
  const tail = tailOf(state, message, columns)
  const tailWidth = tail.reduce((sum, { text }) => sum + widthOf(text), 0)
  const lastWidth = indent + widthOf(rows.at(-1) ?? '')
  if (tail.length > 0 && lastWidth + 2 + tailWidth <= columns) {
    lines[lines.length - 1] = [...(lines.at(-1) ?? []), { text: '  ' }, ...tail]
  } else if (tail.length > 0) lines.push([{ text: blank }, ...tail])
  if (message.reactions.length > 0)
    lines.push([{ text: blank + shorten(reactionsText(message), room), color: 'magenta' }])
  return facts.isSelected ? lines.map((line, row) => (row < headings ? line : chosen(line))) : lines
}

/** The line of a message that is chosen. */
const chosen = (line: Line): Line => line.map(({ dim: _, ...span }) => ({ ...span, inverse: true }))

function newLine(columns: number): Line {
  const text = shorten('── new ', columns)
  return [{ text: text + '─'.repeat(Math.max(0, columns - 1 - widthOf(text))), color: 'yellow' }]
}

/** Lines from the mark of the unread to the newest, 0 when there is none. */
export function unreadLines(state: State, columns: number): number {
  const { messages, unreadFrom } = state.conversation ?? { messages: [] }
  const first = messages.findIndex(({ messageId }) => messageId === unreadFrom)
  if (first === -1) return 0
  let total = 0
  for (let index = first; index < messages.length; index++) {
    const message = messages[index]
    if (message !== undefined) total += linesOf(state, message, messages[index - 1], columns).length
  }
  return total
}

/** Says what is above the oldest line. */
function edgeLine({ conversation, network, peers, scroll }: State, columns: number): readonly Line[] {
  if (conversation === undefined || conversation.messages.length === 0) return []
  const more = network.mailservers > 0 && peers > 0 && conversation.askedDays < 30
  const text =
    conversation.loading === 'older'
      ? `loading older messages… ${conversation.messages.length} are here`
      : conversation.complete && (more || scroll > 0)
        ? `nothing older is stored${more ? '; PageUp asks the mailserver' : ''}`
        : ''
  return text === '' ? [] : [[{ text: shorten(`··· ${text}`, columns), dim: true }]]
}

/** The newest lines of the conversation, at least `wanted` of them where there are so many, oldest first. */
export function conversationLines(state: State, columns: number, wanted: number): readonly Line[] {
  const messages = state.conversation?.messages ?? []
  const parts: (readonly Line[])[] = []
  let total = 0
  for (let index = messages.length - 1; index >= 0 && total < wanted; index--) {
    const message = messages[index]
    if (message === undefined) break
    const lines = linesOf(state, message, messages[index - 1], columns)
    parts.push(lines)
    total += lines.length
  }
  const edge = total < wanted ? edgeLine(state, columns) : []
  return [...edge, ...parts.reverse().flat()]
}

/** One found message for the page of a search; with its chat where it may be any. */
export function foundLine(state: State, message: MessageFact, anywhere: boolean): string {
  const author = message.outgoing ? 'me' : nameOf(state, message.author)
  const item = anywhere ? state.chats.find(({ id }) => id === chatId(message.chat)) : undefined
  const where = anywhere ? `${item?.title ?? titleOf(state, message.chat)} · ` : ''
  return `${dayOf(message)} ${clockTime(message.timestampMs)} ${reference(message)} ${where}${author}: ${readable(shownBody(message), namesOf(state))}`
}
