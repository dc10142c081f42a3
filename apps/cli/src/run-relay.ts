import { existsSync } from 'node:fs'
import { interruption, waitFor } from '@status-stack/command-line/process'
import { generatePrivateKey } from '@status-stack/crypto'
import { peerFile } from '@status-stack/profiles/folder'
import { createNodeKey, openNodeKey } from '@status-stack/profiles/node-key'
import {
  type ArchiveOptions,
  createRelay,
  type Relay,
  type RelayOptions,
  type RelayRpcOptions,
  type WebSocketOptions
} from '@status-stack/relay-node'
import { archiveText, reportArchive, reportRelay, statusReport } from '@status-stack/relay-node/reports'
import { longestDelayMs } from '@status-stack/utils'
import type { Context } from './command.ts'
import { describeError } from './errors.ts'
import type { Globals } from './globals.ts'
import { parseListen, parseWebSocketListen } from './listen-address.ts'
import type { Output } from './output.ts'
import { readPassword, withPassword } from './password.ts'
import { closeProfile, profileOf } from './profile.ts'
import { reporter } from './relay-report.ts'
import { readSecret } from './secret-file.ts'
import { version } from './version.ts'
import { boundYoungGeneration } from './young-generation.ts'

/** The flag of `node` and `mailserver` that is no setting. */
export interface RelayFlags {
  /** Encrypt a new key with less work. */
  readonly lightKdf?: boolean
}

/** What a mailserver does besides relaying. */
export interface RelayArchive {
  readonly options: ArchiveOptions
  /** Says what it serves, once others can connect. */
  readonly listening: (enode: string) => void
  /** What became of its store when the relay did not start. */
  readonly failure: (error: unknown) => unknown
}

/** Runs a relay until it is interrupted. */
export async function runRelay(
  { options, globals, output }: Context<RelayFlags>,
  archive?: RelayArchive
): Promise<void> {
  const relayOptions = relayOptionsOf(globals)
  const ephemeral = globals.ephemeral === 'on'
  const privateKey = ephemeral ? generatePrivateKey() : await persistentKey(globals, options.lightKdf === true, output)
  const signal = interruption()
  const relay = createRelay(
    { privateKey, peerStore: ephemeral ? undefined : peerFile(profileOf(globals)) },
    { ...relayOptions, archive: archive?.options, rpc: await rpcOptionsOf(globals) }
  )
  const tell = reporter(output)
  reportRelay(relay, tell)
  reportArchive(relay, tell, describeError)
  await relay.start().catch(error => {
    throw archive?.failure(error) ?? error
  })
  let endReports = (): void => {}
  const unboundYoungGeneration = boundYoungGeneration()
  try {
    const { host } = relay
    output.data({ event: 'listening', enode: host.enode(), peerId: host.peerId }, host.enode())
    archive?.listening(host.enode())
    output.note({ event: 'ready' }, '· relaying; Ctrl-C ends it')
    endReports = reports(relay, globals.statusInterval, output)
    await waitFor(signal)
    output.note({ event: 'stopping' }, '· stopping')
  } finally {
    endReports()
    unboundYoungGeneration()
    await relay.stop()
  }
  const facts = relay.facts()
  if (facts.archive !== undefined)
    output.note({ event: 'mailserver-stats', ...facts.archive }, `· ${archiveText(facts.archive)}`)
  const { event, text } = statusReport(facts, process.memoryUsage.rss())
  output.note(event, text)
}

/** The settings as a relay takes them. @throws CliError `listen` */
function relayOptionsOf(globals: Globals): RelayOptions {
  const { peers, trusted, minPow, maxPeers, maxPending, dialRatio, discovery, bootnodes, nat, netRestrict } = globals
  return {
    listen: parseListen(globals.nodeListen),
    clientName: `status-stack/${version()}`,
    privacy: globals.privacy,
    webSocket: webSocketOf(globals),
    peers,
    trusted,
    minPow,
    maxPeers,
    maxPendingInbound: maxPending,
    dialRatio,
    light: globals.light === 'on',
    discovery,
    bootnodes,
    discoveryPort: globals.discoveryPort,
    nat,
    netRestrict,
    metrics:
      globals.metrics === undefined
        ? undefined
        : { ...parseListen(globals.metrics), allowedHosts: globals.metricsHosts }
  }
}

/** @throws CliError `listen` */
function webSocketOf(globals: Globals): WebSocketOptions | undefined {
  const { nodeWsListen, nodeWsOrigins, nodeWsTrustedProxies, nodeWsUrl } = globals
  if (nodeWsListen === undefined) return undefined
  return {
    ...parseWebSocketListen(nodeWsListen),
    origins: nodeWsOrigins.includes('*') ? 'any' : nodeWsOrigins,
    trustedProxies: nodeWsTrustedProxies.length === 0 ? undefined : nodeWsTrustedProxies.join(','),
    publicUrl: nodeWsUrl
  }
}

async function rpcOptionsOf(globals: Globals): Promise<RelayRpcOptions> {
  const { shhIpc, shhHttp, shhWs, secretFile, shhHosts, shhHttpOrigins, shhWsOrigins } = globals
  const served = shhIpc !== undefined || shhHttp !== undefined || shhWs !== undefined
  return {
    ipc: shhIpc,
    http: shhHttp === undefined ? undefined : { ...parseListen(shhHttp), allowedOrigins: shhHttpOrigins },
    webSocket: shhWs === undefined ? undefined : { ...parseListen(shhWs), allowedOrigins: shhWsOrigins },
    tokenSecret: !served || secretFile === undefined ? undefined : await readSecret(secretFile),
    allowedHosts: ['localhost', ...shhHosts]
  }
}

/** Reports every so many seconds, and when SIGUSR2 asks; answers what ends it. */
function reports(relay: Relay, intervalSeconds: number | undefined, output: Output): () => void {
  const report = (): void => {
    const { event, text } = statusReport(relay.facts(), process.memoryUsage.rss())
    output.note(event, text)
  }
  const milliseconds = Math.min(Math.ceil((intervalSeconds ?? 0) * 1000), longestDelayMs)
  const timer = intervalSeconds === undefined ? undefined : setInterval(report, milliseconds)
  timer?.unref()
  // SIGUSR1 is the debugger's in Node; Windows has neither.
  const onDemand = process.platform !== 'win32'
  if (onDemand) process.on('SIGUSR2', report)
  return () => {
    clearInterval(timer)
    if (onDemand) process.off('SIGUSR2', report)
  }
}

async function persistentKey(globals: Globals, lightKdf: boolean, output: Output): Promise<Uint8Array> {
  const profile = profileOf(globals)
  await closeProfile(profile, output)
  const source = { ...globals, whose: `the node of profile ${profile.name}` }
  if (existsSync(profile.nodeFile)) return withPassword(source, password => openNodeKey(profile, password))
  return createNodeKey(profile, await readPassword(source, 'create'), { lightKdf })
}
