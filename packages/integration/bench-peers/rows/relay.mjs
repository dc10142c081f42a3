// Rows of the relay: bursts, a paced load, latency, bursts through two nodes.
import { setTimeout as delay } from 'node:timers/promises'
import { loadgen, startedNode, withNode } from '../nodes.mjs'
import { median } from '../numbers.mjs'

const both = ['ours', 'geth']

function bursts({ row, some }) {
  for (const [cores, pin, generator] of [
    ['2 shared cores', undefined, undefined],
    ['1 core', 0, 1]
  ]) {
    for (const each of [1, 10, 100]) {
      for (const receivers of [0, 1, 8]) {
        const n = some(receivers === 8 || each === 1 || pin !== undefined ? 20_000 : 40_000)
        const to = receivers === 0 ? 'accept only' : `${receivers} receivers`
        // Whoever shares both cores with the generator measures it too: those rows are read beside each other, not by themselves.
        const isQuick = pin !== undefined || (each !== 10 && receivers === 1)
        row('relay', `${cores}, packets of ${each}, ${to}`, {
          kinds: both,
          judged: { perSecond: 1 },
          isQuick,
          measure: kind =>
            withNode(kind, { pin }, (_, facts) =>
              loadgen('burst', { ...facts, n, each, receivers, warm: some(5000), wait: 40 }, { pin: generator })
            )
        })
      }
    }
  }
  for (const each of [1, 100]) {
    row('relay', `1 core, packets of ${each}, accept only, confirmed to the sender`, {
      kinds: both,
      judged: {},
      isQuick: true,
      measure: kind =>
        withNode(kind, { pin: 0 }, (_, facts) =>
          loadgen('burst', { ...facts, n: some(20_000), each, confirmed: true, warm: some(5000), wait: 40 }, { pin: 1 })
        )
    })
  }
  row('relay', 'a sender without trust: packets of 1, accept only', {
    kinds: both,
    judged: { perSecond: 1 },
    rounds: 2,
    measure: kind =>
      withNode(kind, { untrusted: true }, (_, facts) =>
        loadgen('burst', { ...facts, n: some(5000), each: 1, wait: 40 })
      )
  })
}

function paced({ row }) {
  for (const [rate, receivers] of [
    [1000, 1],
    [5000, 1],
    [1000, 8],
    [5000, 8]
  ]) {
    row('paced', `${rate}/s, ${receivers} receivers`, {
      kinds: both,
      judged: { cpuPercent: 1 },
      rounds: 3,
      isQuick: receivers === 1,
      measure: kind =>
        withNode(kind, {}, async (_, facts) => {
          // Eighteen seconds: in the first ones our code is compiled, and geth's pool is not yet full.
          const paces = { ...facts, rate, receivers, ttl: 10, windows: 6 }
          const { cpuPercent, gotPerSecond, rss, peak } = await loadgen('paced', paces)
          return { cpuPercent: median(cpuPercent), gotPerSecond: median(gotPerSecond), rss, peak }
        })
    })
  }
}

function survival({ row }) {
  for (const n of [2500, 10_000]) {
    row('survive', `burst of ${n} through two nodes`, {
      kinds: both,
      judged: { after10s: 1 },
      rounds: 3,
      measure: async kind => {
        const second = await startedNode(kind)
        try {
          return await withNode(kind, { peer: second.enode }, async (_, { enode }) => {
            await delay(1500)
            const facts = { enode, rpc: second.rpc, unit: second.unit, n, ttl: 60, follow: 12 }
            const { pooledAtSecond, wholeAfter } = await loadgen('survive', facts)
            return { after2s: pooledAtSecond[2], after10s: pooledAtSecond[10], wholeAfter }
          })
        } finally {
          await second.stop()
        }
      }
    })
  }
}

function latency({ row }) {
  for (const relays of [1, 3, 6]) {
    row('latency', `${relays} relays`, {
      kinds: both,
      judged: { samples: 1 },
      isQuick: relays === 1,
      measure: async kind => {
        const chain = []
        try {
          // The last first: each dials the one after it.
          for (let i = 0; i < relays; i++) {
            await delay(Math.random() * 300)
            chain.unshift(await startedNode(kind, { peer: chain[0]?.enode }))
          }
          await delay(1200)
          const { ms, lost } = await loadgen('latency', { enode: chain[0].enode, last: chain.at(-1).enode, n: 30 })
          return { samples: ms, lost }
        } finally {
          await Promise.all(chain.map(node => node.stop()))
        }
      }
    })
  }
}

export function relayRows(table) {
  bursts(table)
  paced(table)
  survival(table)
  latency(table)
}
