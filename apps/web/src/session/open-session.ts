import type { ReadonlySignal } from '@preact/signals'
import type { IdentityKey } from '@status-stack/interface'
import { peerIdOf } from '@status-stack/rlpx'
import { createIdentityKey } from '@status-stack/status-accounts'
import type { Client } from '@status-stack/status-client'
import { type ComposeDeps, composeClient } from '@status-stack/status-client/compose'
import { createSteps } from '@status-stack/utils'
import { createWebSocketHost, parseWebSocketUrl } from '@status-stack/websocket-transport'
import type { AccountKeys } from './account-keys.ts'
import { type Connection, watchConnection } from './connection.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { recordedLink, watchedLayers } from './watched-layers.ts'
import { createWork, type Work } from './work.ts'

/** An account on its way to the network. */
export interface Session {
  readonly client: Client
  /** For the inspector: opens what is addressed to this account, and shows no key. */
  readonly identity: IdentityKey
  readonly connection: ReadonlySignal<Connection>
  readonly work: Work
  readonly recorder: Recorder
  /** Peer ids of the mailservers, best first. */
  readonly mailservers: readonly string[]
  /** Acknowledges what came, says goodbye to the nodes, closes the database. Idempotent. */
  readonly stop: () => Promise<void>
}

/** What differs between a browser and a test. */
export interface SessionDeps {
  /** Opens the database of an account by its name. */
  readonly openDatabase: (name: string) => ComposeDeps['database']
  readonly scaleImage?: ComposeDeps['scaleImage']
}

/** Addresses to connect to. */
export interface Addresses {
  readonly nodes: readonly string[]
  readonly mailservers: readonly string[]
}

/** The database of an account: as many as there are accounts in this browser. */
export const databaseName = (publicKey: string): string => `status-web ${publicKey.slice(4, 36)}`

/** Opens an account and connects it. @throws ClientError, as `composeClient` does */
export async function openSession(
  publicKey: string,
  keys: AccountKeys,
  { nodes, mailservers }: Addresses,
  { openDatabase, scaleImage }: SessionDeps
): Promise<Session> {
  const work = createWork()
  const recorder = createRecorder()
  const database = openDatabase(databaseName(publicKey))
  const servers = mailservers.map(address => peerIdOf(parseWebSocketUrl(address).publicKey))
  const client = await composeClient(
    {
      identity: keys.identity,
      database,
      storageKey: keys.storageKey,
      nodeKey: createIdentityKey(keys.nodeKey),
      scaleImage
    },
    watchedLayers(work, recorder),
    { mailservers: servers }
  ).catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  const host = createWebSocketHost({
    privateKey: keys.nodeKey,
    capabilities: [{ name: 'shh', version: 6, length: 128, run: link => client.attach(recordedLink(link, recorder)) }]
  })
  const addresses = [...new Set([...nodes, ...mailservers])]
  const connection = watchConnection(client, host, addresses.length)
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    const steps = createSteps()
    await steps.take(client.idle)
    // The client's end ends its links: those are not to be made anew.
    host.stopDialing()
    await steps.take(client.stop)
    await steps.take(host.stop)
    await steps.take(() => database.close())
    steps.end()
  }
  const session: Session = {
    client,
    identity: keys.identity,
    connection,
    work,
    recorder,
    mailservers: servers,
    stop: () => {
      stopped ??= stop()
      return stopped
    }
  }
  try {
    await client.start()
    await host.start()
    for (const address of addresses) host.addStatic(address)
    return session
  } catch (error) {
    await session.stop()
    throw error
  }
}
