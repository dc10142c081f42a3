import type { ChatRef, ClientEvents } from '@status-stack/status-client'
import { chatJson, chatName, type View } from './view.ts'

/** What the client says of our clock; what it does not know is left out. */
interface SkewFact {
  readonly warning: boolean
  /** Milliseconds by which others are ahead of us. */
  readonly estimateMs?: number | undefined
  readonly direction?: string | undefined
}

/** Something that people should know although nothing failed. */
export type NoticeFact =
  /** The last clock of a chat was ahead of what its readers accept: another one was taken for what we write. */
  | { readonly kind: 'clock-fallback'; readonly chat: ChatRef; readonly lastClock: number; readonly clock: number }
  /** A stranger's request or invitation made room for a newer one. */
  | { readonly kind: 'chat-evicted'; readonly chat: ChatRef }

const advice = 'set it by NTP (timedatectl set-ntp true)'

/** One line when this clock seems to be wrong, and one when it no longer does. */
export function skewView(fact: ClientEvents['skew']): View {
  const { warning, estimateMs, direction } = fact as SkewFact
  const event = { event: 'skew', ...fact }
  if (!warning) return { event, text: '· the clock of this machine agrees with those of others' }
  const seconds = estimateMs === undefined ? undefined : Math.round(Math.abs(estimateMs) / 1000)
  const side =
    direction === 'behind' || direction === 'ahead'
      ? direction
      : estimateMs === undefined || estimateMs === 0
        ? undefined
        : estimateMs > 0
          ? 'behind'
          : 'ahead'
  const how = side === undefined ? 'wrong' : `${seconds === undefined ? '' : `${seconds} s `}${side}`
  return { event, text: `! the clock of this machine seems to be ${how}: messages get lost; ${advice}` }
}

/**
 * Tells of the clock while it is wrong, and once when it no longer is: corrections without a warning are for programs.
 * @returns whether people should be told of the next fact
 */
export function createSkewMemory(): (fact: ClientEvents['skew']) => boolean {
  let warned = false
  return ({ warning }) => {
    const telling = warning || warned
    warned = warning
    return telling
  }
}

export function noticeView(fact: NoticeFact): View {
  const { chat } = fact
  const event = { event: 'notice', ...fact, chat: chatJson(chat) }
  if (fact.kind === 'clock-fallback') {
    const ahead = Math.round((fact.lastClock - fact.clock) / 1000)
    const text = `! the last clock of ${chatName(chat)} is ${ahead} s ahead of what readers accept; what you write there may be sorted before it`
    return { event, text }
  }
  return { event, text: `· the request of ${chatName(chat)} was removed: there are too many from strangers` }
}

/** A client that tells of notices; one that does not know them stays silent. */
export function onNotice(client: { readonly on: unknown }, handler: (fact: NoticeFact) => void): () => void {
  const on = client.on as (event: 'notice', handler: (fact: NoticeFact) => void) => () => void
  return on('notice', handler)
}
