/** Bounds on what a vector file can make the runner hold or compute. Each has a test that overruns it. */
export interface ConformanceLimits {
  /** Most bytes of one file. */
  readonly maxFileBytes: number
  /** Most JSON files taken from one folder. */
  readonly maxFolderFiles: number
  /** Most cases of one run, over all files. */
  readonly maxCases: number
  /** Most bits of proof of work an adapter searches for; a case that asks for more fails. */
  readonly maxPowBits: number
}

/** The limits that apply unless a run names others. */
export const conformanceLimits: ConformanceLimits = Object.freeze({
  maxFileBytes: 64 * 1024 * 1024,
  maxFolderFiles: 1000,
  maxCases: 100_000,
  maxPowBits: 24
})
