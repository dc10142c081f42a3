import { generatePrivateKey } from '@status-stack/crypto'
import { createVirtualTime, type VirtualTime } from '@status-stack/interface/testing'
import type { Host, HostDeps, HostEvents, HostOptions } from '../../src/index.ts'
import { createMemoryNetwork, createStranger, type MemoryNetwork, type Stranger } from '../../src/testing/index.ts'
import { record, sinkCapability, startedHost } from './hosts.ts'

/** A host under attack on a network in memory, with time that the test moves. */
export interface Target {
  readonly host: Host
  readonly network: MemoryNetwork
  readonly time: VirtualTime
  readonly sink: ReturnType<typeof sinkCapability>
  readonly refused: HostEvents['refused'][]
  readonly removed: HostEvents['peerdisconnected'][]
  /** A fresh stranger, connected. */
  readonly stranger: (from?: string, privateKey?: Uint8Array, options?: { halfOpen?: boolean }) => Promise<Stranger>
  readonly settle: () => Promise<void>
}

const targetAddress = '192.0.2.1'
let strangers = 0

export async function target(options: HostOptions = {}, deps: Partial<HostDeps> = {}): Promise<Target> {
  const network = createMemoryNetwork()
  const time = createVirtualTime()
  const sink = sinkCapability()
  const host = await startedHost(
    {
      privateKey: generatePrivateKey(),
      capabilities: [sink],
      carrier: network.carrier(targetAddress),
      clock: time.clock,
      scheduler: time.scheduler,
      ...deps
    },
    { listen: { port: 30_303 }, ...options }
  )
  return {
    host,
    network,
    time,
    sink,
    refused: record(host, 'refused'),
    removed: record(host, 'peerdisconnected'),
    settle: time.settle,
    stranger: async (
      from = `10.1.${strangers >> 8}.${strangers++ & 255}`,
      privateKey = generatePrivateKey(),
      options = {}
    ) =>
      createStranger(
        await network.connect(from, { host: targetAddress, port: 30_303 }, options),
        host.publicKey,
        privateKey
      )
  }
}
