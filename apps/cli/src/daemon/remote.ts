import { hexToBytes } from '@status-stack/crypto'
import type { Client, ClientEvents, PeerInfo } from '@status-stack/status-client'
import { CliError } from '../errors.ts'
import { version } from '../version.ts'
import { type Connection, connectDaemon } from './connection.ts'
import { fromWire, type RemoteCall, type RemoteEvent, remoteCalls, remoteEvents, toWire } from './wire.ts'

/** What commands use of a client, wherever it runs. */
export type SharedClient = Pick<
  Client,
  RemoteCall | 'publicKey' | 'installationId' | 'connected' | 'peers' | 'on' | 'search'
>

export interface RemoteClient {
  readonly client: SharedClient
  /** Aborts when the daemon is gone. */
  readonly gone: AbortSignal
  readonly close: () => void
}

type Handlers = Map<RemoteEvent, Set<(fact: never) => void>>

/**
 * The client of a daemon, as commands know it: every call goes over the socket, and the facts come back as they were.
 * @throws CliError `no-daemon`; `daemon-version`, `daemon-identity` when it is not the one of this profile and program
 */
export async function connectRemoteClient(path: string, publicKeyHex: string): Promise<RemoteClient> {
  const handlers: Handlers = new Map()
  let peers: readonly PeerInfo[] = []
  const connection = await connectDaemon(path, (method, params) => {
    if (method !== 'clientEvent' || typeof params !== 'object' || params === null) return
    const { name, fact } = fromWire(params) as { readonly name: RemoteEvent; readonly fact: never }
    if (name === 'peer') {
      const { peer, state } = fact as ClientEvents['peer']
      const others = peers.filter(({ peerId }) => peerId !== peer.peerId)
      peers = state === 'attached' ? [...others, peer] : others
    }
    for (const handler of [...(handlers.get(name) ?? [])]) handler(fact)
  })
  try {
    const identity = (await connection.call('identity')) as Readonly<Record<string, string>>
    assertSame(identity, publicKeyHex)
    await connection.call('clientEvents', { events: ['peer'] })
    peers = (await over(connection, 'peers', [])) as readonly PeerInfo[]
    const client = {
      ...Object.fromEntries(
        remoteCalls.map(name => [name, (...args: readonly unknown[]) => over(connection, name, args)])
      ),
      publicKey: hexToBytes(publicKeyHex.slice(2)),
      installationId: identity['installationId'] ?? '',
      peers: () => peers,
      connected: () => peers.length > 0,
      search: (...args: Parameters<Client['search']>) => search(connection, ...args),
      on: (name: keyof ClientEvents, handler: (fact: never) => void) => {
        const event = remoteEvents.find(candidate => candidate === name)
        if (event === undefined) return () => {}
        const set = handlers.get(event) ?? new Set()
        // Calls are taken in order: what is asked for after this is heard of.
        if (!handlers.has(event)) connection.call('clientEvents', { events: [event] }).catch(() => {})
        handlers.set(event, set.add(handler))
        return () => void set.delete(handler)
      }
    }
    return { client: client as unknown as SharedClient, gone: connection.gone, close: connection.close }
  } catch (error) {
    connection.close()
    throw error
  }
}

function assertSame(identity: Readonly<Record<string, string>>, publicKeyHex: string): void {
  if (identity['publicKey'] !== publicKeyHex)
    throw new CliError('locked', 'daemon-identity', 'the daemon of this profile has another identity')
  if (identity['version'] !== version())
    throw new CliError(
      'locked',
      'daemon-version',
      `the daemon of this profile is version ${identity['version']}, this is ${version()}`,
      'start the daemon again, or use `status-stack call`'
    )
}

/** One call; an aborted signal ends the wait for it, and the end of the connection ends it there. */
async function over(connection: Connection, call: RemoteCall, args: readonly unknown[]): Promise<unknown> {
  const options = args.at(-1)
  const signal =
    typeof options === 'object' && options !== null && 'signal' in options && options.signal instanceof AbortSignal
      ? options.signal
      : undefined
  signal?.throwIfAborted()
  const answer = connection.call('client', { call, args: toWire(args) })
  if (signal === undefined) return fromWire((await answer) ?? undefined)
  const aborted = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  )
  aborted.catch(() => {})
  return fromWire((await Promise.race([answer, aborted])) ?? undefined)
}

const searchPage = 200

/** The daemon gives what it found page by page; the steps are those of the client. */
async function* search(
  connection: Connection,
  ...[chat, text, query]: Parameters<Client['search']>
): AsyncGenerator<{ readonly read: number; readonly messages: Awaited<ReturnType<Client['messages']>> }> {
  let before = query?.before
  const wanted = text.toLocaleLowerCase()
  for (;;) {
    const page = (await over(connection, 'messages', [chat, { limit: searchPage, before }])) as Awaited<
      ReturnType<Client['messages']>
    >
    const messages = page.filter(message => !message.deleted && message.text.toLocaleLowerCase().includes(wanted))
    yield { read: page.length, messages }
    before = page.at(-1)?.messageId
    if (page.length < searchPage) return
  }
}
