import { existsSync } from 'node:fs'
import { generatePrivateKey } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Whisper } from '@status-stack/whisper'
import { createNodeKey, openNodeKey } from '../account.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { NodeService } from '../mail/node-service.ts'
import { peerFile } from '../network/peer-file.ts'
import { serveMetrics } from '../node/metrics-server.ts'
import { type Relay, startRelay } from '../node/relay.ts'
import { statusReport } from '../node/status.ts'
import type { Output } from '../output.ts'
import { readPassword, withPassword } from '../password.ts'
import { closeProfile, profileOf } from '../profile.ts'
import { interruption, waitFor } from '../signals.ts'
import { parseListen } from '../stack.ts'

export interface NodeOptions {
  /** A fresh key for this run: no password, another enode URL each time. */
  readonly ephemeral?: boolean
  /** Encrypt a new key with less work. */
  readonly lightKdf?: boolean
  /** Serve go-ethereum's `shh_*` API: path of a Unix socket, host:port for HTTP, host:port for WebSocket. */
  readonly shhIpc?: string
  readonly shhHttp?: string
  readonly shhWs?: string
  readonly secretFile?: string
}

/** A relay: takes, keeps and passes on envelopes; reads none. */
export async function node(
  options: NodeOptions,
  globals: Globals,
  output: Output,
  service?: NodeService
): Promise<void> {
  const metricsAt = globals.metrics === undefined ? undefined : parseListen(globals.metrics)
  const privateKey = options.ephemeral
    ? generatePrivateKey()
    : await persistentKey(globals, options.lightKdf === true, output)
  const signal = interruption()
  const store = options.ephemeral ? undefined : peerFile(profileOf(globals))
  const relay = await startRelay({ globals, privateKey, store, service }, output)
  const { host, whisper } = relay
  let closeApi = async (): Promise<void> => {}
  let closeMetrics = async (): Promise<void> => {}
  let endReports = (): void => {}
  try {
    closeApi = await serveShh(options, globals, whisper, privateKey, output)
    if (metricsAt !== undefined) {
      const server = await serveMetrics(metricsAt, relay.facts, globals.metricsHosts)
      closeMetrics = server.close
      output.note({ event: 'serving', url: server.url }, `· metrics at ${server.url}`)
    }
    output.data({ event: 'listening', enode: host.enode(), peerId: host.peerId }, host.enode())
    service?.listening(host, whisper)
    output.note({ event: 'ready' }, '· relaying; Ctrl-C ends it')
    endReports = reports(relay, globals.statusInterval, output)
    await waitFor(signal)
    output.note({ event: 'stopping' }, '· stopping')
  } finally {
    endReports()
    await closeApi()
    await relay.stop()
    // The last to go, so that /readyz says "stopping" meanwhile.
    await closeMetrics()
  }
  const { event, text } = statusReport(relay.facts())
  output.note(event, text)
}

/** Reports every so many seconds, and when SIGUSR2 asks; answers what ends it. */
function reports(relay: Relay, intervalSeconds: number | undefined, output: Output): () => void {
  const report = (): void => {
    const { event, text } = statusReport(relay.facts())
    output.note(event, text)
  }
  const milliseconds = Math.min(Math.ceil((intervalSeconds ?? 0) * 1000), 2 ** 31 - 1)
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
  if (existsSync(profile.nodeFile)) return withPassword(globals, password => openNodeKey(profile, password))
  return createNodeKey(profile, await readPassword(globals, 'create'), { lightKdf })
}

/** The servers that were asked for; answers what closes them. */
async function serveShh(
  options: NodeOptions,
  globals: Globals,
  whisper: Whisper,
  nodeKey: Uint8Array,
  output: Output
): Promise<() => Promise<void>> {
  if (options.shhIpc === undefined && options.shhHttp === undefined && options.shhWs === undefined)
    return async () => {}
  const [{ createRpc }, { serveHttp, serveIpc, serveWebSocket }, { readSecret }] = await Promise.all([
    import('@status-stack/whisper-rpc'),
    import('@status-stack/whisper-rpc/server'),
    import('./daemon.ts')
  ])
  const tokenSecret = options.secretFile === undefined ? undefined : await readSecret(options.secretFile)
  const guard = { tokenSecret, allowedHosts: ['localhost', ...globals.shhHosts] }
  const { shhHttpOrigins, shhWsOrigins } = globals
  const rpc = createRpc({ whisper, nodeKey: createIdentityKey(nodeKey) })
  const servers: { readonly url: string; readonly close: () => Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const server of servers) await server.close()
    await rpc.stop()
  }
  try {
    if (options.shhIpc !== undefined) servers.push(await serveIpc(rpc, { path: options.shhIpc }))
    if (options.shhHttp !== undefined)
      servers.push(await serveHttp(rpc, { ...parseListen(options.shhHttp), ...guard, allowedOrigins: shhHttpOrigins }))
    if (options.shhWs !== undefined)
      servers.push(await serveWebSocket(rpc, { ...parseListen(options.shhWs), ...guard, allowedOrigins: shhWsOrigins }))
  } catch (error) {
    await close()
    throw new CliError(
      'failed',
      'rpc',
      `the shh API cannot be served: ${error instanceof Error ? error.message : String(error)}`
    )
  }
  for (const { url } of servers) output.note({ event: 'serving', url }, `· shh API at ${url}`)
  return close
}
