const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const agoPattern = /^(\d{1,9})([smhdw])$/
const datePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/

/** What a moment may look like, in words. */
export const momentForms = 'expected how long ago (90m, 24h, 7d, 2w) or a date (2026-11-20, 2026-11-20T08:00Z)'

/**
 * A moment as people type it: so long ago, or a date; Unix seconds. Undefined when it is neither, or not in the past.
 *
 * @example
 * ```ts
 * parseMoment('2h', Date.now()) // two hours ago, Unix seconds
 * ```
 */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const [, amount, unit] = agoPattern.exec(text) ?? []
  const nowSeconds = Math.floor(nowMs / 1000)
  const seconds =
    amount !== undefined && unit !== undefined
      ? nowSeconds - Number(amount) * (units[unit] ?? Number.NaN)
      : datePattern.test(text)
        ? Math.floor(Date.parse(text) / 1000)
        : Number.NaN
  return seconds >= 0 && seconds <= nowSeconds ? seconds : undefined
}
