import { messageBody, readable } from '@status-stack/account-rpc/words'
import { printable } from '@status-stack/utils'
import { optionsFor } from './complete.ts'
import { conversationLines } from './message-lines.ts'
import { panelRows } from './panel-lines.ts'
import { selectHint } from './select-keys.ts'
import { type ChatItem, type Conversation, namesOf, type State } from './state.ts'
import { filled, fit, graphemesOf, type Line, type Span, shorten, widthOf, wrap } from './text.ts'

/** Smallest screen that is drawn; below it there is one sentence. */
const smallest = Object.freeze({ width: 20, height: 6 })

const sidebarFrom = 64
const optionRows = 5

export interface Geometry {
  /** Columns of the list of chats, 0 when there is no room for it. */
  readonly sidebar: number
  /** Columns of the messages. */
  readonly pane: number
  /** Rows of the messages. */
  readonly rows: number
  /** Rows of the input. */
  readonly input: readonly Line[]
  readonly options: readonly Line[]
}

export function geometryOf(state: State): Geometry {
  const { width, height } = state
  const sidebar = width >= sidebarFrom ? Math.min(30, Math.floor(width / 4)) : 0
  const input = inputLines(state, Math.max(1, Math.floor(height / 3)))
  const options = optionLines(state, Math.max(0, Math.min(optionRows, height - input.length - 4)))
  return {
    sidebar,
    pane: sidebar === 0 ? width : width - sidebar - 2,
    rows: Math.max(1, height - 2 - input.length - options.length),
    input,
    options
  }
}

/** The whole screen: `height` lines of exactly `width` columns. */
export function layout(state: State): readonly Line[] {
  const { width, height } = state
  if (width < smallest.width || height < smallest.height) {
    const lines = wrap('the window is too small', Math.max(1, width)).slice(0, Math.max(1, height))
    return lines.map(text => fit([{ text }], Math.max(1, width)))
  }
  const geometry = geometryOf(state)
  const { rows, options, input } = geometry
  const body = state.panel === undefined ? chatRows(state, geometry) : panelRows(state, rows)
  const lines = [headerLine(state), ...body, ...options, noticeLine(state, options.length > 0), ...input]
  return lines.slice(0, height).map(line => fit(line, width))
}

/** Whether peers are there, and whose connections they are, for the header: in full, and where there is little room. */
function connectionTexts({ peers, wasConnected, network, daemon }: State): readonly [full: string, brief: string] {
  if (daemon === 'gone') return ['○ the daemon has ended', '○ no daemon']
  const count = `${peers} ${peers === 1 ? 'peer' : 'peers'}`
  if (daemon === 'attached')
    return peers > 0
      ? [`● attached to the daemon: online, ${count}`, '● daemon']
      : ['○ attached to the daemon: no peer', '○ daemon']
  if (peers > 0) return [`● online, ${count}`, '● online']
  if (network.peers === 0 && !wasConnected)
    return [network.listens ? '○ offline, waiting for peers' : '○ offline, no peer is set', '○ offline']
  return [wasConnected ? '○ offline, reconnecting' : '○ offline, connecting', '○ offline']
}

function headerLine(state: State): Line {
  const { width, conversation, chats } = state
  const item = chats.find(({ id }) => id === conversation?.id)
  const others = chats.reduce((sum, { id, unread }) => (id === conversation?.id ? sum : sum + unread), 0)
  const [full, brief] = connectionTexts(state)
  const right = width >= Math.max(50, 2 * full.length) ? full : brief
  const about = [...(item?.about ? [item.about] : []), ...(others > 0 ? [`${others} unread elsewhere`] : [])]
  const title = item?.title ?? (conversation === undefined ? 'status-stack' : conversation.id)
  const left = `${title}${about.length === 0 ? '' : `  (${about.join('; ')})`}`
  const room = width - widthOf(right) - 3
  const shown = shorten(left, room)
  const gap = ' '.repeat(Math.max(1, room - widthOf(shown) + 1))
  return [{ text: ` ${shown}${gap}${right} `, inverse: true, bold: true }]
}

function sidebarLine(item: ChatItem | undefined, selected: boolean, columns: number): Line {
  if (item === undefined) return fit([], columns)
  const count = item.unread === 0 ? '' : `${item.mentions > 0 ? '@' : ''}${item.unread > 999 ? '999+' : item.unread}`
  const prefix = selected ? '▸ ' : '  '
  const room = columns - 3 - widthOf(count)
  const weight = item.muted ? { dim: true } : selected || item.unread > 0 ? { bold: true } : {}
  return [
    ...fit([{ text: prefix + shorten(item.title, room), ...weight }], columns - widthOf(count)),
    ...(count === ''
      ? []
      : [{ text: count, ...(item.muted ? { dim: true } : { bold: true, color: 'green' as const }) }])
  ]
}

function chatRows(state: State, { sidebar, pane, rows }: Geometry): readonly Line[] {
  const messages = messageRows(state, pane, rows)
  if (sidebar === 0) return messages
  const at = state.chats.findIndex(({ id }) => id === state.conversation?.id)
  const first = Math.max(0, Math.min(at - Math.floor(rows / 2), state.chats.length - rows))
  return messages.map((line, row) => {
    const index = first + row
    return [
      ...fit(sidebarLine(state.chats[index], index === at, sidebar), sidebar),
      { text: '│ ', dim: true },
      ...fit(line, pane)
    ]
  })
}

