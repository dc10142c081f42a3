import {
  type Context as CommandContext,
  type Definition as CommandDefinition,
  type Position as CommandPosition,
  definitions
} from '@status-stack/command-line'
import type { Globals } from './globals.ts'
import type { Output } from './output.ts'
import type { WordKind } from './word-kinds.ts'

/** What every command gets. */
export interface Shared {
  readonly globals: Globals
  readonly output: Output
}

/** What the work of a command gets: its flags and arguments besides. */
export type Context<Options extends object = object> = CommandContext<Options, Shared>

export type Definition = CommandDefinition<Shared>

export type Position = CommandPosition<WordKind>

export const { defineCommand, defineGroup } = definitions<Shared, WordKind>()
