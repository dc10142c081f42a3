import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createVirtualTime } from '@status-stack/interface/testing'
import { afterEach, expect, test } from 'vitest'
import { serverLimits } from '../../src/limits.ts'
import { createUnreadAnswers } from '../../src/server/unread-answers.node.ts'
import { onStop, stopAll, until } from '../support/node.ts'

afterEach(stopAll)

const patienceMs = 1000
const mib = 1024 * 1024

/** A server that answers with as many bytes as the path says. */
async function serve() {
  const time = createVirtualTime()
  let slow = 0
  const answers = createUnreadAnswers(patienceMs, () => void slow++, time.scheduler)
  const sent: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    sent.push(path)
    answers.open(response)('x'.repeat(Number(path.slice(1))))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onStop(
    () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  )
  const { port } = server.address() as AddressInfo
  /** A client that reads nothing before `resume`. */
  const ask = async (bytes: number): Promise<{ readonly socket: Socket; readonly isClosed: () => boolean }> => {
    const before = sent.length
    const socket = connect(port, '127.0.0.1')
    let closed = false
    socket.on('error', () => undefined)
    socket.on('close', () => {
      closed = true
    })
    socket.pause()
    socket.write(`GET /${bytes} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    onStop(async () => void socket.destroy())
    await until(() => (sent.length > before ? true : undefined))
    return { socket, isClosed: () => closed }
  }
  return { time, ask, slow: () => slow }
}

test('a client that does not read its answer is given up, later the longer the answer is', async () => {
  const { time, ask, slow } = await serve()
  const bytes = 20 * mib
  await ask(bytes)
  const dueMs = patienceMs + (1000 * bytes) / serverLimits.answerBytesPerSecond
  await time.advance(dueMs - 1)
  expect([slow(), time.pendingTimers()]).toEqual([0, 1])
  await time.advance(1)
  expect([slow(), time.pendingTimers()]).toEqual([1, 0])
})

test('an answer that is read is waited for no longer', async () => {
  const { time, ask, slow } = await serve()
  const { socket, isClosed } = await ask(20 * mib)
  socket.resume()
  await until(() => (time.pendingTimers() === 0 ? true : undefined))
  await time.advance(3_600_000)
  expect([slow(), isClosed()]).toEqual([0, false])
})

test('answers that nobody reads hold a bounded number of bytes over all connections; the oldest of the large ones goes', async () => {
  const { ask, slow } = await serve()
  const quarter = serverLimits.heldAnswerBytes / 4
  const small = await ask(4 * mib)
  const first = await ask(quarter)
  const others = [await ask(quarter), await ask(quarter)]
  expect(slow()).toBe(0)
  const last = await ask(quarter)
  expect(slow()).toBe(1)
  first.socket.resume()
  await until(() => (first.isClosed() ? true : undefined))
  for (const each of [small, ...others, last]) expect(each.isClosed()).toBe(false)
})
