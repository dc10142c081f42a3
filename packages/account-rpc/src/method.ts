import type { GivenParams, Params } from './params.ts'

/** One method of an account as the table describes it. What it does stands in `implementations/`. */
export interface Method<P extends Params = Params, Result = unknown> {
  /** What it does, as one sentence of the documentation. */
  readonly doc: string
  /** How each of its parameters is read, by name. */
  readonly params: P
  /** What it answers, in the words of the documentation. */
  readonly result: ResultDoc<Result>
}

/** The documentation of a result; the type stands only for the compiler. */
export interface ResultDoc<Result> {
  /** In Markdown. */
  readonly doc: string
  /** Never there at run time. */
  readonly type?: Result
}

/** A result of the given type with its documentation. */
export const result = <Result>(doc: string): ResultDoc<Result> => ({ doc })

/** Keeps the exact types of a row of the table. */
export const method = <P extends Params, Result>(row: Method<P, Result>): Method<P, Result> => row

/** How a call may be ended by its caller. */
export interface CallOptions {
  /** Ends the call for its caller, and its work where that takes long. */
  readonly signal?: AbortSignal | undefined
}

/** The function that a row of the table describes. */
export type CallOf<M> =
  M extends Method<infer P, infer Result>
    ? Record<never, never> extends GivenParams<P>
      ? (params?: GivenParams<P>, options?: CallOptions) => Promise<Result>
      : (params: GivenParams<P>, options?: CallOptions) => Promise<Result>
    : never
