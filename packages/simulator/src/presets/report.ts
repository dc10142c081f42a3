/** A number that was measured beside what was said elsewhere. */
export interface Check {
  readonly name: string
  readonly expected: number
  readonly measured: number
  /** Share of `expected` by which the measured one may differ. 0: not at all. */
  readonly tolerance: number
  readonly ok: boolean
}

/** A line of a plot. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** What can be drawn. */
export interface Plot {
  readonly name: string
  readonly title: string
  readonly x: string
  readonly y: string
  /** @default false */
  readonly isLogarithmic?: boolean
  readonly series: readonly Series[]
}

/** What an experiment found. */
export interface PresetReport {
  readonly preset: string
  readonly seed: string
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  readonly checks: readonly Check[]
  readonly plots: readonly Plot[]
  /** What has to be known to read the numbers. */
  readonly notes: readonly string[]
  /** Of all runs, in order: equal ones mean that the same happened. */
  readonly traces: readonly string[]
}

/** How an experiment is run. */
export interface PresetOptions {
  readonly seed: string
  /** Share of the full size, above 0, at most 1: smaller is faster and less exact. @default 1 */
  readonly scale?: number | undefined
  /** Called before each part. */
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly of: number; readonly what: string }) => void)
    | undefined
}

/** An experiment with a name. */
export interface Preset {
  readonly name: string
  readonly summary: string
  readonly run: (options: PresetOptions) => Promise<PresetReport>
}

/** Compares a measured number with a published one. */
export function checked(name: string, expected: number, measured: number, tolerance: number): Check {
  return { name, expected, measured, tolerance, ok: Math.abs(measured - expected) <= tolerance * Math.abs(expected) }
}

/** The number below which a share of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** To so many digits, for people. */
export const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits))
