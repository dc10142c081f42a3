import { loadVectors } from '@status-stack/vectors'
import { test } from 'vitest'
import { checkDecode, checkJudgement, checkOpen, checkOpenOrDrop, checkSeal } from './envelope-checks.ts'

const { sections } = await loadVectors('whisper-envelope')

test.each(sections['valid'] ?? [])('W-11 seals byte for byte: $name', checkSeal)
test.each(sections['valid'] ?? [])('W-28 opens, with the signer: $name', checkOpen)
test.each(sections['open'] ?? [])('W-29 opens or drops: $name', checkOpenOrDrop)
test.each(sections['rlp_decode'] ?? [])('W-10 takes or refuses RLP: $name', checkDecode)
test.each(sections['node_accept'] ?? [])('W-13 judges: $name', checkJudgement)
