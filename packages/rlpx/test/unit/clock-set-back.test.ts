import { generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import { formatEnode } from '../../src/enode.ts'
import { limits } from '../../src/limits.ts'
import { baseMessage, emptyPayload } from '../../src/p2p/messages.ts'
import { compressed } from '../../src/p2p/snappy-compress.ts'
import { createMemoryNetwork, createStranger } from '../../src/testing/index.ts'
import { record, startedHost } from '../helpers/hosts.ts'

const hourMs = 3_600_000
const own = '192.0.2.1'

/** A host whose clock the test sets back; its timers run on. */
async function hostWithClock() {
  const time = createVirtualTime()
  const network = createMemoryNetwork()
  let backMs = 0
  const host = await startedHost(
    {
      carrier: network.carrier(own),
      clock: { nowMs: () => time.clock.nowMs() - backMs },
      scheduler: time.scheduler
    },
    { listen: { port: 30_303 } }
  )
  const stranger = async (from: string) =>
    createStranger(await network.connect(from, { host: own, port: 30_303 }), host.publicKey)
  return {
    host,
    time,
    stranger,
    setBack: () => {
      backMs += hourMs
    }
  }
}

test('a static peer is dialed again after its delay, and told of with the time of day', async () => {
  const { host, time, setBack } = await hostWithClock()
  const failed = record(host, 'dialfailed')
  const publicKey = publicKeyOf(generatePrivateKey())
  host.addStatic(formatEnode({ publicKey, host: '203.0.113.9', tcpPort: 30_303 }))
  setBack()
  await time.settle()
  expect(failed).toMatchObject([{ nextAtMs: time.clock.nowMs() - hourMs + 35_000 }])
  await time.advance(35_000)
  expect(host.metrics().dialsStarted).toBe(2)
})

test('an address that had just connected may connect again after the throttle', async () => {
  const { host, time, stranger, setBack } = await hostWithClock()
  const refused = record(host, 'refused')
  const first = await stranger('203.0.113.5')
  await first.session()
  setBack()
  await time.advance(30_000)
  const second = await stranger('203.0.113.5')
  await second.session()
  await time.settle()
  expect(refused.filter(({ reason }) => reason === 'throttled')).toEqual([])
})

test('base messages of an hour are no flood', async () => {
  const { host, time, stranger, setBack } = await hostWithClock()
  const peer = await stranger('203.0.113.6')
  await peer.session()
  await time.settle()
  setBack()
  for (let sent = 0; sent < limits.baseMessageBurst + 50; sent++) {
    peer.frame(baseMessage.ping, compressed(emptyPayload))
    await time.advance(1_000)
  }
  expect(host.peers()).toHaveLength(1)
})
