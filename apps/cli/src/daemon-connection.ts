import { createConnection } from 'node:net'
import { connectAccount, type RemoteAccount } from '@status-stack/account-rpc/client'
import { CliError } from './errors.ts'

/**
 * Connects to a daemon's socket.
 * @throws CliError `no-daemon` when no daemon answers there
 */
export async function connectDaemon(path: string): Promise<RemoteAccount> {
  const socket = createConnection(path)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', () =>
      reject(
        new CliError('unreachable', 'no-daemon', `no daemon answers at ${path}`, 'start it with: status-stack daemon')
      )
    )
  })
  socket.on('error', () => socket.destroy())
  return connectAccount({
    input: socket,
    send: line => void socket.write(line),
    close: () => void socket.destroy()
  })
}
