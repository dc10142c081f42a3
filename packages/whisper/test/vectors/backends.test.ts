import { type EcBackend, useEcBackend, useHashBackend } from '@status-stack/crypto'
import { loadVectors } from '@status-stack/vectors'
import { afterEach, expect, test } from 'vitest'
import { checkDecode, checkJudgement, checkOpen, checkOpenOrDrop, checkSeal } from './envelope-checks.ts'

const { sections } = await loadVectors('whisper-envelope')

afterEach(() => {
  useEcBackend('auto')
  useHashBackend('auto')
})

function nativeLoads(): boolean {
  try {
    return useEcBackend('native') !== undefined
  } catch {
    return false
  }
}

const curves: readonly ('native' | 'noble')[] = nativeLoads() ? ['native', 'noble'] : ['noble']
const pairs = curves.flatMap(curve => (['wasm', 'js'] as const).map(hash => ({ curve, hash })))

test.each(pairs)('every envelope vector with the $curve curve and $hash hashes', async ({ curve, hash }) => {
  const backend: EcBackend = useEcBackend(curve)
  expect(useHashBackend(hash)).toBe(hash)
  for (const vector of sections['valid'] ?? []) {
    await checkSeal(vector)
    checkOpen(vector)
  }
  for (const vector of sections['open'] ?? []) checkOpenOrDrop(vector)
  for (const vector of sections['rlp_decode'] ?? []) checkDecode(vector)
  for (const vector of sections['node_accept'] ?? []) checkJudgement(vector)
  expect(useEcBackend(curve)).toBe(backend)
})
