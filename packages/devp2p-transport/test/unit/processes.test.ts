import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, type Line, type Running, run } from '../helpers/processes.ts'

let script = ''
const processes: Running[] = []
const sockets: Socket[] = []

beforeAll(async () => {
  script = await bundle('node')
})

afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(processes.map(({ kill }) => kill()))
})

interface Node extends Running {
  readonly enode: string
  readonly peer: string
}

async function node(key = randomBytes(32).toString('hex'), port = 0): Promise<Node> {
  const running = run(process.execPath, [script, key, String(port)])
  processes.push(running)
  const { enode, peer } = await running.line(({ event }) => event === 'ready')
  return { ...running, enode: String(enode), peer: String(peer) }
}

const isAdded = (peer: string) => (line: Line) => line.event === 'added' && line['peer'] === peer
const count = (from: Running, fits: (line: Line) => boolean): number => from.lines.filter(fits).length

async function status(of: Running): Promise<{ echoes: number; rss: number; metrics: Record<string, number> }> {
  const before = count(of, ({ event }) => event === 'status')
  of.say({ command: 'status' })
  let seen = 0
  const line = await of.line(candidate => candidate.event === 'status' && ++seen > before)
  return line as unknown as { echoes: number; rss: number; metrics: Record<string, number> }
}

/** The honest pair exchanges at least this many messages from now on. */
async function keepsTalking(of: Running): Promise<void> {
  const { echoes } = await status(of)
  while ((await status(of)).echoes < echoes + 10) await new Promise<void>(resolve => setTimeout(resolve, 20))
}

async function again(from: Running, fits: (line: Line) => boolean, times: number): Promise<void> {
  while (count(from, fits) < times) await new Promise<void>(resolve => setTimeout(resolve, 20))
}

test('three processes: kill, restart, partition, slow reader, 500 silent connections; the honest pair keeps talking', async () => {
  const hub = await node()
  const honest = await node()
  honest.say({ command: 'static', enode: hub.enode })
  await hub.line(isAdded(honest.peer))
  await keepsTalking(honest)

  // Killed without a word, then back under the same key and port: dialed again by itself.
  const key = randomBytes(32).toString('hex')
  const first = await node(key)
  hub.say({ command: 'static', enode: first.enode })
  await hub.line(isAdded(first.peer))
  await first.kill('SIGKILL')
  await hub.line(({ event, peer }) => event === 'removed' && peer === first.peer)
  await keepsTalking(honest)
  const port = Number(/:(\d+)$/.exec(first.enode)?.[1])
  const second = await node(key, port)
  await again(hub, isAdded(second.peer), 2)
  await keepsTalking(honest)

  // Partition: the process stands still, its sockets stay open. It is dropped for silence, and comes back.
  second.process.kill('SIGSTOP')
  await again(hub, ({ event, peer }) => event === 'removed' && peer === second.peer, 2)
  const removed = hub.lines.filter(({ event, peer }) => event === 'removed' && peer === second.peer)[1]
  expect(removed?.['ending']).toMatchObject({ failure: 'timeout' })
  await keepsTalking(honest)
  second.process.kill('SIGCONT')
  await again(hub, isAdded(second.peer), 3)

  // A reader that asks for everything and reads nothing: closed, with bounded memory in the sender.
  const before = await status(hub)
  const deaf = await node()
  deaf.say({ command: 'deaf' })
  await deaf.line(({ event }) => event === 'deaf')
  deaf.say({ command: 'static', enode: hub.enode })
  await hub.line(isAdded(deaf.peer))
  deaf.say({ command: 'flood-me' })
  await hub.line(({ event }) => event === 'flood-ended')
  await keepsTalking(honest)
  await deaf.kill()
  const after = await status(hub)
  expect(after.metrics['queuedBytes']).toBeLessThan(4 << 20)
  expect(after.rss - before.rss).toBeLessThan(200 << 20)

  // 500 connections that say nothing; a new honest peer still gets in, the old ones keep talking.
  const hubPort = Number(/:(\d+)$/.exec(hub.enode)?.[1])
  let closed = 0
  for (let i = 0; i < 500; i++) {
    const socket = connect({ host: '127.0.0.1', port: hubPort })
    socket.on('error', () => undefined)
    socket.on('close', () => closed++)
    sockets.push(socket)
  }
  await keepsTalking(honest)
  const late = await node()
  late.say({ command: 'static', enode: hub.enode })
  await hub.line(isAdded(late.peer))
  await keepsTalking(late)
  while (closed < 500) await new Promise<void>(resolve => setTimeout(resolve, 50))
  const end = await status(hub)
  expect(end.metrics['pendingInbound']).toBe(0)
  await keepsTalking(honest)

  // And everybody stops by itself.
  for (const running of [hub, honest, late, second]) running.say({ command: 'stop' })
  for (const running of [hub, honest, late, second]) await running.line(({ event }) => event === 'stopped')
})
