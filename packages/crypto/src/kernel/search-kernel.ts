import { searchSimdModule } from '../gen/search-simd.ts'
import type { NonceBlock, NonceEngine } from '../nonce-search/engine.ts'
import type { SearchFunction } from './keccak-kernel.ts'
import { keccakKernel } from './keccak-kernel.ts'
import { layout } from './layout.ts'
import { type KernelInstance, startModule } from './module.ts'

const { state: stateAt, template: templateAt, mask: maskAt, stateLength } = layout
const laneLength = 8

function permute(state: Uint8Array): Uint8Array {
  const kernel = keccakKernel()
  if (kernel === undefined) return state
  kernel.memory.set(state, stateAt)
  kernel.exports.permute(stateAt, stateAt)
  return kernel.memory.slice(stateAt, stateAt + stateLength)
}

function call(
  search: SearchFunction,
  { offset, paddingBlockFollows }: NonceBlock,
  start: bigint,
  count: number
): number {
  return search(offset >> 3, BigInt(offset & 7) * 8n, paddingBlockFollows ? 1 : 0, start, count)
}

/** One nonce at a time; `undefined` where WebAssembly is refused. */
export function scalarEngine(): NonceEngine | undefined {
  const kernel = keccakKernel()
  return (
    kernel && {
      variant: 'scalar',
      permute,
      search: (block, mask, start, count) => {
        kernel.memory.set(block.template, templateAt)
        kernel.memory.set(mask, maskAt)
        return call(kernel.exports.search, block, start, count)
      }
    }
  )
}

let wide: KernelInstance<{ readonly search: SearchFunction }> | null | undefined

/** Two nonces at a time; `undefined` where WebAssembly is refused or has no SIMD. */
export function simdEngine(): NonceEngine | undefined {
  if (wide === undefined) wide = startModule<{ search: SearchFunction }>(searchSimdModule) ?? null
  const kernel = wide
  if (kernel === null || keccakKernel() === undefined) return undefined
  return {
    variant: 'simd',
    permute,
    search: (block, mask, start, count) => {
      for (let at = 0; at < stateLength; at += laneLength) {
        const lane = block.template.subarray(at, at + laneLength)
        kernel.memory.set(lane, templateAt + 2 * at)
        kernel.memory.set(lane, templateAt + 2 * at + laneLength)
      }
      kernel.memory.set(mask, maskAt)
      return call(kernel.exports.search, block, start, count)
    }
  }
}
