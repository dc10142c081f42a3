import type { Adapter } from '../runner/adapter.ts'

/** Adapters to the packages of this stack, one per vector file. */
export const adapters: readonly Adapter[] = Object.freeze([])
