import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { type CompleteEnode, peerIdOf } from '@status-stack/rlpx'
import { expect, test } from 'vitest'
import { createCandidates } from '../../src/discovery/peer-candidates.ts'
import { limits } from '../../src/limits.ts'

const retryMs = 30_000

const node = (host: string): CompleteEnode => ({
  publicKey: publicKeyOf(generatePrivateKey()),
  host,
  tcpPort: 30_303,
  udpPort: 30_303
})
const idOf = ({ publicKey }: CompleteEnode): string => peerIdOf(publicKey)

function candidates() {
  const { clock } = createVirtualTime()
  const host = { peerId: 'own', peers: () => [] }
  return createCandidates({ host, clock, dial: () => Promise.reject(new Error('nobody there')) }, retryMs)
}

test('nodes of one network displace none of others, and nobody those that served us well', () => {
  const pool = candidates()
  const remembered = Array.from({ length: limits.rememberedPeers }, (_, i) => node(`9.1.${i}.1`))
  const honest = Array.from({ length: 100 }, (_, i) => node(`9.2.${i}.1`))
  for (const each of remembered) pool.add(each, true)
  for (const each of honest) pool.add(each, false)
  const flood = Array.from({ length: limits.poolCandidates + 100 }, (_, i) => node(`9.3.3.${i % 256}`))
  for (const each of flood) pool.add(each, false)
  expect(pool.size()).toBe(limits.poolCandidates)
  for (const each of [...remembered, ...honest]) expect(pool.get(idOf(each))).toBeDefined()
  const late = Array.from({ length: 100 }, (_, i) => node(`9.4.${i}.1`))
  for (const each of late) pool.add(each, false)
  for (const each of late) expect(pool.get(idOf(each))).toBeDefined()
  expect(pool.size()).toBe(limits.poolCandidates)
})

test('where no network has many, the one that failed most makes room', async () => {
  const pool = candidates()
  const some = Array.from({ length: limits.poolCandidates }, (_, i) => node(`9.${i >> 8}.${i & 255}.1`))
  for (const each of some) pool.add(each, false)
  const failing = some[250]
  const failed = pool.get(failing === undefined ? '' : idOf(failing))
  if (failed === undefined) throw new Error('expected a candidate')
  await pool.dial(failed, undefined)
  pool.add(node('9.9.9.9'), false)
  expect(pool.get(failed.peerId)).toBeUndefined()
  expect(pool.size()).toBe(limits.poolCandidates)
})

test('where all served us well, a stranger is not taken up', () => {
  const pool = candidates()
  for (let i = 0; i < limits.poolCandidates; i++) pool.add(node(`9.${i >> 8}.${i & 255}.1`), true)
  const stranger = node('9.9.9.9')
  pool.add(stranger, false)
  expect([pool.size(), pool.get(idOf(stranger))]).toEqual([limits.poolCandidates, undefined])
})
