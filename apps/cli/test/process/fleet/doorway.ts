import { createConnection, createServer, type Socket } from 'node:net'

/** A TCP port in front of another one, which counts what comes back. */
export interface Doorway {
  readonly port: number
  readonly stop: () => void
}

/**
 * Passes bytes on until `bytes` of them came back through one connection; then it passes nothing more, waits for `death`, and ends the
 * connection: the server dies in the middle of what it was sending, however fast it is.
 */
export async function openDoorway(port: number, bytes: number, death: () => Promise<void>): Promise<Doorway> {
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const behind = createConnection({ port, host: '127.0.0.1' })
    let passed = 0
    let isOver = false
    const end = (): void => {
      client.destroy()
      behind.destroy()
    }
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', end)
    }
    client.pipe(behind)
    behind.on('data', chunk => {
      if (isOver) return
      const part = chunk.subarray(0, bytes - passed)
      passed += part.length
      client.write(part)
      if (passed < bytes) return
      isOver = true
      void death().then(end)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    stop: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
