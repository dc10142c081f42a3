// Rows of the rest of a node: memory, filters, links, start.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { goProgram } from '../go-programs.mjs'
import { checkouts, isOurs, loadgen, ourScript, scratchFile, startedNode, withNode } from '../nodes.mjs'
import { answers, port, start } from '../processes.mjs'

const both = ['ours', 'geth']
/** The pool of ours has a bound, some 70 000 of these envelopes: more needs the library. */
const wide = { whisper: { poolMaxBytes: 2 ** 30 } }

/** What Node takes before it has loaded a file of anyone: measured once, as it does not change with what is compared. */
let runtimeMb
async function runtimeOf(kind) {
  if (!isOurs(kind)) return 0
  if (runtimeMb === undefined) {
    const bare = start('node', ['-e', 'setInterval(() => undefined, 1000); console.log("{}")'], { ready: () => true })
    await bare.ready()
    await delay(3000)
    runtimeMb = residentMb(bare.pid)
    await bare.stop()
  }
  return runtimeMb
}

function residentMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
}

function memory({ row, some, scale }) {
  for (const [name, n, idle] of [
    ['empty', 0, 0],
    ['10 000 pooled', 10_000, 0],
    ['100 000 pooled', 100_000, 0],
    ['empty, 50 idle peers', 0, 50],
    ['empty, 200 idle peers', 0, 200],
    ['10 000 pooled, 50 idle peers', 10_000, 50],
    ['100 000 pooled, 8 idle peers', 100_000, 8]
  ]) {
    row('memory', name, {
      kinds: both,
      judged: { restAbove: 1 / 1.5 },
      rounds: 3,
      isQuick: (n !== 10_000 && idle === 0) || (n === 10_000 && idle === 50),
      measure: kind =>
        withNode(kind, { library: isOurs(kind) && n > 60_000 ? wide : undefined }, async (_, facts) => {
          const all = { ...facts, n: Math.round(n * Math.min(1, scale * 10)), idle, ttl: 250, wait: 60 }
          const measured = await loadgen('memory', all)
          return { ...measured, restAbove: measured.rest - (await runtimeOf(kind)) }
        })
    })
  }
  row('expiry', '100 000 pooled and expired', {
    kinds: both,
    judged: { expiredGrowth: 1 },
    rounds: 2,
    isQuick: true,
    measure: kind =>
      withNode(kind, { library: isOurs(kind) ? wide : undefined }, async (_, facts) => {
        const all = { ...facts, n: some(100_000), idle: 0, ttl: 30, follow: 20, wait: 25 }
        const measured = await loadgen('memory', all)
        return { ...measured, expiredGrowth: measured.expired / measured.connected }
      })
  })
}

function filters({ row, some }) {
  for (const [count, traffic, n, aim] of [
    [0, 'miss', 20_000, 1],
    [10, 'hit', 20_000, 0.8],
    [1000, 'hit', 20_000, 0.8],
    [10_000, 'miss', 20_000, 1],
    [10_000, 'hit', 20_000, 0.8],
    [1000, 'same', 1000, 1],
    [10_000, 'same', 200, 1]
  ]) {
    row('filters', `${count} filters, ${traffic}`, {
      kinds: both,
      judged: { perSecond: aim },
      rounds: 3,
      isQuick: traffic !== 'miss',
      measure: kind => {
        const keys = scratchFile('keys')
        const isMany = isOurs(kind) && count > 1000
        const library = isMany ? { filters: count, oneTopic: traffic === 'same', keys } : undefined
        const warm = traffic === 'same' && count > 10 ? 0 : some(3000)
        return withNode(kind, { library }, (_, facts) =>
          loadgen('filters', { ...facts, filters: count, traffic, n: some(n), warm, keys: library && keys, wait: 60 })
        )
      }
    })
  }
}

function links({ row }) {
  for (const size of [200, 1000, 100_000, 1_000_000]) {
    row('rlpx', `${size} B, one direction`, {
      kinds: both,
      judged: { perSecond: 1 },
      isQuick: size === 1000,
      measure: async kind => {
        const checkout = checkouts[kind]
        const [command, ...first] = isOurs(kind) ? ['node', ourScript('rlpx.mjs')] : [goProgram('rlpx')]
        const to = start(command, [...first, 'serve'], { checkout })
        const { enode } = await to.ready()
        const args = isOurs(kind)
          ? ['send', enode, size, 1500]
          : ['send', `-enode=${enode}`, `-size=${size}`, '-for=1.5s']
        const from = start(command, [...first, ...args.map(String)], { checkout })
        try {
          const { count, bytes, seconds, cpu } = await to.until(line => line.count !== undefined, 40_000)
          const sent = await from.until(line => line.cpu !== undefined)
          return {
            perSecond: count / seconds,
            mbPerSecond: bytes / seconds / 1e6,
            receiverMicros: (cpu / count) * 1e6,
            senderMicros: (sent.cpu / count) * 1e6
          }
        } finally {
          await Promise.all([from.stop(), to.stop()])
        }
      }
    })
  }
}

function starting({ row }) {
  row('start', 'port open, memory after 3 s', {
    kinds: both,
    judged: { portMs: 1 },
    isQuick: true,
    measure: async kind => {
      const listen = port()
      const began = performance.now()
      const starting = startedNode(kind, { listen })
      while (!(await answers(listen))) await delay(1)
      const portMs = performance.now() - began
      const node = await starting
      const readyMs = performance.now() - began
      await delay(3000)
      const rss = residentMb(node.pid)
      await node.stop()
      return { portMs, readyMs, rss }
    }
  })
}

export function nodeRows(table) {
  memory(table)
  filters(table)
  links(table)
  starting(table)
}
