import { generatePrivateKey, randomBytes } from '@status-stack/crypto'
import { createHost, type Host } from '@status-stack/devp2p-transport'
import type { Client } from '@status-stack/status-client'
import { linkPair } from '@status-stack/status-client/testing'
import { capability, createWhisper } from '@status-stack/whisper'
import { until } from './until.ts'

/** A network with one relay in the middle, to which clients are joined. */
export interface Network {
  readonly join: (client: Client) => Promise<Joined>
  readonly stop: () => Promise<void>
}

export interface Joined {
  /** Takes the client off the network and waits until it knows. */
  readonly leave: () => Promise<void>
}

/** Links in memory: nothing but the layers themselves. */
export async function memoryNetwork(): Promise<Network> {
  const relay = createWhisper({}, { powWorkers: 0 })
  await relay.start()
  let members = 0
  return {
    join: async client => {
      const pair = linkPair(String(++members).padStart(64, '0'), 'f'.repeat(64))
      client.attach(pair.a).catch(() => undefined)
      relay.attach(pair.b).catch(() => undefined)
      await until('the client to be connected', () => client.connected())
      return leaving(client, async () => pair.cut())
    },
    stop: () => relay.stop()
  }
}

/** The same over RLPx on loopback TCP: every client has a host of its own. */
export async function tcpNetwork(): Promise<Network> {
  const whisper = createWhisper({}, { powWorkers: 0 })
  await whisper.start()
  const hosts: Host[] = []
  const startHost = async (attach: Client['attach'], listen: boolean): Promise<Host> => {
    const privateKey = generatePrivateKey({ bytes: randomBytes })
    const host = createHost(
      { privateKey, capabilities: [{ ...capability, run: attach }] },
      listen ? {} : { listen: false }
    )
    await host.start()
    hosts.push(host)
    return host
  }
  const relay = await startHost(link => whisper.attach(link), true)
  return {
    join: async client => {
      const host = await startHost(link => client.attach(link), false)
      await host.dial(relay.enode())
      await until('the client to be connected', () => client.connected())
      return leaving(client, () => host.stop())
    },
    stop: async () => {
      await Promise.all(hosts.map(host => host.stop()))
      await whisper.stop()
    }
  }
}

function leaving(client: Client, disconnect: () => Promise<void>): Joined {
  return {
    leave: async () => {
      await disconnect()
      await until('the client to be alone', () => !client.connected())
    }
  }
}
