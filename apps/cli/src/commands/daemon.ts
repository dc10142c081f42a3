import { dirname, join, resolve } from 'node:path'
import {
  type DropReason,
  type RpcServer,
  serveIpc,
  serveStreams,
  serveWebSocket
} from '@status-stack/whisper-rpc/server'
import { createAccountRpc } from '../daemon/account-rpc.ts'
import { writeHolder } from '../daemon/holder.ts'
import { CliError, codeOf } from '../errors.ts'
import { readTextFile } from '../files.ts'
import type { Globals } from '../globals.ts'
import { limits } from '../limits.ts'
import { createOutput, type Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { withOwnClient } from '../session.ts'
import { waitFor } from '../signals.ts'
import { parseListen } from '../stack.ts'

export interface DaemonOptions {
  /** Path of the socket; in the profile's folder without. */
  readonly socket?: string
  /** One program alone, on stdin and stdout. */
  readonly stdio?: boolean
  /** host:port of a WebSocket as well. */
  readonly ws?: string
  /** File with the secret of the WebSocket's tokens. */
  readonly secretFile?: string
  readonly chaos?: string
}

/** How long calls that run may take to answer when the daemon ends. */
const graceMs = 3000
/** BOUNDED: bytes that wait for a program that does not read, and bytes of one call. */
const bounds = Object.freeze({ maxBufferedBytes: limits.unreadBytes, maxBodyBytes: limits.callBytes })

const dropped: Readonly<Record<DropReason, string>> = {
  'slow-reader': 'a program did not read what it subscribed to',
  'not-json': 'a program sent something else than JSON',
  'too-many': 'there are as many programs as allowed'
}

/** `daemon`: keeps the account online and lets other programs use it. */
export async function daemon(options: DaemonOptions, globals: Globals, given: Output): Promise<void> {
  const web = options.ws === undefined ? undefined : parseListen(options.ws)
  const secret = options.secretFile === undefined ? undefined : await readSecret(options.secretFile)
  if (web !== undefined && secret === undefined) {
    throw new CliError(
      'usage',
      'no-secret',
      '--ws needs --secret-file: any web page can reach a WebSocket on this machine',
      'a file with at least 32 random bytes, as hex'
    )
  }
  const stdio = options.stdio === true
  const profile = profileOf(globals)
  const path =
    options.socket === undefined ? (stdio ? undefined : join(profile.folder, 'socket')) : resolve(options.socket)
  // On stdout there is nothing but JSON-RPC then.
  const output = stdio ? createOutput({ ...globals, stdout: process.stderr, stderr: process.stderr }) : given
  const onDrop = (reason: DropReason): void =>
    output.note({ event: 'client-dropped', reason }, `· closed a connection: ${dropped[reason]}`)
  await withOwnClient(
    { network: 'anyway', chaos: options.chaos },
    globals,
    output,
    async ({ client, host, signal }) => {
      const rpc = createAccountRpc(client)
      const servers: RpcServer[] = []
      const ends = [signal]
      try {
        if (path !== undefined) servers.push(await serveSocket(rpc, path, onDrop))
        if (web !== undefined) {
          const guard = {
            tokenSecret: secret,
            allowedHosts: ['localhost', ...globals.wsHosts],
            allowedOrigins: globals.wsOrigins
          }
          servers.push(await serveWebSocket(rpc, { ...web, ...bounds, ...guard, onDrop }))
        }
        if (path !== undefined) await writeHolder(profile, { command: 'daemon', socket: path })
        for (const { url } of servers) output.data({ event: 'serving', url }, url)
        if (globals.listen !== undefined) output.note({ event: 'listening', enode: host.enode() }, `· ${host.enode()}`)
        if (stdio) {
          const program = serveStreams(rpc, { input: process.stdin, output: process.stdout, ...bounds, onDrop })
          const over = new AbortController()
          void program.ended.then(() => over.abort())
          ends.push(over.signal)
          servers.push({ url: 'stdio', close: program.close })
        }
        const how = stdio ? 'on stdin and stdout; the end of stdin ends it' : 'Ctrl-C ends it'
        output.note({ event: 'ready' }, `· serving${stdio ? ' ' : '; '}${how}`)
        await waitFor(AbortSignal.any(ends))
        output.note({ event: 'stopping' }, '· stopping; what is being answered is finished')
      } finally {
        await Promise.all(servers.map(server => server.close(graceMs)))
        await rpc.stop()
      }
    }
  )
}

/** @throws CliError `socket-in-use`, `socket` */
async function serveSocket(
  rpc: ReturnType<typeof createAccountRpc>,
  path: string,
  onDrop: (reason: DropReason) => void
): Promise<RpcServer> {
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
    if (code === 'invalid-option')
      throw new CliError(
        'usage',
        'socket',
        `the path of the socket is too long for a Unix socket: ${path}`,
        'give a shorter one with --socket'
      )
    throw new CliError('failed', 'socket', `no socket can be made in ${dirname(path)}`, 'give another --socket')
  }
}

const secretFile = { what: 'the secret file', maxBytes: limits.secretFileBytes, code: 'secret-file' } as const

/** Hex of at least 32 bytes. @throws CliError `secret-file` */
export async function readSecret(path: string): Promise<Uint8Array> {
  const text = (await readTextFile(path, secretFile)).trim()
  if (!/^([0-9a-fA-F]{2}){32,512}$/.test(text)) {
    throw new CliError('usage', 'secret-file', `the secret file does not hold 64 hex digits or more: ${path}`)
  }
  return new Uint8Array(Buffer.from(text, 'hex'))
}
