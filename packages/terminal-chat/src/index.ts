/**
 * The messenger of a terminal over any `Account` of account-rpc: on the full screen, or line by line.
 *
 * @packageDocumentation
 */
import type { Opening, Surroundings } from './surroundings.ts'

export { type CommandRow, commandRows } from './command-table.ts'
export type { Environment } from './environment.ts'
export { ChatError, type ChatErrorCode } from './errors.ts'
export { limits } from './limits.ts'
export type {
  ChatFiles,
  ChatSettings,
  CommandSurroundings,
  OnDaemon,
  OpenChat,
  Opening,
  Surroundings,
  ToldError
} from './surroundings.ts'
export { canDraw } from './terminal.ts'

/**
 * The full screen, until the person leaves it. Needs a terminal for which `canDraw` answers true.
 *
 * @example
 * ```ts
 * if (canDraw(environment)) await fullScreen(opening, surroundings)
 * ```
 */
export async function fullScreen(opening: Opening, surroundings: Surroundings): Promise<void> {
  const screen = await import('./full-screen.ts')
  return screen.fullScreen(opening, surroundings)
}

/**
 * The messenger line by line: for screen readers, pipes and programs. The same commands as on the full screen.
 *
 * @example
 * ```ts
 * await lineByLine(opening, surroundings)
 * ```
 */
export async function lineByLine(opening: Opening, surroundings: Surroundings): Promise<void> {
  const lines = await import('./plain.ts')
  return lines.lineByLine(opening, surroundings)
}
