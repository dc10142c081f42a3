import { existsSync } from 'node:fs'
import { generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { createIdentityKey } from '@status-stack/status-accounts'
import { capability, createWhisper, type Whisper } from '@status-stack/whisper'
import { createNodeKey, openNodeKey } from '../account.ts'
import { CliError } from '../errors.ts'
import type { Globals } from '../globals.ts'
import type { NodeService } from '../mail/service.ts'
import type { Output } from '../output.ts'
import { readPassword } from '../password.ts'
import { profileOf } from '../profile.ts'
import { interruption, waitFor } from '../signals.ts'
import { addPeer, parseListen, reportPeers } from '../stack.ts'
import { version } from '../version.ts'

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
  const listen = parseListen(globals.nodeListen)
  const privateKey = options.ephemeral ? generatePrivateKey() : await persistentKey(globals, options.lightKdf === true)
  const signal = interruption()
  const whisper = createWhisper({}, { minPow: globals.minPow })
  const host = createHost(
    { privateKey, capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
    { listen, clientName: `status-stack/${version()}`, maxPeers: globals.maxPeers }
  )
  reportPeers(host, output)
  host.addEventListener('refused', ({ detail }) => {
    output.note(
      { event: 'refused-connection', reason: detail.reason, stage: detail.stage, address: detail.remoteAddress },
      `· connection from ${detail.remoteAddress} closed: ${detail.reason} (${detail.stage})`
    )
  })
  for (const peer of globals.peers) addPeer(host, peer)
  await service?.start(whisper, privateKey)
  await whisper.start()
  let closeApi = async (): Promise<void> => {}
  try {
    await host.start()
    closeApi = await serveShh(options, whisper, privateKey, output)
    output.data({ event: 'listening', enode: host.enode(), peerId: host.peerId }, host.enode())
    service?.listening(host, whisper)
    output.note({ event: 'ready' }, '· relaying; Ctrl-C ends it')
    await waitFor(signal)
    output.note({ event: 'stopping' }, '· stopping')
  } finally {
    await closeApi()
    await host.stop()
    await whisper.stop()
    await service?.stop()
  }
}

async function persistentKey(globals: Globals, lightKdf: boolean): Promise<Uint8Array> {
  const profile = profileOf(globals)
  const exists = existsSync(profile.nodeFile)
  const password = await readPassword(globals, exists ? 'open' : 'create')
  return exists ? openNodeKey(profile, password) : createNodeKey(profile, password, { lightKdf })
}

/** The servers that were asked for; answers what closes them. */
async function serveShh(
  options: NodeOptions,
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
  const rpc = createRpc({ whisper, nodeKey: createIdentityKey(nodeKey) })
  const servers: { readonly url: string; readonly close: () => Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const server of servers) await server.close()
    await rpc.stop()
  }
  try {
    if (options.shhIpc !== undefined) servers.push(await serveIpc(rpc, { path: options.shhIpc }))
    if (options.shhHttp !== undefined)
      servers.push(await serveHttp(rpc, { ...parseListen(options.shhHttp), tokenSecret }))
    if (options.shhWs !== undefined)
      servers.push(await serveWebSocket(rpc, { ...parseListen(options.shhWs), tokenSecret }))
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
