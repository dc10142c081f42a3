/**
 * What every layer needs and none owns: argument checks, time-sliced work, bounded maps, mutexes, waits.
 *
 * @packageDocumentation
 */
export { type BoundedMap, type BoundedMapOptions, createBoundedMap } from './bounded-map.ts'
export { type ArgumentChecks, type ArgumentRefusal, type ByteLength, createArgumentChecks } from './checks.ts'
export { createMutex, type Mutex } from './mutex.ts'
export {
  createTimeSlicer,
  forEachSliced,
  sliceMs,
  type TimeSlicer,
  type TimeSlicerOptions,
  timeSlicer
} from './time-slice.ts'
export { createTokenBucket, type TokenBucket } from './token-bucket.ts'
export { uuidV4 } from './uuid.ts'
export { delay, raceAbort, systemScheduler, withTimeout } from './wait.ts'
