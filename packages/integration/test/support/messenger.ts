import { keccak256, utf8Bytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type ChatRef, type Client, type ClientOptions, defaultLayers, type Message } from '@status-stack/status-client'
import { composeClient } from '@status-stack/status-client/compose'
import { MemoryLevel } from 'memory-level'
import type { Joined, Network } from './networks.ts'
import { until } from './until.ts'

/** A person with a messenger, and what it told its user. */
export interface Messenger {
  readonly name: string
  readonly client: Client
  /** Application events in order, as short sentences that hold nothing of the moment. */
  readonly log: readonly string[]
  readonly leave: () => Promise<void>
  readonly join: () => Promise<void>
  /** Stops the client and opens it again on the same database, with the network joined. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** The layers that everybody of a flow has, and the options that differ from those of tests. */
export interface Stack {
  readonly layers?: ReturnType<typeof defaultLayers>
  readonly options?: ClientOptions
}

const keyOf = (name: string): Uint8Array => keccak256(utf8Bytes(`integration ${name}`))

/** The people of a flow: keys by name, so that a log can name them. */
export function people(network: Network, { layers = defaultLayers({ powWorkers: 0 }), options = {} }: Stack = {}) {
  const everybody: Messenger[] = []
  const nameOf = (publicKey: Uint8Array): string =>
    everybody.find(({ client }) => String(client.publicKey) === String(publicKey))?.name ?? 'a stranger'
  const chatName = (chat: ChatRef): string =>
    chat.kind === 'one-to-one' ? `with ${nameOf(chat.publicKey)}` : chat.kind === 'public' ? `#${chat.name}` : 'group'
  const lineOf = (message: Message): string => {
    const what = message.content.kind === 'system' ? message.content.event : `"${message.text}"`
    const how = message.content.kind === 'system' || message.outgoing ? '' : `, ${message.protection}`
    return `${chatName(message.chat)}: ${nameOf(message.author)} ${what}${how}`
  }
  const open = async (name: string, identity: string, database: MemoryLevel, log: string[]): Promise<Client> => {
    const client = await composeClient(
      { identity: createIdentityKey(keyOf(identity)), database, storageKey: keyOf(`${name} storage`) },
      layers,
      {
        installationId: name,
        syncTickMs: 20,
        syncRetryMs: 500,
        contactCodeDelayMs: 86_400_000,
        lockAccount: false,
        messageRequests: false,
        ...options
      }
    )
    client.on('message', message => log.push(lineOf(message)))
    client.on('change', ({ message, change }) => log.push(`${chatName(message.chat)}: ${change} of "${message.text}"`))
    client.on('device', ({ device, change }) => log.push(`device ${device.installationId} ${change}`))
    await client.start()
    return client
  }
  const create = async (name: string, identity = name): Promise<Messenger> => {
    const [database, log] = [new MemoryLevel(), [] as string[]]
    let client = await open(name, identity, database, log)
    let joined: Joined = await network.join(client)
    const messenger: Messenger = {
      name,
      get client() {
        return client
      },
      log,
      leave: () => joined.leave(),
      join: async () => {
        joined = await network.join(client)
      },
      restart: async () => {
        await joined.leave()
        await client.stop()
        client = await open(name, identity, database, log)
        joined = await network.join(client)
      },
      stop: () => client.stop()
    }
    everybody.push(messenger)
    return messenger
  }
  return { create, stop: () => Promise.all(everybody.map(messenger => messenger.stop())) }
}

export const chatWith = ({ client }: Messenger): ChatRef => ({ kind: 'one-to-one', publicKey: client.publicKey })

/** Sends and waits until every recipient has acknowledged, or a peer has confirmed a public message. */
export async function say(from: Messenger, chat: ChatRef, text: string): Promise<string> {
  const { messageId } = await from.client.send(chat, { text })
  await until(
    `"${text}" of ${from.name} to be delivered`,
    async () => (await from.client.ledger(messageId))?.complete === true
  )
  return messageId
}

/** Waits until a line of the log says this. */
export async function reads(who: Messenger, part: string): Promise<void> {
  await until(`${who.name} to read ${part}`, () => who.log.some(line => line.includes(part)))
}

/** Tells both devices of one identity of each other, and enables each on the other. */
export async function pair(phone: Messenger, laptop: Messenger): Promise<void> {
  for (const device of [phone, laptop]) await device.client.pair(device.name, 'test')
  for (const [here, there] of [
    [phone, laptop],
    [laptop, phone]
  ] as const) {
    await until(`${here.name} to be told of ${there.name}`, async () => {
      const devices = await here.client.devices()
      return devices.find(device => device.installationId === there.name)?.name === there.name
    })
    await here.client.enableDevice(there.name)
  }
}
