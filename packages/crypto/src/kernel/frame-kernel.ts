import { frameModule } from '../gen/frame.ts'
import { type KernelInstance, startModule } from './module.ts'

/** The kernel's memory, as kernel/frame-layout.ts cuts it up. */
export const frameLayout = {
  state: 0,
  /** State and latest digest. */
  stateLength: 232,
  schedule: 240,
  scheduleLength: 240,
  rawKey: 480,
  pad: 8192,
  input: 36_864,
  /** Most bytes of a body that a call takes: with header and MACs they fit either area. */
  longestPart: 24 * 1024
} as const

interface FrameExports {
  readonly expand: () => void
  readonly begin: (openBytes: number) => void
  readonly seal: (length: number) => void
  readonly openHeader: () => number
  readonly finish: (length: number) => number
  readonly forget: () => void
}

export type FrameKernel = KernelInstance<FrameExports>

let started: FrameKernel | null | undefined

/** The process's one instance; `undefined` where WebAssembly is refused or has no SIMD. */
export function frameKernel(): FrameKernel | undefined {
  if (started === undefined) started = startModule<FrameExports>(frameModule) ?? null
  return started ?? undefined
}
