import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { makeIdentity, type Running } from './cli.ts'
import { eventually } from './peers.ts'
import { connectDaemon, type Program } from './program.ts'
import { eachWithRelay } from './relayed.ts'

const world = eachWithRelay()

const batch = 2000
/**
 * Bytes of the heap that one more message may cost once the memories of what was sent lately are full, which takes some four thousand. What is
 * followed of a message while its envelope lives takes several thousand bytes.
 */
const mostBytes = 600
/** A table that grows takes twice its size at once, and may do so in any batch; what is kept of every message shows in each of them. */
const mostBatches = 6

/** On SIGUSR2 the process collects its garbage and says how large its heap is. */
const probe = `import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')
process.on('SIGUSR2', () => {
  gc()
  gc()
  process.stderr.write('heap ' + process.memoryUsage().heapUsed + '\\n')
})
`

async function heapOf({ child, stderr }: Running): Promise<number> {
  const sizes = (): readonly RegExpMatchArray[] => [...stderr().matchAll(/^heap (\d+)$/gm)]
  const before = sizes().length
  child.kill('SIGUSR2')
  await eventually('the heap is told', () => sizes().length > before)
  return Number(sizes().at(-1)?.[1])
}

/** Sends many and waits until the envelope of the last one has expired: what is held for its sake is let go. */
async function sendMany(api: Program, name: string): Promise<void> {
  let last = ''
  for (let sent = 0; sent < batch; sent += 100) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => api.call('send', { chat: '#memory', text: `${name} ${sent + n}` }))
    )
    for (const { result } of answers) last = (result as { messageId: string }).messageId
  }
  await eventually('all are confirmed, and their envelopes are gone', async () => {
    const { result } = await api.call('ledger', { messageId: last })
    const { mark, legs } = result as {
      mark: { sign: string }
      legs: readonly { envelopes: readonly { expiry: number }[] }[]
    }
    const expiry = Math.max(...legs.flatMap(({ envelopes }) => envelopes.map(envelope => envelope.expiry)))
    return mark.sign === '✓' && Date.now() / 1000 > expiry + 3
  })
}

test('thousands of messages that were sent and confirmed leave nothing in the memory of a daemon', async () => {
  await makeIdentity(world.sandbox, 'default')
  const file = join(world.sandbox.folder, 'probe.mjs')
  writeFileSync(file, probe)
  const daemon = world.sandbox.start(['--quiet', 'daemon', '--peer', world.relay.host.enode()], {
    NODE_OPTIONS: `--import ${pathToFileURL(file)}`
  })
  const { api } = await connectDaemon(daemon)
  for (const name of ['first', 'second']) await sendMany(api, name)
  let heap = await heapOf(daemon)
  const growths: number[] = []
  do {
    await sendMany(api, `more ${growths.length}`)
    const grown = await heapOf(daemon)
    growths.push(grown - heap)
    heap = grown
  } while (Math.min(...growths) >= batch * mostBytes && growths.length < mostBatches)
  expect(Math.min(...growths)).toBeLessThan(batch * mostBytes)
  daemon.child.kill('SIGTERM')
  expect((await daemon.ended).code).toBe(0)
})
