import type { ClientEvents } from '@status-stack/status-client'
import { chatJson, chatName, type View } from './view.ts'

export type NoticeFact = ClientEvents['notice']

const advice = 'set it by NTP (timedatectl set-ntp true)'

/** One line when this clock seems to be wrong, and one when it no longer does. */
export function skewView(fact: ClientEvents['skew']): View {
  const { warning, estimateMs, direction } = fact
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
