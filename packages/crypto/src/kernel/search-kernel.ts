import { searchSimdModule } from '../gen/search-simd.ts'
import type { NonceBlock, NonceEngine } from '../nonce-search/engine.ts'
import type { SearchFunction } from './keccak-kernel.ts'
import { keccakKernel } from './keccak-kernel.ts'
import { layout } from './layout.ts'
import { type KernelInstance, startModule } from './module.ts'

const { state: stateAt, template: templateAt, mask: maskAt, stateLength } = layout

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
  const template = new Uint32Array(kernel.memory.buffer, templateAt)
  return {
    variant: 'simd',
    permute,
    search: (block, mask, start, count) => {
      // Two words are a lane, whatever the byte order of the machine.
      const words = new Uint32Array(block.template.buffer, block.template.byteOffset, stateLength / 4)
      for (let at = 0; at < words.length; at += 2) {
        for (const copy of [0, 2]) {
          template[2 * at + copy] = words[at] ?? 0
          template[2 * at + copy + 1] = words[at + 1] ?? 0
        }
      }
      kernel.memory.set(mask, maskAt)
      return call(kernel.exports.search, block, start, count)
    }
  }
}
