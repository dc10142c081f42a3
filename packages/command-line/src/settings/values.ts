// How what a file or a variable holds becomes a value; undefined when it does not fit.

/** A text that is not empty. */
export const text = (raw: unknown): string | undefined => (typeof raw === 'string' && raw !== '' ? raw : undefined)
/** A list, or a text of its entries with commas or blanks between them. */
export const texts = (raw: unknown): readonly string[] | undefined => {
  const list = typeof raw === 'string' ? raw.split(/[\s,]+/).filter(part => part !== '') : raw
  return Array.isArray(list) && list.every(part => typeof part === 'string') ? list : undefined
}
/** A number above 0. */
export const positive = (raw: unknown): number | undefined => {
  const value = typeof raw === 'string' ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined
}
/** A number, 0 or more. */
export const notNegative = (raw: unknown): number | undefined => {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
/** A whole number from `low` to `high`. */
export const whole =
  (low: number, high: number) =>
  (raw: unknown): number | undefined => {
    const value = typeof raw === 'string' && raw !== '' ? Number(raw) : raw
    return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high ? value : undefined
  }
/** A flag that is there, `on` and TOML's `true` mean the same. */
export const onOff = (raw: unknown): 'on' | 'off' | undefined =>
  raw === true || raw === 'on' ? 'on' : raw === false || raw === 'off' ? 'off' : undefined
/** One of these texts. */
export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (raw: unknown): T | undefined =>
    values.find(value => value === raw)
