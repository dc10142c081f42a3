/** Bounds on what a vector file, or a process under test, can make the runner hold, compute or wait for. Each has a test that overruns it. */
export interface ConformanceLimits {
  /** Most bytes of one file. */
  readonly maxFileBytes: number
  /** Most JSON files taken from one folder. */
  readonly maxFolderFiles: number
  /** Most cases of one run, over all files. */
  readonly maxCases: number
  /** Most bits of proof of work an adapter searches for; a case that asks for more fails. */
  readonly maxPowBits: number
  /** Most bytes of one line of a process: a message of a megabyte is two megabytes of hex, and an answer holds a few of it. */
  readonly maxLineBytes: number
  /** How often a process may break before it is not started again. */
  readonly maxProcessFailures: number
  /** Most time from its start to its first answer; milliseconds. */
  readonly processStartMs: number
  /** How long it may stay when its input is closed; milliseconds. */
  readonly processEndMs: number
  /** How much of the end of its standard error is shown; characters. */
  readonly processMessageLength: number
}

/** The limits that apply unless a run names others. */
export const defaultLimits: ConformanceLimits = Object.freeze({
  maxFileBytes: 64 * 1024 * 1024,
  maxFolderFiles: 1000,
  maxCases: 100_000,
  maxPowBits: 24,
  maxLineBytes: 16 * 1024 * 1024,
  maxProcessFailures: 10,
  processStartMs: 60_000,
  processEndMs: 2000,
  processMessageLength: 500
})
