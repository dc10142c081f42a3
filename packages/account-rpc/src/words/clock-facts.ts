import type { ClockSkewFact, NoticeFact } from '../methods.ts'
import { chatName } from '../targets.ts'
import type { View } from './view.ts'

/** What people can do about it. */
export const clockAdvice = 'set it by NTP (timedatectl set-ntp true)'

/**
 * How the clock of this machine seems to stand, and what follows from it.
 *
 * @example
 * ```ts
 * account.on('skew', fact => fact.warning && console.log(wrongClock(fact)))
 * ```
 */
export function wrongClock({ estimateMs, direction }: Pick<ClockSkewFact, 'estimateMs' | 'direction'>): string {
  const seconds = estimateMs === undefined ? '' : `${Math.round(Math.abs(estimateMs) / 1000)} s `
  const how = direction === 'behind' || direction === 'ahead' ? `${seconds}${direction}` : 'wrong'
  return `the clock of this machine seems to be ${how}: messages get lost`
}

/**
 * One line when this clock seems to be wrong, and one when it no longer does.
 *
 * @example
 * ```ts
 * account.on('skew', fact => console.log(skewView(fact).text))
 * ```
 */
export function skewView(fact: ClockSkewFact): View {
  if (!fact.warning) return { event: fact, text: '· the clock of this machine agrees with those of others' }
  return { event: fact, text: `! ${wrongClock(fact)}; ${clockAdvice}` }
}

/**
 * Tells of the clock while it is wrong, and once when it no longer is: corrections without a warning are for programs.
 * @returns whether people should be told of the next fact
 *
 * @example
 * ```ts
 * const isNews = createSkewMemory()
 * account.on('skew', fact => isNews(fact) && console.log(skewView(fact).text))
 * ```
 */
export function createSkewMemory(): (fact: Pick<ClockSkewFact, 'warning'>) => boolean {
  let warned = false
  return ({ warning }) => {
    const telling = warning || warned
    warned = warning
    return telling
  }
}

/**
 * A notice as people read it.
 *
 * @example
 * ```ts
 * account.on('notice', fact => console.log(noticeView(fact).text))
 * ```
 */
export function noticeView(fact: NoticeFact): View {
  const { chat } = fact
  if (fact.kind === 'clock-fallback') {
    const ahead = Math.round((fact.lastClock - fact.clock) / 1000)
    const text = `! the last clock of ${chatName(chat)} is ${ahead} s ahead of what readers accept; what you write there may be sorted before it`
    return { event: fact, text }
  }
  return { event: fact, text: `· the request of ${chatName(chat)} was removed: there are too many from strangers` }
}
