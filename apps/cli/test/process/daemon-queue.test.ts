import { spawn } from 'node:child_process'
import { topicOfName } from '@status-stack/whisper/status'
import { expect, test } from 'vitest'
import { makeIdentity, type Running } from './cli.ts'
import { eventually } from './peers.ts'
import { connectDaemon, type Program } from './program.ts'
import { eachWithRelay } from './relayed.ts'

const world = eachWithRelay()

const chat = '#queue'
const many = 800
/** Public posts that may be on their way, unconfirmed, when a daemon is told to stop: each may be posted once more. */
const underway = 128

/** Counts the envelopes of the chat that the relay takes: one for each post. */
function countPosts(): () => number {
  const topic = Buffer.from(topicOfName(chat.slice(1))).toString('hex')
  let posts = 0
  world.relay.whisper.on('envelopepooled', fact => {
    if (fact.topic === topic) posts++
  })
  return () => posts
}

async function startDaemon(
  peer: string = world.relay.host.enode()
): Promise<{ readonly running: Running; readonly api: Program }> {
  const running = world.sandbox.start(['daemon', '--peer', peer])
  await running.until(/serving; Ctrl-C/)
  return { running, api: (await connectDaemon(running)).api }
}

/** Tells it to stop; answers how long that took, and how late the timers of this process were meanwhile: so busy was the machine. */
async function stop({ child, ended }: Running): Promise<{ readonly tookMs: number; readonly lateMs: number }> {
  const beganMs = performance.now()
  let lateMs = 0
  let dueMs = beganMs
  const timer = setInterval(() => {
    lateMs = Math.max(lateMs, performance.now() - dueMs - 50)
    dueMs = performance.now()
  }, 50)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  clearInterval(timer)
  return { tookMs: performance.now() - beganMs, lateMs }
}

/** Processes that take all the time they get. */
function keepBusy(count: number): () => void {
  const busy = Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
  return () => {
    for (const child of busy) child.kill('SIGKILL')
  }
}

test('beside busy processes a daemon with 800 messages queued ends within three seconds and keeps them', async () => {
  await makeIdentity(world.sandbox, 'default')
  const posts = countPosts()
  const unreachable = world.relay.host.enode().replace(/:\d+$/, ':1')
  const first = await startDaemon(unreachable)
  const sent = await Promise.all(
    Array.from({ length: many }, (_, n) => first.api.call('send', { chat, text: `number ${n}` }))
  )
  const ids = sent.map(({ result }) => (result as { messageId: string }).messageId)
  const calm = keepBusy(4)
  try {
    const queued = await stop(first.running)
    expect(queued.tookMs).toBeLessThan(3000 + 10 * queued.lateMs)

    const second = await startDaemon()
    await eventually('some are posted', () => posts() >= 20, { everyMs: 1 })
    const posting = await stop(second.running)
    expect(posting.tookMs).toBeLessThan(3000 + 10 * posting.lateMs)
  } finally {
    calm()
  }
  // Enough is left to post, or this has shown nothing.
  expect(posts()).toBeLessThan(many)

  const third = await startDaemon()
  await eventually('all are confirmed', async () => {
    const answers = await Promise.all(ids.map(messageId => third.api.call('ledger', { messageId })))
    return answers.every(({ result }) => (result as { mark: { sign: string } }).mark.sign === '✓')
  })
  expect(posts()).toBeLessThanOrEqual(many + underway)
  await stop(third.running)
})

test('a daemon that is told to stop keeps what is queued, and the next one posts each of it once', async () => {
  await makeIdentity(world.sandbox, 'default')
  const posts = countPosts()
  const first = await startDaemon()
  // Told to stop in the middle of it: some are posted, some are queued, and some are never taken.
  let taken = 0
  const sending = Array.from({ length: many }, async (_, n) => {
    const answer = await first.api.call('send', { chat, text: `number ${n}` })
    taken += 1
    return answer['result'] as { messageId: string; state: string }
  })
  const ended = Promise.allSettled(sending)
  await eventually('half of them are taken', () => taken >= many / 2)
  await stop(first.running)
  const sent = (await ended).flatMap(one => (one.status === 'fulfilled' && one.value !== undefined ? [one.value] : []))
  expect(new Set(sent.map(({ state }) => state))).toEqual(new Set(['queued']))

  const second = await startDaemon()
  await eventually('all are posted', () => posts() >= sent.length)
  await eventually('all are confirmed', async () => {
    const answers = await Promise.all(sent.map(({ messageId }) => second.api.call('ledger', { messageId })))
    return answers.every(({ result }) => (result as { mark: { sign: string } }).mark.sign === '✓')
  })
  expect(posts()).toBeGreaterThanOrEqual(sent.length)
  expect(posts()).toBeLessThanOrEqual(many + underway)
  await stop(second.running)
})
