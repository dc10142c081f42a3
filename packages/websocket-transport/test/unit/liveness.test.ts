import { createVirtualTime } from '@status-stack/interface/testing'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { keepAlive } from '../../src/server/liveness.node.ts'

test('silence says nothing about a socket that was not read, until a whole interval after the pause', async () => {
  const { scheduler, advance } = createVirtualTime()
  let isTerminated = false
  const socket = {
    isPaused: false,
    readyState: 1,
    OPEN: 1,
    ping: () => undefined,
    on: () => undefined,
    terminate: () => {
      isTerminated = true
    }
  }
  keepAlive(socket as unknown as WebSocket, scheduler, 1000)
  await advance(500)
  socket.isPaused = true
  await advance(2400)
  // Just before the third look: nothing of what came could be read yet.
  socket.isPaused = false
  await advance(200)
  expect(isTerminated).toBe(false)
  await advance(2000)
  expect(isTerminated).toBe(true)
})
