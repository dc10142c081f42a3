import { join, resolve } from 'node:path'
import { type Context, defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { connectionFlags, flag, pfsOption, settingFlag, settingFlags, simulateNetworkOption } from '../flags.ts'
import { parseListen } from '../listen-address.ts'
import { createOutput } from '../output.ts'
import { profileOf } from '../profile.ts'
import { readSecret } from '../secret-file.ts'

interface DaemonOptions {
  /** Path of the socket; in the profile's folder without. */
  readonly socket?: string
  /** One program alone, on stdin and stdout. */
  readonly stdio?: boolean
  /** host:port of a WebSocket as well. */
  readonly ws?: string
  readonly simulateNetwork?: string
}

/** Keeps the account online and lets other programs use it. */
export const daemon = defineCommand({
  name: 'daemon',
  summary: 'keep the account online and serve JSON-RPC to other programs',
  flags: [
    flag('--socket <path>', 'where the Unix socket is (default: in the profile)'),
    flag('--stdio', 'serve one program on stdin and stdout; ends when stdin ends; no socket without --socket'),
    flag('--ws <address>', 'serve a WebSocket on host:port as well'),
    settingFlag('secretFile', { what: 'hex of 32 bytes or more that signs the tokens of the WebSocket' }),
    ...settingFlags('wsHosts', 'wsOrigins', 'onMessage'),
    ...connectionFlags(),
    pfsOption(),
    simulateNetworkOption()
  ],
  examples: [
    ['for bots', 'daemon --peer enode://…@host:30303'],
    ['as the child of a program', 'daemon --stdio --peer enode://…@host:30303'],
    ['over a WebSocket too', 'daemon --ws 127.0.0.1:8547 --secret-file secret.hex'],
    ['with a command for each message', "daemon --on-message 'cat >> messages.jsonl'"]
  ],
  load: () => import('../account-server.ts'),
  run: async (
    { options, globals, output: given }: Context<DaemonOptions>,
    { serveOver, startHook, withOwnAccount }
  ) => {
    const web = options.ws === undefined ? undefined : parseListen(options.ws)
    const tokenSecret =
      globals.secretFile === undefined || web === undefined ? undefined : await readSecret(globals.secretFile)
    if (web !== undefined && tokenSecret === undefined) {
      throw new CliError(
        'usage',
        'no-secret',
        '--ws needs --secret-file: any web page can reach a WebSocket on this machine',
        'a file with at least 32 random bytes, as hex'
      )
    }
    const stdio = options.stdio === true
    const inProfile = stdio ? undefined : join(profileOf(globals).folder, 'socket')
    const socket = options.socket === undefined ? inProfile : resolve(options.socket)
    // On stdout there is nothing but JSON-RPC then.
    const output = stdio ? createOutput({ ...globals, stdout: process.stderr, stderr: process.stderr }) : given
    const webSocket = web && {
      ...web,
      tokenSecret,
      allowedHosts: ['localhost', ...globals.wsHosts],
      allowedOrigins: globals.wsOrigins
    }
    const { simulateNetwork } = options
    await withOwnAccount({ network: 'background', simulateNetwork }, globals, output, async session => {
      const endHook = await startHook(globals, session.account, output)
      await serveOver(session, { socket, stdio, webSocket }, globals, output).finally(endHook)
    })
  }
})
