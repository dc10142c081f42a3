import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RpcServer, serveIpc, serveWebSocket } from '@status-stack/whisper-rpc/server'
import { createAccountRpc } from '../daemon/account-rpc.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { withClient } from '../session.ts'
import { waitFor } from '../signals.ts'
import { parseListen } from '../stack.ts'

export interface DaemonOptions {
  /** Path of the socket; in the profile's folder without. */
  readonly socket?: string
  /** host:port of a WebSocket as well. */
  readonly ws?: string
  /** File with the secret of the WebSocket's tokens. */
  readonly secretFile?: string
  readonly chaos?: string
}

/** `daemon`: keeps the account on line and lets other programs use it. */
export async function daemon(options: DaemonOptions, globals: Globals, output: Output): Promise<void> {
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
  const path = options.socket ?? join(profileOf(globals).folder, 'socket')
  await withClient({ network: 'anyway', chaos: options.chaos }, globals, output, async ({ client, host, signal }) => {
    const rpc = createAccountRpc(client)
    const servers: RpcServer[] = []
    try {
      servers.push(await serveIpc(rpc, { path }))
      if (web !== undefined) servers.push(await serveWebSocket(rpc, { ...web, tokenSecret: secret }))
      for (const { url } of servers) output.data({ event: 'serving', url }, url)
      if (globals.listen !== undefined) output.note({ event: 'listening', enode: host.enode() }, `· ${host.enode()}`)
      output.note({ event: 'ready' }, '· serving; Ctrl-C ends it')
      await waitFor(signal)
    } finally {
      for (const server of servers) await server.close()
      await rpc.stop()
    }
  })
}

/** Hex of at least 32 bytes. @throws CliError `secret-file` */
export async function readSecret(path: string): Promise<Uint8Array> {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (!/^([0-9a-fA-F]{2}){32,512}$/.test(text)) {
    throw new CliError('usage', 'secret-file', `the secret file does not hold 64 hex digits or more: ${path}`)
  }
  return new Uint8Array(Buffer.from(text, 'hex'))
}
