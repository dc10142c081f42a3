import { type ReadonlySignal, signal } from '@preact/signals'
import type { Host } from '@status-stack/rlpx'
import type { Client } from '@status-stack/status-client'

/** How the page is connected. */
export interface Connection {
  /** `nowhere`: no address is known. */
  readonly state: 'nowhere' | 'connecting' | 'connected'
  /** Nodes that finished the handshake. */
  readonly peers: number
  /** Why the last attempt failed, as a code of the transport. */
  readonly failure?: string | undefined
}

/** Follows the peers of a client and the dials of its host. */
export function watchConnection(
  client: Pick<Client, 'on' | 'peers'>,
  host: Pick<Host, 'on'>,
  addresses: number
): ReadonlySignal<Connection> {
  const connection = signal<Connection>({ state: addresses === 0 ? 'nowhere' : 'connecting', peers: 0 })
  const look = (failure?: string): void => {
    const peers = client.peers().length
    connection.value =
      peers > 0 ? { state: 'connected', peers } : { state: addresses === 0 ? 'nowhere' : 'connecting', peers, failure }
  }
  client.on('peer', () => look())
  host.on('dialfailed', fact => look(fact.code))
  return connection
}
