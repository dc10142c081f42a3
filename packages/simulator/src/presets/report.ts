/** A number that was measured beside what was said elsewhere. */
export interface Check {
  /** What was measured, in words. */
  readonly name: string
  /** What was said elsewhere. */
  readonly expected: number
  /** What this run gave. */
  readonly measured: number
  /** Share of `expected` by which the measured one may differ. 0: not at all. */
  readonly tolerance: number
  /** Whether the two differ by no more than the tolerance. */
  readonly ok: boolean
}

/** A line of a plot. */
export interface Series {
  /** For the legend. */
  readonly name: string
  /** In order of x. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** What can be drawn. */
export interface Plot {
  /** Of its file. */
  readonly name: string
  /** Above the drawing. */
  readonly title: string
  /** Label of the horizontal axis, with its unit. */
  readonly x: string
  /** Label of the vertical axis, with its unit. */
  readonly y: string
  /** Whether the vertical axis is. @default false */
  readonly isLogarithmic?: boolean
  /** The lines, in order of the legend. */
  readonly series: readonly Series[]
}

/** What an experiment found. */
export interface PresetReport {
  /** Name of the experiment. */
  readonly preset: string
  /** The seed that it was run with. */
  readonly seed: string
  /** A table: the same columns in each row. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** What was compared with numbers from elsewhere. */
  readonly checks: readonly Check[]
  /** What can be drawn of it. */
  readonly plots: readonly Plot[]
  /** What has to be known to read the numbers. */
  readonly notes: readonly string[]
  /** Of all runs, in order: equal ones mean that the same happened. */
  readonly traces: readonly string[]
}

/** How an experiment is run. */
export interface PresetOptions {
  /** The same seed gives the same report. */
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
  /** As the command line names it. */
  readonly name: string
  /** One line about what it finds out. */
  readonly summary: string
  /** Plays it; takes seconds to minutes at full size. */
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
