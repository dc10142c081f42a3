import { join } from 'node:path'
import { interruption, waitFor } from '@status-stack/command-line/process'
import { generatePrivateKey } from '@status-stack/crypto'
import { createRelay, type RelayCarrier } from '@status-stack/relay-node'
import { reportArchive, reportRelay } from '@status-stack/relay-node/reports'
import { siteFolder } from '@status-stack/web'
import { originsOf, type PageServer, readPageFiles, servePage } from '@status-stack/web/server'
import { formatWebSocketUrl } from '@status-stack/websocket-transport'
import { webSocketUpgrade } from '@status-stack/websocket-transport/server'
import { openArchive } from '../archive-store.ts'
import type { Context } from '../command.ts'
import { CliError, codeOf, describeError } from '../errors.ts'
import { parseListen } from '../listen-address.ts'
import type { Output } from '../output.ts'
import { profileOf } from '../profile.ts'
import { reporter } from '../relay-report.ts'
import { version } from '../version.ts'

/** Flags of `web` that are no settings. */
export interface WebFlags {
  /** host:port of the page. */
  readonly http: string
  /** Folder of the archive. */
  readonly archive?: string
}

/** Path at which the page opens its WebSocket. */
const socketPath = '/rlpx'

/** Serves the page and a node that it joins, both on this machine, until it is interrupted. */
export async function runWeb({ options, globals, output }: Context<WebFlags>): Promise<void> {
  const port = loopbackPort(options.http)
  const files = await readPageFiles(siteFolder).catch(() => {
    throw new CliError('failed', 'no-page', 'the page is not there', 'install the program again, or build it')
  })
  const folder = options.archive ?? join(profileOf(globals).folder, 'web-archive')
  const { store, failure } = await openArchive({ kind: 'level', folder, fsync: false })
  const signal = interruption()
  const relay = createRelay(
    // A key for this run: the page asks for it each time it is opened, so that none has to be kept.
    { privateKey: generatePrivateKey(), carriers: [pageCarrier(files, port, output)] },
    {
      listen: parseListen(globals.listen ?? '127.0.0.1:0'),
      clientName: `status-stack/${version()}`,
      // The page speaks Whisper.
      privacy: globals.privacy === 'waku' ? 'both' : globals.privacy,
      peers: globals.peers,
      bootnodes: globals.bootnodes,
      archive: { store }
    }
  )
  const tell = reporter(output)
  reportRelay(relay, tell)
  reportArchive(relay, tell, describeError)
  await relay.start().catch(error => {
    throw failure(error) ?? error
  })
  try {
    const { host } = relay
    output.note({ event: 'listening', enode: host.enode(), peerId: host.peerId }, `· others join at ${host.enode()}`)
    output.note({ event: 'ready' }, '· open the address in a browser; Ctrl-C ends it')
    await waitFor(signal)
    output.note({ event: 'stopping' }, '· stopping')
  } finally {
    await relay.stop()
  }
}

/** @throws CliError `listen`, `not-loopback` */
function loopbackPort(address: string): number {
  const { host, port } = parseListen(address)
  if (host === '127.0.0.1' || host === 'localhost') return port
  throw new CliError(
    'usage',
    'not-loopback',
    `the page is served on this machine only, not on ${host}`,
    'put the files of @status-stack/web behind a web server with TLS for others, and a node with --ws-listen beside them'
  )
}

/** The page and the WebSocket of its node on one port. */
function pageCarrier(
  files: Awaited<ReturnType<typeof readPageFiles>>,
  port: number,
  output: Pick<Output, 'data'>
): RelayCarrier {
  let server: PageServer | undefined
  return {
    start: async (_, host) => {
      let nodeFile = ''
      server = await servePage(
        {
          files,
          nodeFile: () => nodeFile,
          upgrade: bound => webSocketUpgrade({ path: socketPath, origins: originsOf(bound) }, host.accept)
        },
        port
      ).catch(error => {
        const why = codeOf(error) ?? 'unexpected'
        const message = `the page cannot be served on 127.0.0.1:${port} (${why})`
        throw new CliError('failed', 'page-listen', message, 'choose another port with --http')
      })
      const url = formatWebSocketUrl(host.publicKey, `ws://127.0.0.1:${server.port}${socketPath}`)
      nodeFile = JSON.stringify({ url, mailserver: true })
      const page = `http://127.0.0.1:${server.port}/`
      output.data({ event: 'serving', what: 'page', url: page }, page)
    },
    stop: async () => server?.close()
  }
}
