export {
  type CommandSpec,
  type Context,
  type Definition,
  definitions,
  type Example,
  type GroupSpec,
  modules,
  type Position,
  type Runner
} from './definitions.ts'
export { CommandLineError, type CommandLineErrorCode } from './errors.ts'
export { collect, count, type FlagValue, flag, positive, share } from './flags.ts'
export { type Line, lineOf, valueInLine, type Word, wordLines } from './line.ts'
export { createProgram, type Outcome, type ParserStreams, type ProgramSpec, runLine } from './program.ts'
export { type Argument, type CommandNode, commandTree, type Flag } from './tree.ts'
export { closest, type WrongUsage } from './usage.ts'
export { commandWords } from './words-of-line.ts'
