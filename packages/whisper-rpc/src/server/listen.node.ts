import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'
import { RpcError } from '../errors.ts'

/** Listens, or says why not. @throws RpcError `address-in-use` */
export function listen(
  server: Server | HttpServer,
  where: { host: string; port: number } | { path: string }
): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException): void => {
      const message = `listening failed: ${cause.code ?? 'unknown reason'}`
      reject(new RpcError('address-in-use', message, { origin: 'environment', cause }))
    }
    server.once('error', refused)
    server.listen(where, () => {
      server.off('error', refused)
      // Later errors are of single connections; without a listener they would end the process.
      server.on('error', () => undefined)
      resolve()
    })
  })
}

/** Address of a listening server as it stands in a URL. */
export function authorityOf(server: Server | HttpServer): string {
  const address = server.address()
  if (address === null || typeof address === 'string') return ''
  return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

/** Stops listening; resolves when the last connection is closed. */
export function closed(server: Server | HttpServer): Promise<void> {
  return new Promise(resolve => {
    if (!server.listening) resolve()
    else server.close(() => resolve())
  })
}
