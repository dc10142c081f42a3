import { shortKey } from '@status-stack/account-rpc/targets'
import { hexToBytes } from '@status-stack/crypto'
import { printableLines } from '@status-stack/utils'
import { limits } from '../limits.ts'

/** A piece of a message as it is drawn: text, a link that opens another page, or a person who is named. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string }

const special = /https:\/\/[^\s<>"']+|@0x04[0-9a-f]{128}/gu
/** What ends a sentence rather than a link. */
const trailing = /[.,;:!?)\]}]+$/

/**
 * A text of others in pieces, without anything that reorders or hides. Only `https` links become links; they are written as a browser
 * reads them, so that a host in look-alike letters shows as what it is (`xn--…`).
 */
export function textParts(text: string): readonly TextPart[] {
  const shown = printableLines(text.length > limits.textShown ? `${text.slice(0, limits.textShown)}…` : text)
  const parts: TextPart[] = []
  let at = 0
  let drawn = 0
  for (const found of shown.matchAll(special)) {
    // BOUNDED: limits.linksPerText
    if (drawn >= limits.linksPerText) break
    const word = found[0].replace(trailing, '')
    const part = word.startsWith('@') ? mention(word) : link(word)
    if (part === undefined) continue
    if (found.index > at) parts.push({ kind: 'text', text: shown.slice(at, found.index) })
    parts.push(part)
    drawn++
    at = found.index + word.length
  }
  if (at < shown.length) parts.push({ kind: 'text', text: shown.slice(at) })
  return parts
}

function link(word: string): TextPart | undefined {
  if (!URL.canParse(word)) return undefined
  const url = new URL(word)
  // A name before the host is there to look like another host.
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined
  return { kind: 'link', text: url.href, href: url.href }
}

function mention(word: string): TextPart | undefined {
  try {
    return { kind: 'mention', text: `@${shortKey(hexToBytes(word.slice(3)))}` }
  } catch {
    // Not a point of the curve: it names no person.
    return undefined
  }
}