function messageRows(state: State, columns: number, rows: number): readonly Line[] {
  const { conversation } = state
  if (conversation === undefined) return advice(welcome(state), columns, rows)
  const lines = conversationLines(state, columns, state.scroll + rows)
  const scroll = Math.max(0, Math.min(state.scroll, lines.length - rows))
  const shown = lines.slice(Math.max(0, lines.length - scroll - rows), lines.length - scroll)
  if (lines.length === 0) return advice(emptyChat(state, conversation), columns, rows)
  // A short conversation stands at the bottom, where it is typed.
  return [...Array.from({ length: rows - shown.length }, (): Line => []), ...shown]
}

const advice = (paragraphs: readonly string[], columns: number, rows: number): readonly Line[] =>
  filled([[], ...paragraphs.flatMap(text => wrap(text, columns - 1)).map(text => [{ text, dim: true }])], rows)

/** What a new person should do next. */
function welcome({ network, chats, daemon }: State): readonly string[] {
  const connect =
    daemon !== undefined || network.peers > 0 || network.listens
      ? []
      : [
          'No peer is set, so nothing can be sent or received: start with --peer enode://…, or put peers = ["enode://…"] into the settings file (status-stack config path). A contact link given with --to brings its peers along.',
          ''
        ]
  return [
    chats.some(({ unread }) => unread > 0) ? 'No chat is open; Alt+N shows what is unread.' : 'No chat is open.',
    '',
    ...connect,
    '/qr          your contact link, to pass on',
    '/to WHO      talk to a person: zQ3sh… or a contact link',
    '/join #NAME  a public chat',
    '/help        everything else'
  ]
}

function emptyChat({ peers }: State, { complete, chat }: Conversation): readonly string[] {
  if (!complete) return ['…']
  const whom = chat.kind === 'public' ? 'all readers of this chat' : 'them'
  const when = peers > 0 ? 'it is sent at once' : 'it is kept, and sent when a peer is connected'
  return ['Nothing was said yet.', '', `What you type and send with Enter reaches ${whom}; ${when}.`]
}

function noticeLine(state: State, choosing: boolean): Line {
  const room = state.width - 1
  if (state.progress !== undefined) return [{ text: ` ${shorten(state.progress, room)}`, color: 'cyan' }]
  if (state.choosing !== undefined) return [{ text: ` ${shorten(selectHint(state), room)}`, color: 'cyan' }]
  if (choosing) return [{ text: ` ${shorten('Tab completes', room)}`, dim: true }]
  const notice = state.noticeShown ? state.notices.at(-1) : undefined
  if (notice !== undefined) return [{ text: ` ${shorten(notice, room)}`, color: 'yellow' }]
  return [{ text: ` ${shorten(hintOf(state), room)}`, dim: true }]
}

function hintOf(state: State): string {
  const { prefix, conversation, scroll, chats } = state
  if (prefix) return 'Ctrl+X: Ctrl+E opens your editor'
  const quote = referredTo(state)
  if (quote !== undefined) return quote
  if (scroll > 0 || conversation?.hasNewer === true) {
    const below = conversation?.below ?? 0
    return `${below > 0 ? `${below} new below; ` : 'older messages; '}PageDown goes on, End to the newest`
  }
  const unread = chats.some(({ id, unread: count }) => count > 0 && id !== conversation?.id)
  const choose = (conversation?.messages.length ?? 0) > 0 ? 'Ctrl+S chooses a message · ' : ''
  return `Enter sends · Tab completes · ${choose}${unread ? 'Alt+N next unread · ' : ''}/help`
}

/** What the message says that a command in the line is about. */
function referredTo({ editor, conversation, people, naming }: State): string | undefined {
  const digits = /^\/[a-z]+ \^([0-9a-f]{4,64})\b/.exec(editor.text)?.[1]
  if (digits === undefined) return undefined
  const found = conversation?.messages.find(({ messageId }) => messageId.startsWith(`0x${digits}`))
  return found === undefined ? undefined : `↳ ${readable(messageBody(found), namesOf({ people, naming }))}`
}

function optionLines(state: State, rows: number): readonly Line[] {
  const { completion } = state
  const found = optionsFor(state)
  const options = completion?.values.map(value => ({ value, note: '' })) ?? found?.options ?? []
  const at = completion?.index ?? -1
  const first = Math.max(0, Math.min(at - rows + 1, options.length - rows))
  return options.slice(first, first + rows).map(({ value, note }, row) => {
    const text = ` ${shorten(printable(`${value}${note === '' ? '' : `  ${note}`}`), state.width - 2)}`
    return [first + row === at ? { text, inverse: true } : { text, dim: true }]
  })
}

/** The input, wrapped at characters, around the cursor. */
function inputLines(state: State, rows: number): readonly Line[] {
  const { text, cursor } = state.editor
  const columns = Math.max(1, state.width - 3)
  const lines: Span[][] = [[]]
  let used = ''
  let cursorRow = 0
  let offset = 0
  const push = (span: Span): void => {
    if (widthOf(used + span.text) > columns) {
      lines.push([])
      used = ''
    }
    lines.at(-1)?.push(span)
    used += span.text
  }
  for (const grapheme of [...graphemesOf(text), '']) {
    const here = offset === cursor
    const end = grapheme === '' || grapheme === '\n'
    if (here || !end) push({ text: end ? ' ' : printable(grapheme), ...(here ? { inverse: true } : {}) })
    if (here) cursorRow = lines.length - 1
    if (grapheme === '\n') {
      lines.push([])
      used = ''
    }
    offset += grapheme.length
  }
  const first = Math.max(0, Math.min(cursorRow - rows + 1, lines.length - rows))
  return lines
    .slice(first, first + rows)
    .map((line, row) => [{ text: first + row === 0 ? '> ' : '  ', bold: true }, ...line])
}
