import type { ChatRef, Client } from '@status-stack/status-client'
import type { View } from '../view.ts'
import type { State } from './state.ts'

/** How a face of the messenger shows what a command answers. */
export interface Face {
  /** One thing that happened. */
  readonly say: (view: View) => void
  /** What was asked for; `picture` is drawn above it. */
  readonly page: (title: string, views: readonly View[], picture?: readonly string[]) => void
  /** What goes on right now, until it is called without a text. */
  readonly progress: (text?: string) => void
  /** Hands the text being written to an external editor. */
  readonly edit: () => Promise<void>
  /** There are keys to explain, and a size to keep to. */
  readonly screen: boolean
}

export interface CommandContext extends Face {
  readonly client: Client
  readonly state: () => State
  /** Shows a chat. */
  readonly open: (chat: ChatRef) => Promise<void>
  readonly next: () => void
  readonly quit: () => void
  /** Aborts when the person wants an end of it. */
  readonly signal: AbortSignal
  /** What the contact link names besides the key. */
  readonly peers: readonly string[]
  readonly mailservers: readonly string[]
}

export type Handler = (context: CommandContext, rest: string) => Promise<void>

/** A sentence that is its own fact. */
export const done = (text: string, event = 'done'): View => ({ event: { event, text }, text })
