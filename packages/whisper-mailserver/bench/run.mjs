// `node bench/run.mjs [--json] [--envelopes 100000]`: one day of envelopes, embedded archive beside PostgreSQL. The latter takes
// part when POSTGRES_URI names a database that may be written to. Durable means: survives the end of the process.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, comparison, measurement, report } from '../../../tools/bench-harness.mjs'

build(`${import.meta.dirname}/..`)
const { createLevelStore } = await import('@status-stack/whisper-mailserver/level')
const { createPostgresStore } = await import('@status-stack/whisper-mailserver/postgres')
const { encodeEnvelope, filterBloom } = await import('@status-stack/whisper/wire')

const asked = process.argv.indexOf('--envelopes')
const count = asked < 0 ? 100_000 : Number(process.argv[asked + 1])
const batch = 100
const midnight = 1_600_041_600
const day = 86_400
const uri = process.env.POSTGRES_URI
const folder = await mkdtemp(join(tmpdir(), 'archive-bench-'))

/** Five thousand topics, as many as there are partitions. */
const topics = Array.from({ length: 5000 }, (_, i) => createHash('sha256').update(`topic ${i}`).digest().subarray(0, 4))
const data = new Uint8Array(400).fill(7)

/** The i-th envelope of the day. */
function sample(i) {
  const sentSeconds = midnight + Math.floor((i * day) / count)
  const topic = topics[(i * 7919) % topics.length]
  const bytes = encodeEnvelope({ expiry: sentSeconds + 10, ttl: 10, topic, data, nonce: BigInt(i) })
  const hash = new Uint8Array(createHash('sha256').update(`envelope ${i}`).digest())
  return { bytes, hash, topic, sentSeconds, expirySeconds: sentSeconds + 10 }
}

const everything = new Uint8Array(64).fill(0xff)

/** Bytes of the process without the files that LevelDB maps into it, where the system tells them apart. */
function memory() {
  if (process.platform !== 'linux') return process.memoryUsage().rss
  return 1024 * Number(/RssAnon:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
}

/** Follows cursors over the whole day; answers what came, and the most memory that it took above the start. */
async function wholeDay(store, bloom) {
  globalThis.gc?.()
  const before = memory()
  let peak = before
  let envelopes = 0
  let cursor = new Uint8Array(0)
  const began = process.hrtime.bigint()
  for (;;) {
    let page = 0
    for await (const chunk of store.query({ lower: midnight, upper: midnight + day, bloom, limit: 1000, cursor })) {
      page += chunk.length
      cursor = chunk.at(-1).key.slice(0, 36)
    }
    envelopes += page
    peak = Math.max(peak, memory())
    if (page < 1000) break
  }
  return { envelopes, ns: Number(process.hrtime.bigint() - began), mib: (peak - before) / 2 ** 20 }
}

const stores = {
  'LevelDB, embedded': createLevelStore({ location: join(folder, 'level') }),
  ...(uri === undefined ? {} : { PostgreSQL: createPostgresStore({ uri, clock: { nowMs: () => midnight * 1000 } }) })
}
const rows = { insert: [], all: [], narrow: [], page: [], memory: {} }
for (const [name, store] of Object.entries(stores)) {
  await store.open()
  let ns = 0
  for (let at = 0; at < count; at += batch) {
    const envelopes = Array.from({ length: Math.min(batch, count - at) }, (_, i) => sample(at + i))
    const began = process.hrtime.bigint()
    await store.put(envelopes)
    ns += Number(process.hrtime.bigint() - began)
  }
  rows.insert.push({ name, ns: ns / count })
  const all = await wholeDay(store, everything)
  if (all.envelopes !== count) throw new Error(`${name}: ${all.envelopes} of ${count} came back`)
  rows.all.push({ name, ns: all.ns / count })
  rows.memory[name] = all.mib
  const narrow = await wholeDay(store, filterBloom([topics[1]]))
  rows.narrow.push({ name, ns: narrow.ns })
  const began = process.hrtime.bigint()
  for await (const _ of store.query({ lower: midnight, upper: midnight + day, bloom: everything, limit: 1000 })) {
    // Read only.
  }
  rows.page.push({ name, ns: Number(process.hrtime.bigint() - began) })
  await store.close()
}
await rm(folder, { recursive: true })

report('whisper-mailserver', [
  comparison(`insert one of ${count} envelopes of 430 bytes, in batches of ${batch}`, rows.insert),
  comparison('one envelope of a whole day, everything, page after page of 1000', rows.all),
  comparison('a whole day, one topic of 5000', rows.narrow),
  comparison('one page of 1000', rows.page),
  measurement('memory above the start while the whole day is read', 'MiB', rows.memory)
])
