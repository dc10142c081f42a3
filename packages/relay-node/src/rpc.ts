import { createIdentityKey } from '@status-stack/status-accounts'
import type { Emitter } from '@status-stack/utils'
import { systemError } from './errors.ts'
import type { RelayEvents } from './events.ts'
import type { RelayRpcOptions } from './options.ts'
import type { PrivacyNodes } from './privacy.ts'

/** Serves what was asked for. @returns what closes it @throws RelayError `rpc` */
export async function serveRpc(
  { whisper, waku }: Pick<PrivacyNodes, 'whisper' | 'waku'>,
  nodeKey: Uint8Array,
  options: RelayRpcOptions,
  { emit }: Pick<Emitter<RelayEvents>, 'emit'>
): Promise<() => Promise<void>> {
  const { ipc, http, webSocket, tokenSecret, allowedHosts = ['localhost'] } = options
  if (ipc === undefined && http === undefined && webSocket === undefined) return async () => {}
  // They take longer to load than all the rest.
  const [{ createRpc }, { serveHttp, serveIpc, serveWebSocket }] = await Promise.all([
    import('@status-stack/whisper-rpc'),
    import('@status-stack/whisper-rpc/server')
  ])
  const rpc = createRpc({ whisper, waku, nodeKey: createIdentityKey(nodeKey) })
  const guard = { tokenSecret, allowedHosts }
  const servers: { readonly url: string; readonly close: () => Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const server of servers) await server.close()
    await rpc.stop()
  }
  try {
    if (ipc !== undefined) servers.push(await serveIpc(rpc, { path: ipc }))
    if (http !== undefined) servers.push(await serveHttp(rpc, { ...http, ...guard }))
    if (webSocket !== undefined) servers.push(await serveWebSocket(rpc, { ...webSocket, ...guard }))
  } catch (error) {
    await close()
    const why = error instanceof Error ? error.message : String(error)
    throw systemError('rpc', `the API cannot be served: ${why}`, { cause: error })
  }
  for (const { url } of servers) emit('serving', { what: 'rpc', url })
  return close
}
