import { hexToBytes } from '@status-stack/crypto'
import { encodeKeyText } from '@status-stack/status-accounts'
import { printable, safeJson } from '@status-stack/utils'
import type { MessageFact } from '../methods.ts'
import { versioned } from '../methods.ts'
import { messageBody, protectionWords, reactionsText } from '../words/index.ts'

/** What a conversation is written as. */
export const exportFormats = ['md', 'html', 'jsonl'] as const
/** The name of a format that conversations are written in. */
export type ExportFormat = (typeof exportFormats)[number]

/** What is known of the conversation in front of its messages. */
export interface ExportHead {
  /** `#status`, or the key of a person. */
  readonly title: string
}

/** A message with the file that its picture or sound is in, beside the export. */
export interface ExportItem {
  /** One of the conversation, which is written oldest first. */
  readonly message: MessageFact
  /** Its path relative to the export, with `/` between folders. */
  readonly file?: string | undefined
}

/** How a conversation is written: a beginning, each message, an end. No part needs more than one message in memory. */
interface Writer {
  readonly begin: (head: ExportHead) => string
  readonly item: (item: ExportItem) => string
  readonly end: string
}

const time = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 19)

/** A date of the year 200 000 is no date of JavaScript: authors choose their times. */
const shownTime = ({ timestampMs }: MessageFact): string => {
  try {
    return time(timestampMs)
  } catch {
    return String(timestampMs)
  }
}

const authorOf = ({ author, outgoing }: MessageFact): string => (outgoing ? 'me' : encodeKeyText(hexToBytes(author)))

/** Text of others, line by line: nothing in it acts on what shows it. */
const linesOf = (message: MessageFact): readonly string[] => messageBody(message).split('\n').map(printable)

/** HTML: every character that markup could begin with. */
const escaped = (text: string): string => text.replace(/[&<>"'`]/g, found => `&#${found.charCodeAt(0)};`)

/** Markdown: every character that could mean something, wherever it stands. */
const plainMarkdown = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>~&:@/=^$%"']/g, '\\$&')

const style =
  'body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}article{margin:0 0 1em}' +
  'p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}header{color:#555;font-size:.85em;overflow-wrap:anywhere}img{max-width:100%}'

// No script runs and nothing is loaded from elsewhere, whatever a message holds.
const policy = "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'"

const htmlFile = ({ message, file }: ExportItem): string => {
  if (file === undefined) return ''
  const path = escaped(file.split('/').map(encodeURIComponent).join('/'))
  return message.kind === 'image' ? `<img src="${path}" alt="">` : `<audio controls src="${path}"></audio>`
}

/** How each format is written. */
export const writers: Readonly<Record<ExportFormat, Writer>> = {
  jsonl: {
    begin: () => '',
    item: ({ message, file }) => `${safeJson(versioned(file === undefined ? message : { ...message, file }))}\n`,
    end: ''
  },
  md: {
    begin: ({ title }) => `# ${plainMarkdown(title)}\n`,
    item: item => {
      const { message, file } = item
      const about = `**${shownTime(message)}** ${plainMarkdown(authorOf(message))} · ${protectionWords[message.protection]}`
      const reactions = reactionsText(message)
      const body = linesOf(message)
        .map(line => `> ${plainMarkdown(line)}`)
        .join('  \n')
      const picture = file === undefined ? '' : `\n>\n> ![](<${file.split('/').map(encodeURIComponent).join('/')}>)`
      return `\n${about}\n\n${body}${picture}\n${reactions === '' ? '' : `\n${plainMarkdown(reactions)}\n`}`
    },
    end: ''
  },
  html: {
    begin: ({ title }) =>
      `<!doctype html>\n<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
      `<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head>\n` +
      `<body><h1>${escaped(title)}</h1>\n`,
    item: item => {
      const { message } = item
      const reactions = reactionsText(message)
      return (
        `<article id="${escaped(message.messageId)}"><header><time>${escaped(shownTime(message))}</time> ` +
        `${escaped(authorOf(message))} · ${escaped(protectionWords[message.protection])}</header>` +
        `<p>${linesOf(message).map(escaped).join('\n')}</p>${htmlFile(item)}` +
        `${reactions === '' ? '' : `<footer>${escaped(reactions)}</footer>`}</article>\n`
      )
    },
    end: '</body></html>\n'
  }
}
