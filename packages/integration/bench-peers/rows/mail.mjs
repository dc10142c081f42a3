// Rows of the mailserver, beside status-go's where its programs are there.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadgen, scratchFile, withNode } from '../nodes.mjs'

const kinds = ['ours', 'statusgo']
const folder = () => mkdtempSync(scratchFile('archive-'))

/** An archive of so many envelopes over a hundred topics, made once per kind by the server itself. */
const archives = new Map()
async function archiveOf(kind, total) {
  const key = `${kind} ${total}`
  if (!archives.has(key)) {
    const mail = folder()
    // In parts, each by a fresh process: what a pool has no room for is not archived.
    for (let left = total; left > 0; left -= 30_000) {
      const n = Math.min(left, 30_000)
      await withNode(kind, { mail }, (_, facts) =>
        loadgen('burst', { ...facts, n, each: 100, cycle: 100, wait: 120, ttl: 20 })
      )
    }
    archives.set(key, mail)
  }
  return archives.get(key)
}

export function mailRows({ row, some }) {
  for (const [each, n] of [
    [100, 40_000],
    [1, 20_000]
  ]) {
    row('mail', `archive packets of ${each}`, {
      kinds,
      judged: { perSecond: 1 },
      isQuick: true,
      measure: async kind => {
        const mail = folder()
        const measured = await withNode(kind, { mail }, (_, facts) =>
          loadgen('burst', { ...facts, n: some(n), each, cycle: 100, warm: some(2000), wait: 60 })
        )
        rmSync(mail, { recursive: true })
        return measured
      }
    })
  }
  for (const total of [50_000, 500_000]) {
    row('pages', `of ${total / 1000} 000`, {
      kinds,
      judged: { p50: 1, topicSeconds: 1 },
      rounds: 3,
      isQuick: total === 50_000,
      measure: async kind => {
        const mail = await archiveOf(kind, some(total))
        return withNode(kind, { mail }, async (_, facts) => {
          const all = await loadgen('pages', { ...facts, pages: 100, limit: 1000 })
          const topic = await loadgen('pages', { ...facts, topic: 5, limit: 1000 })
          const { p50, p95, first, perSecond, cpuMsPerPage, rss } = all
          return {
            p50,
            p95,
            first,
            perSecond,
            cpuMsPerPage,
            rss,
            topicSeconds: topic.seconds,
            topicFirstMs: topic.first
          }
        })
      }
    })
  }
}
