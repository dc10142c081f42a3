import { type TimeSlicer, timeSlicer } from '@status-stack/utils'

/** Work in pieces: it yields after each piece that costs about as much as verifying a signature, and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>

/** How sliced work pauses. */
export interface SliceOptions {
  /** Says when a turn is used up. @default the slicer that all packages share: 10 ms a turn */
  readonly slicer?: TimeSlicer
  /** Ends the work at the next pause; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** The result, in one go. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The result, with pauses for others whenever the turn's budget is used. @throws the signal's reason once it has fired */
export async function runSliced<T>(steps: Steps<T>, { slicer = timeSlicer, signal }: SliceOptions = {}): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    const pause = slicer.yielded(signal)
    if (pause !== undefined) await pause
  }
}
