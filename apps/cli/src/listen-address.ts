import { CliError } from './errors.ts'

/** `host:port`, `[::1]:port` or a port alone. @throws CliError `listen` */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65535) {
    throw new CliError(
      'usage',
      'listen',
      `not an address to listen on: ${text}`,
      'it looks like 127.0.0.1:30303, [::1]:30303 or 30303'
    )
  }
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port }
}

/** The same for a WebSocket, perhaps with the path at which it is opened: `127.0.0.1:8546/rlpx`. @throws CliError `listen` */
export function parseWebSocketListen(text: string): {
  readonly host: string
  readonly port: number
  readonly path?: string
} {
  const [, address = text, path] = /^([^/]*)(\/.*)$/.exec(text) ?? []
  return { ...parseListen(address), ...(path === undefined ? {} : { path }) }
}
