import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chatStatistics,
  type ExportFormat,
  exportFormats,
  statisticsText,
  storedMessages
} from '@status-stack/account-rpc/conversation'
import type { MessageFact } from '@status-stack/account-rpc/methods'
import { keyHex } from '@status-stack/account-rpc/targets'
import { messageView } from '@status-stack/account-rpc/words'
import { publicKeyOf } from '@status-stack/crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exportHistory } from '../../src/history-export.ts'

const bob = keyHex(publicKeyOf(new Uint8Array(32).fill(7)))
const start = Date.parse('2026-01-01T00:00:00Z')
const idOf = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`

const message = (n: number, rest: Partial<MessageFact> = {}): MessageFact => ({
  event: 'message',
  messageId: idOf(n),
  chat: { kind: 'public', name: 'x' },
  author: bob,
  outgoing: false,
  kind: 'text',
  text: `number ${n}`,
  clock: start + n * 1000,
  protection: 'public',
  source: 'live',
  timestampMs: start + n * 1000,
  seen: true,
  deleted: false,
  reactions: [],
  mentions: [],
  ...rest
})

/** A store that answers as the account does, and counts what is read. */
function storeOf(messages: readonly MessageFact[]) {
  let read = 0
  let largest = 0
  const history = async ({ limit = 50, before, after }: Record<string, unknown> & { limit?: number }) => {
    const index = (id: unknown): number => messages.findIndex(({ messageId }) => messageId === id)
    const from = after === null ? 0 : after !== undefined ? index(after) + 1 : undefined
    const to = before === undefined ? messages.length : index(before)
    const found = from === undefined ? messages.slice(Math.max(0, to - limit), to) : messages.slice(from, from + limit)
    read += found.length
    largest = Math.max(largest, found.length)
    return found.toReversed()
  }
  const attachment = async ({ messageId }: { messageId: string }) => ({
    messageId,
    kind: 'image' as const,
    type: 'png',
    bytes: 3,
    base64: 'AQID'
  })
  return { account: { history, attachment } as never, read: () => read, largest: () => largest }
}

async function textsOf(messages: readonly MessageFact[], range: { since?: number; until?: number }) {
  const store = storeOf(messages)
  const texts: string[] = []
  for await (const { text } of storedMessages(store.account, '#x', range)) texts.push(text)
  return { texts, read: store.read(), largest: store.largest() }
}

describe('reading a stored conversation', () => {
  const many = Array.from({ length: 1234 }, (_, n) => message(n))

  test('all of it comes once, oldest first, a page at a time', async () => {
    const { texts, read, largest } = await textsOf(many, {})
    expect(texts).toEqual(many.map(({ text }) => text))
    expect(read).toBe(many.length)
    expect(largest).toBe(200)
  })

  test('a part is what was written in it; of what is older than `since` one page is read', async () => {
    const since = start / 1000 + 1200
    const { texts, read } = await textsOf(many, { since, until: since + 10 })
    expect(texts).toEqual(Array.from({ length: 10 }, (_, n) => `number ${1200 + n}`))
    expect(read).toBeLessThanOrEqual(400)
    expect((await textsOf(many, { since: start / 1000 - 5 })).texts).toHaveLength(many.length)
    expect((await textsOf(many, { since: start / 1000 + 9999 })).texts).toEqual([])
  })

  test('a message whose clock is ahead of its time is found all the same', async () => {
    const since = start / 1000 + 50
    const ahead = message(60, { text: 'early', timestampMs: start, clock: start + 60_000 })
    const late = message(61, { text: 'late', timestampMs: start + 60_500, clock: start + 61_000 })
    expect((await textsOf([message(0), ahead, late], { since })).texts).toEqual(['late'])
  })
})

describe('an export', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'status-stack-export-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const nasty =
    '</p><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) `code` \u001b[31m\u202e'
  const stored = [
    message(1, { text: nasty }),
    message(2, { kind: 'image', text: '', attachment: { kind: 'image', type: 'png', bytes: 3 } }),
    message(3, { kind: 'image', deleted: true, attachment: { kind: 'image', type: 'png', bytes: 3 } }),
    message(4, { outgoing: true, text: 'two\nlines', reactions: [{ emoji: 'love', author: bob }] })
  ]
  const write = (format: ExportFormat, out = join(folder, `x.${format}`), messages = stored) =>
    exportHistory(
      storeOf(messages).account,
      { kind: 'public', name: 'x' },
      { format, out },
      new AbortController().signal
    )

  test.each(exportFormats)(
    '%s: every message, its picture beside it, its owner’s alone, never over another file',
    async format => {
      expect(await write(format)).toEqual({ messages: 4, files: 1 })
      const out = join(folder, `x.${format}`)
      const text = readFileSync(out, 'utf8')
      const picture = `x.${format}-files/${'0'.repeat(16)}.png`
      expect(text).toContain(picture)
      expect(readFileSync(join(folder, picture))).toEqual(Buffer.from([1, 2, 3]))
      expect(readdirSync(`${out}-files`)).toHaveLength(1)
      expect([statSync(out).mode & 0o077, statSync(join(folder, picture)).mode & 0o077]).toEqual([0, 0])
      expect(text).not.toContain('\u001b')
      await expect(write(format)).rejects.toMatchObject({ code: 'not-written' })
    }
  )

  test('html: nothing of a message is markup, no script runs, nothing is loaded', async () => {
    await write('html')
    const html = readFileSync(join(folder, 'x.html'), 'utf8')
    expect(html).not.toMatch(/<script|<img src=x/)
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    expect(html).toContain("default-src 'none'")
    const elements = new Set([...html.matchAll(/<([a-z0-9]+)[ >]/g)].map(([, name]) => name))
    const known = [
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'h1',
      'article',
      'header',
      'time',
      'p',
      'img',
      'footer'
    ]
    expect([...elements].filter(name => !known.includes(name ?? ''))).toEqual([])
    expect(html).toMatch(/two\nlines<\/p>/)
    expect(html.trimEnd()).toMatch(/<\/html>$/)
  })

  test('md: nothing of a message is markup', async () => {
    await write('md')
    const text = readFileSync(join(folder, 'x.md'), 'utf8')
    expect(text).toContain('\\<script\\>alert\\(1\\)\\<\\/script\\>')
    expect(text).toContain('\\[a\\]\\(javascript\\:alert\\(1\\)\\)')
    expect(text).toContain('> two  \n> lines')
  })

  test('jsonl: each line is the fact that history prints', async () => {
    await write('jsonl')
    const lines = readFileSync(join(folder, 'x.jsonl'), 'utf8').trimEnd().split('\n')
    const { file, ...second } = JSON.parse(lines[1] ?? '') as Record<string, unknown>
    expect(JSON.parse(lines[0] ?? '')).toEqual({ format: 1, ...stored[0] })
    expect([file, second]).toEqual([expect.stringContaining('.png'), { format: 1, ...stored[1] }])
  })

  test('that is interrupted leaves no file behind', async () => {
    const out = join(folder, 'x.md')
    const ended = exportHistory(
      storeOf(stored).account,
      { kind: 'public', name: 'x' },
      { format: 'md', out },
      AbortSignal.abort()
    )
    await expect(ended).rejects.toMatchObject({ code: 'interrupted' })
    expect(existsSync(out)).toBe(false)
  })

  test('a time that is no date is written as the number it is', async () => {
    const at = Number.MAX_SAFE_INTEGER
    await write('html', join(folder, 'far.html'), [message(1, { timestampMs: at })])
    expect(readFileSync(join(folder, 'far.html'), 'utf8')).toContain(`<time>${at}</time>`)
  })
})

test('statistics count messages of people by author, and files', async () => {
  const messages = [
    message(1),
    message(2, { outgoing: true, author: `0x${'04'.repeat(65)}` }),
    message(3, { kind: 'system' }),
    message(4, { deleted: true, attachment: { kind: 'image', type: 'png', bytes: 9 } }),
    message(5, { attachment: { kind: 'image', type: 'png', bytes: 9 }, reactions: [{ emoji: 'love', author: bob }] })
  ]
  const found = await chatStatistics(storeOf(messages).account, '#x')
  expect(found).toMatchObject({ messages: 4, sent: 1, received: 3, deleted: 1, files: 1, fileBytes: 9, reactions: 1 })
  expect([found.firstMs, found.lastMs]).toEqual([start + 1000, start + 5000])
  expect(found.authors.map(one => one.messages)).toEqual([3, 1])
  expect(found.authors[0]?.author).toBe(bob)
})

test('authors beyond a thousand are counted together', async () => {
  const authors = Array.from({ length: 1003 }, (_, n) => `0x04${n.toString(16).padStart(128, '0')}`)
  const found = await chatStatistics(storeOf(authors.map((author, n) => message(n, { author }))).account, '#x')
  expect([found.authors.length, found.others, found.messages]).toEqual([1000, 3, 1003])
  expect(statisticsText('#x', { ...found, authors: [{ author: bob, messages: 1000 }] })).toMatch(/^ +3 {2}others$/m)
})

test('a time that no date can hold, which any author may choose, ends neither statistics nor lines', async () => {
  const found = await chatStatistics(storeOf([message(1, { timestampMs: Number.MAX_SAFE_INTEGER })]).account, '#x')
  expect(statisticsText('#x', found)).toContain('from an unknown day to an unknown day')
  expect(messageView(message(1, { timestampMs: Number.MAX_SAFE_INTEGER })).text).toMatch(/^--:-- #x /)
})
