import type { ClientEvents } from '@status-stack/status-client'
import { chatJson, chatName, type View } from './view.ts'

/** What people can do about it. */
export const clockAdvice = 'set it by NTP (timedatectl set-ntp true)'

/** How the clock of this machine seems to stand, and what follows from it. */
export function wrongClock({ estimateMs, direction }: Pick<ClientEvents['skew'], 'estimateMs' | 'direction'>): string {
  const seconds = estimateMs === undefined ? '' : `${Math.round(Math.abs(estimateMs) / 1000)} s `
  const how = direction === 'behind' || direction === 'ahead' ? `${seconds}${direction}` : 'wrong'
  return `the clock of this machine seems to be ${how}: messages get lost`
}

/** One line when this clock seems to be wrong, and one when it no longer does. */
export function skewView(fact: ClientEvents['skew']): View {
  const event = { event: 'skew', ...fact }
  if (!fact.warning) return { event, text: '· the clock of this machine agrees with those of others' }
  return { event, text: `! ${wrongClock(fact)}; ${clockAdvice}` }
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

export function noticeView(fact: ClientEvents['notice']): View {
  const { chat } = fact
  const event = { event: 'notice', ...fact, chat: chatJson(chat) }
  if (fact.kind === 'clock-fallback') {
    const ahead = Math.round((fact.lastClock - fact.clock) / 1000)
    const text = `! the last clock of ${chatName(chat)} is ${ahead} s ahead of what readers accept; what you write there may be sorted before it`
    return { event, text }
  }
  return { event, text: `· the request of ${chatName(chat)} was removed: there are too many from strangers` }
}
