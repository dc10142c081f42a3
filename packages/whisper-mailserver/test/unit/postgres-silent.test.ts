import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPostgresStore } from '../../src/postgres/index.ts'

/** What a server says to whoever connects: no password is asked for, and it is ready. */
const welcome = Uint8Array.of(0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49)

const sockets = new Set<Socket>()
const silent = createServer(socket => {
  sockets.add(socket)
  socket.on('error', () => undefined)
  socket.once('data', () => socket.write(welcome))
})
let port = 0

beforeAll(async () => {
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  port = (silent.address() as { port: number }).port
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise(resolve => silent.close(resolve))
})

test('a database that takes connections and answers nothing is given up, behind a pooler that is paused, say', async () => {
  const store = createPostgresStore({ uri: `postgresql://mail@127.0.0.1:${port}/archive`, statementTimeoutMs: 50 })
  await expect(store.open()).rejects.toMatchObject({ code: 'store-failed', origin: 'environment' })
  await store.close()
})
