import type { Globals } from './globals.ts'
import type { Output } from './output.ts'

/** One command's work. `options` are its own flags, `args` its positional arguments. */
export type Work<Options> = (
  options: Options,
  globals: Globals,
  output: Output,
  args: readonly string[]
) => Promise<void>

/** Wraps a command's work: settings are resolved and the output is made before it runs. */
export type Action = <Options extends object = object>(work: Work<Options>) => (...values: unknown[]) => Promise<void>
