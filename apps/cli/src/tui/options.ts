/** Flags of `chat`. */
export interface ChatOptions {
  readonly chaos?: string
  /** The chat to begin with. Needed where the input is no terminal: its first line must go somewhere. */
  readonly to?: string
  /** Line by line even on a terminal that could show the full screen. */
  readonly plain?: boolean
}
