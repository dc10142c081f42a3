/**
 * What every layer needs and none owns: argument checks, time-sliced work, bounded maps, mutexes, waits.
 *
 * @packageDocumentation
 */
export { type BoundedMap, type BoundedMapOptions, createBoundedMap } from './bounded-map.ts'
export {
  type ArgumentChecks,
  type ArgumentRefusal,
  argumentIn,
  type ByteLength,
  createArgumentChecks
} from './checks.ts'
export { collectBytes } from './chunks.ts'
export { counted, shortId } from './counted.ts'
export { createEmitter, type Emitter, type EventNames } from './emitter.ts'
export { createGatherer, type GathererOptions } from './gather.ts'
export { createHeap, type Heap, type HeapPlace } from './heap.ts'
export { createHoldingBudget, type Holding, type HoldingBudget } from './holding-budget.ts'
export { type JsonBounds, type JsonCalls, scanJsonCalls, scanJsonCallsSliced } from './json-calls.ts'
export { createLifecycle, type Lifecycle } from './lifecycle.ts'
export { type Line, linesOf } from './lines.ts'
export { createMutex, type Mutex } from './mutex.ts'
export { printable, printableLines } from './printable.ts'
export { quotaAddress } from './quota-address.ts'
export { refuseUpgrade, type UpgradeSocket } from './refuse-upgrade.ts'
export { safeJson } from './safe-json.ts'
export { slipsBetween } from './slips.ts'
export { steadyClock } from './steady-clock.ts'
export { createSteps, type Steps } from './steps.ts'
export { isDiskFull, rootCodeOf, systemWords } from './system-errors.ts'
export {
  createTimeSlicer,
  forEachSliced,
  nextTurn,
  sliceMs,
  type TimeSlicer,
  type TimeSlicerOptions,
  timeSlicer
} from './time-slice.ts'
export { every, held, longestDelayMs, systemScheduler, type Timer, unref } from './timers.ts'
export { createTokenBucket, type TokenBucket } from './token-bucket.ts'
export { utf8Text, withoutMark } from './utf8.ts'
export { uuidV4 } from './uuid.ts'
export { delay, raceAbort, whenAborted, withSignals, withTimeout } from './wait.ts'
