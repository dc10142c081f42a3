import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { createBonds } from '../../src/discovery/bonds.ts'
import { createEndpointVotes, votesNeeded } from '../../src/discovery/endpoint-votes.ts'
import { lookup } from '../../src/discovery/lookup.ts'
import { createReplyQueue } from '../../src/discovery/reply-queue.ts'
import { tableNode } from '../../src/discovery/table.ts'
import { limits } from '../../src/limits.ts'

test('endpoint proofs, waited replies, votes and lookups are bounded', async () => {
  const time = createVirtualTime()
  const bonds = createBonds(time.clock)
  for (let i = 0; i < limits.bonds + 100; i++) bonds.pongReceived(`n${i}`, '9.9.9.9')
  expect(bonds.size()).toBe(limits.bonds)
  expect(bonds.hasProved('n0', '9.9.9.9')).toBe(false)
  expect(bonds.hasProved(`n${limits.bonds}`, '9.9.9.9')).toBe(true)

  const queue = createReplyQueue(time.scheduler, 500)
  const from = { peerId: 'a', address: '9.9.9.9' }
  const waits = Array.from({ length: limits.pendingReplies }, () => queue.wait(from, 'pong', () => 'done'))
  const outcomes = Promise.allSettled(waits)
  await expect(queue.wait(from, 'pong', () => 'done')).rejects.toMatchObject({ code: 'refused' })
  await time.advance(500)
  expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true)

  let asked = 0
  const stranger = () =>
    tableNode({ address: '9.9.9.9', udpPort: 2000, tcpPort: 1, publicKey: publicKeyOf(generatePrivateKey()) })
  await lookup({
    target: new Uint8Array(32),
    start: [stranger()],
    ownPeerId: '',
    parallel: 3,
    // An adversary that always knows somebody nearer.
    query: async () => {
      asked++
      return Array.from({ length: 16 }, (_, i) => ({
        ...stranger(),
        nodeId: new Uint8Array(32).fill(255 - (asked & 127), i)
      }))
    }
  })
  expect(asked).toBeLessThanOrEqual(limits.lookupQueries)
})

test('our own address is believed when ten peers state it within five minutes', () => {
  const time = createVirtualTime()
  const votes = createEndpointVotes(time.clock)
  const voter = (i: number): string => `20.${i >> 8}.${i & 255}.1`
  for (let i = 0; i < votesNeeded - 1; i++) expect(votes.stated(voter(i), '77.1.1.1')).toBeUndefined()
  // One address counts once, private addresses not at all.
  expect(votes.stated(voter(0), '77.1.1.1')).toBeUndefined()
  expect(votes.stated(voter(99), '192.168.1.1')).toBeUndefined()
  expect(votes.stated(voter(9), '77.1.1.1')).toBe('77.1.1.1')
  expect(votes.stated(voter(10), '77.1.1.1')).toBeUndefined()
  for (let i = 0; i < limits.endpointVotes + 50; i++) votes.stated(voter(1000 + i), `66.${i >> 8}.${i & 255}.1`)
  expect(votes.believed()).toBe('77.1.1.1')
  const late = createEndpointVotes(time.clock)
  expect(late.believed()).toBeUndefined()
})
