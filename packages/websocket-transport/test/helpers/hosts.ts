import { generatePrivateKey } from '@status-stack/crypto'
import { createHost, type Host, type HostDeps, type HostOptions } from '@status-stack/rlpx'
import { sinkCapability } from '@status-stack/rlpx/testing'
import { afterEach } from 'vitest'
import { createWebSocketHost, type WebSocketHostOptions } from '../../src/index.ts'
import { type WebSocketServerOptions, webSocketServerCarrier } from '../../src/server/index.node.ts'

const started: Host[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map(host => host.stop()))
})

async function begun(host: Host): Promise<Host> {
  started.push(host)
  await host.start()
  return host
}

/** A started host that listens on loopback. */
export function listeningHost(
  deps: Partial<HostDeps> = {},
  options: HostOptions = {},
  server: WebSocketServerOptions = {}
): Promise<Host> {
  const carrier = webSocketServerCarrier(server)
  return begun(
    createHost({ privateKey: generatePrivateKey(), capabilities: [sinkCapability()], carrier, ...deps }, options)
  )
}

/** A started host that dials. */
export function dialingHost(
  deps: Partial<Omit<HostDeps, 'carrier'>> = {},
  options: WebSocketHostOptions = {}
): Promise<Host> {
  return begun(
    createWebSocketHost({ privateKey: generatePrivateKey(), capabilities: [sinkCapability()], ...deps }, options)
  )
}
