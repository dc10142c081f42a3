import { generatePrivateKey } from '@status-stack/crypto'
import { createVirtualTime } from '@status-stack/interface/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHost, type Host } from '../../src/index.ts'
import { createMemoryNetwork } from '../../src/testing/index.ts'
import { sinkCapability } from '../helpers/hosts.ts'

const size = 4
const maxPeers = 2
const keys = Array.from({ length: size }, () => generatePrivateKey())
const addressOf = (i: number): string => `10.0.${i}.1`

const node = fc.nat(size - 1)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('dial' as const), a: node, b: node }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('both' as const), a: node, b: node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('static' as const), a: node, b: node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), a: node, b: node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trust' as const), a: node, b: node }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), a: node, b: node }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('heal' as const), a: node, b: node }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), a: node, b: node }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), a: fc.integer({ min: 1, max: 20_000 }), b: node })
  }
)

test('any schedule of dials, cuts, bans of luck and restarts: afterwards both ends agree, limits hold, nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async steps => {
      const time = createVirtualTime()
      const network = createMemoryNetwork()
      const { clock, scheduler } = time
      const hosts: Host[] = keys.map((privateKey, i) =>
        createHost(
          { privateKey, capabilities: [sinkCapability()], carrier: network.carrier(addressOf(i)), clock, scheduler },
          { listen: { host: addressOf(i), port: 30_303 }, maxPeers }
        )
      )
      const at = (i: number): Host => hosts[i] as Host
      await Promise.all(hosts.map(host => host.start()))
      const urls = hosts.map(host => host.enode())
      const exempt = new Set<string>()
      const quietly = (work: Promise<unknown>): void => {
        work.catch(() => undefined)
      }
      for (const { kind, a, b } of steps) {
        if (kind === 'wait') {
          await time.advance(a)
          continue
        }
        if (a === b) continue
        const url = urls[b] ?? ''
        if (kind === 'dial' || kind === 'both') quietly(at(a).dial(url))
        if (kind === 'both') quietly(at(b).dial(urls[a] ?? ''))
        if (kind === 'static') {
          exempt.add(`${a}`)
          at(a).addStatic(url)
        }
        if (kind === 'remove') quietly(at(a).removePeer(url))
        if (kind === 'trust') {
          exempt.add(`${a}`)
          at(a).addTrusted(url)
        }
        if (kind === 'cut') network.cut(addressOf(a), addressOf(b), true)
        if (kind === 'heal') network.cut(addressOf(a), addressOf(b), false)
        if (kind === 'restart') {
          const stopped = at(a).stop()
          await time.advance(6_000)
          await stopped
          expect(at(a).peers()).toEqual([])
          await at(a).start()
        }
        await time.settle()
        for (const [i, host] of hosts.entries())
          if (!exempt.has(`${i}`)) expect(host.peers().length).toBeLessThanOrEqual(maxPeers)
      }
      for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) network.cut(addressOf(a), addressOf(b), false)
      await time.advance(60_000)
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < size; b++) {
          if (a === b) continue
          const sees = at(a)
            .peers()
            .some(({ peerId }) => peerId === at(b).peerId)
          const seen = at(b)
            .peers()
            .some(({ peerId }) => peerId === at(a).peerId)
          expect(sees, `${a} sees ${b}`).toBe(seen)
        }
      }
      for (const host of hosts) expect(host.metrics()).toMatchObject({ pendingOutbound: 0, queuedBytes: 0 })
      const stopped = Promise.all(hosts.map(host => host.stop()))
      await time.advance(6_000)
      await stopped
      for (const host of hosts)
        expect(host.metrics()).toMatchObject({ pendingInbound: 0, peersInbound: 0, peersOutbound: 0 })
      expect(time.pendingTimers()).toBe(0)
    }),
    {
      numRuns: Number(process.env['MODEL_RUNS'] ?? 60),
      ...(process.env['MODEL_SEED'] === undefined ? { seed: 7 } : { seed: Number(process.env['MODEL_SEED']) })
    }
  )
})
