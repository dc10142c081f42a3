import { keccakModule } from '../gen/keccak.ts'
import { type KernelInstance, startModule } from './module.ts'

interface KeccakExports {
  readonly permute: (from: number, to: number) => void
  readonly absorb: (length: number) => void
  readonly finish: (length: number) => void
  readonly hash: (length: number) => void
  readonly search: SearchFunction
}

/** See kernel/search.ts. */
export type SearchFunction = (lane: number, shift: bigint, twoBlocks: number, start: bigint, count: number) => number

export type KeccakKernel = KernelInstance<KeccakExports>

let started: KeccakKernel | null | undefined

/** The process's one instance; `undefined` where WebAssembly is refused. Each call to it leaves its input area zero. */
export function keccakKernel(): KeccakKernel | undefined {
  if (started === undefined) started = startModule<KeccakExports>(keccakModule) ?? null
  return started ?? undefined
}
