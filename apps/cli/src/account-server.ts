import { dirname } from 'node:path'
import { limits, serveAccount } from '@status-stack/account-rpc'
import { waitFor } from '@status-stack/command-line/process'
import { writeHolder } from '@status-stack/profiles/folder'
import type { Rpc } from '@status-stack/whisper-rpc'
import {
  type DropReason,
  type RpcServer,
  type ServerOptions,
  serveIpc,
  serveStreams,
  serveWebSocket
} from '@status-stack/whisper-rpc/server'
import { CliError, codeOf } from './errors.ts'
import type { Globals } from './globals.ts'
import type { Output } from './output.ts'
import { profileOf } from './profile.ts'
import type { OwnSession } from './session.ts'

export { withOwnAccount } from './session.ts'
export { startHook } from './start-hook.ts'

/** How long calls that run may take to answer when the daemon ends: with all else that ends, three seconds. */
const graceMs = 700
/** BOUNDED: bytes that wait for a program that does not read, and bytes of one call. */
const bounds = Object.freeze({ maxBufferedBytes: limits.unreadBytes, maxBodyBytes: limits.callBytes })

const dropped: Readonly<Record<DropReason, string>> = {
  'slow-reader': 'a program did not read what it subscribed to',
  'large-calls': 'the calls of a program held too much memory',
  'not-json': 'a program sent something else than JSON',
  'too-many': 'there are as many programs as allowed'
}

/** Ways to reach the account. */
export interface Doors {
  /** Path of a Unix socket. */
  readonly socket: string | undefined
  /** One program on stdin and stdout. */
  readonly stdio: boolean
  readonly webSocket: ServerOptions | undefined
}

/** Serves the account until it is interrupted, or the program on stdin has ended. */
export async function serveOver(
  { account, stack, signal }: OwnSession,
  { socket, stdio, webSocket }: Doors,
  globals: Globals,
  output: Output
): Promise<void> {
  const onDrop = (reason: DropReason): void =>
    output.note({ event: 'client-dropped', reason }, `· closed a connection: ${dropped[reason]}`)
  const rpc = serveAccount(account)
  const servers: RpcServer[] = []
  const ends = [signal]
  try {
    if (socket !== undefined) servers.push(await serveSocket(rpc, socket, onDrop))
    if (webSocket !== undefined) servers.push(await serveWebSocket(rpc, { ...webSocket, ...bounds, onDrop }))
    if (socket !== undefined) await writeHolder(profileOf(globals), { command: 'daemon', socket })
    for (const { url } of servers) output.data({ event: 'serving', url }, url)
    if (globals.listen !== undefined) {
      const enode = stack.host.enode()
      output.note({ event: 'listening', enode }, `· ${enode}`)
    }
    if (stdio) {
      const program = serveStreams(rpc, { input: process.stdin, output: process.stdout, ...bounds, onDrop })
      const over = new AbortController()
      void program.ended.then(() => over.abort())
      ends.push(over.signal)
      servers.push({ url: 'stdio', close: program.close })
    }
    if (socket !== undefined)
      output.note(
        { event: 'shared' },
        '· other commands of this profile go through this daemon, and ask for no password'
      )
    const how = stdio ? 'on stdin and stdout; the end of stdin ends it' : 'Ctrl-C ends it'
    output.note({ event: 'ready' }, `· serving${stdio ? ' ' : '; '}${how}`)
    await waitFor(AbortSignal.any(ends))
    output.note({ event: 'stopping' }, '· stopping; what is being answered is finished')
  } finally {
    await Promise.all(servers.map(server => server.close(graceMs)))
    await rpc.stop()
  }
}

/** @throws CliError `socket-in-use`, `socket` */
async function serveSocket(rpc: Rpc, path: string, onDrop: (reason: DropReason) => void): Promise<RpcServer> {
  try {
    return await serveIpc(rpc, { path, ...bounds, onDrop })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'address-in-use')
      throw new CliError(
        'failed',
        'socket-in-use',
        `there is something at ${path} already, and it stays`,
        'end what listens there, or give another --socket'
      )
    if (code === 'invalid-argument')
      throw new CliError(
        'usage',
        'socket',
        `the path of the socket is too long for a Unix socket: ${path}`,
        'give a shorter one with --socket'
      )
    throw new CliError('failed', 'socket', `no socket can be made in ${dirname(path)}`, 'give another --socket')
  }
}
