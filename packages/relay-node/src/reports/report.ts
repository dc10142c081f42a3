/** One fact about a run: an object for programs, a line for people. */
export interface Report {
  /** The fact: its name is in `event`, and names and fields are only ever added. */
  readonly event: { readonly event: string; readonly [field: string]: unknown }
  /** One line; nothing in it that a peer chose acts on a terminal. */
  readonly text: string
  /**
   * Whom it concerns besides programs, which get everything: everybody; those who are told of `connections`; those who asked for
   * `details`; or `programs` alone.
   */
  readonly audience: 'everybody' | 'connections' | 'details' | 'programs'
}

/** Takes what is to be told. */
export type Tell = (report: Report) => void
