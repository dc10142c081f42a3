import type { TimeSlicer } from '@status-stack/utils'

/** Steps between two questions for the time: a millisecond of the dearest kind. */
const stepsPerCheck = 4

/** Runs steps until they end or the turn has no time left; then in further turns. */
export function createStepper(slicer: TimeSlicer): (steps: Generator<void, boolean>) => boolean | Promise<boolean> {
  let count = 0
  const isDue = (): boolean => {
    count += 1
    return count % stepsPerCheck === 0 && slicer.due()
  }
  const later = async (steps: Generator<void, boolean>): Promise<boolean> => {
    for (;;) {
      await slicer.pause()
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done === true) return step.value
        if (isDue()) break
      }
    }
  }
  return steps => {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value
      if (isDue()) return later(steps)
    }
  }
}
