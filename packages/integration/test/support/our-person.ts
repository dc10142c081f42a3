import { bytesToHex, generatePrivateKey, hexToBytes, randomBytes } from '@status-stack/crypto'
import { createHost, type Host, type HostDeps } from '@status-stack/devp2p-transport'
import type { PeerLink } from '@status-stack/interface'
import { createIdentityKey } from '@status-stack/status-accounts'
import {
  type Chat,
  type ChatRef,
  type Client,
  type ClientDeps,
  type ClientOptions,
  createClient,
  type Message
} from '@status-stack/status-client'
import { capability } from '@status-stack/whisper'
import { MemoryLevel } from 'memory-level'
import type { Person, Shown } from './person.ts'
import { until } from './until.ts'

/** A person on our client, and what only tests of ours need. */
export interface OurPerson extends Person {
  readonly side: 'ours'
  readonly client: () => Client
  /** What arrived and was not shown although it should not be so in ordinary traffic: for the report of a failure. */
  readonly refused: readonly string[]
}

/** Who a person of ours is and how they are connected. */
export interface OurPersonOptions {
  /** enode URLs that it keeps a connection to. */
  readonly dials: readonly string[]
  /** @default a new one */
  readonly identity?: Uint8Array
  /** What becomes of a link before the client has it. */
  readonly link?: (link: PeerLink) => PeerLink
  readonly options?: ClientOptions
  /** Collaborators that a recorded conversation replaces. */
  readonly deps?: Partial<Pick<ClientDeps, 'storageKey' | 'clock' | 'random'>>
  readonly host?: Partial<HostDeps>
}

const hex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`
const bytesOf = (text: string): Uint8Array => hexToBytes(text.replace(/^0x/, ''))

/** Our way to name a chat, from the one of tests: a key, a group's id, or the name of a public chat. */
export function chatRefOf(chat: string): ChatRef {
  if (/^0x04[0-9a-f]{128}$/.test(chat)) return { kind: 'one-to-one', publicKey: bytesOf(chat) }
  if (/^[0-9a-f-]{36}-0x04[0-9a-f]{128}$/.test(chat)) return { kind: 'group', id: chat }
  return { kind: 'public', name: chat }
}

function chatNameOf(chat: ChatRef): string {
  if (chat.kind === 'one-to-one') return hex(chat.publicKey)
  return chat.kind === 'public' ? chat.name : chat.id
}

function shownOf({ messageId, author, chat, text, content, replyTo = '' }: Message): Shown {
  const common = { id: messageId, from: hex(author), chat: chatNameOf(chat), text, reply: replyTo }
  if (content.kind === 'sticker') {
    return { ...common, kind: 'sticker', sticker: { pack: content.pack, hash: content.hash } }
  }
  if (content.kind === 'text') return { ...common, kind: content.style === 'emoji' ? 'emoji' : 'text' }
  return { ...common, kind: 'other' }
}

/** A client with a host of its own, which are opened again on the same database. */
function deviceOf(name: string, about: OurPersonOptions) {
  const [database, storageKey, nodeKey] = [
    new MemoryLevel(),
    randomBytes(32),
    about.host?.privateKey ?? generatePrivateKey({ bytes: randomBytes })
  ]
  const identity = createIdentityKey(about.identity ?? generatePrivateKey({ bytes: randomBytes }))
  const shown: Shown[] = []
  const refused: string[] = []
  let client: Client | undefined
  let host: Host | undefined
  const listen = (opened: Client): void => {
    opened.on('message', message => {
      if (message.source !== 'local' && message.content.kind !== 'system') shown.push(shownOf(message))
    })
    opened.on('refused', ({ layer, reason, expected }) => {
      if (!expected) refused.push(`${layer}: ${reason}`)
    })
  }
  const start = async (): Promise<void> => {
    const node = createIdentityKey(nodeKey)
    const opened = await createClient(
      { identity, database, storageKey, nodeKey: node, whisper: { powWorkers: 0 }, ...about.deps },
      { lockAccount: false, contactCodeDelayMs: 86_400_000, ...about.options }
    )
    client = opened
    listen(opened)
    await opened.start()
    const run = (link: PeerLink): Promise<void> => opened.attach(about.link?.(link) ?? link)
    const capabilities = [{ ...capability, run }]
    host = createHost({ privateKey: nodeKey, capabilities, ...about.host }, { listen: false })
    await host.start()
    for (const enode of about.dials) await host.dial(enode, { static: true })
    await until(`${name} to be connected`, () => opened.peers().length >= about.dials.length)
  }
  const stop = async (): Promise<void> => {
    await host?.stop()
    await client?.stop()
    client = host = undefined
  }
  const running = (): Client => {
    if (client === undefined) throw new Error(`${name} is away`)
    return client
  }
  return { identity, shown, refused, start, stop, running }
}

/** A client of ours with a host of its own on loopback TCP, on a database that outlives a restart. */
export async function startOurs(name: string, about: OurPersonOptions): Promise<OurPerson> {
  const { identity, shown, refused, start, stop, running } = deviceOf(name, about)
  const groupOf = async (id: string): Promise<Chat | undefined> =>
    (await running().chats()).find(chat => chat.id === id)
  await start()
  const { installationId } = running()
  return {
    side: 'ours',
    name,
    key: hex(identity.publicKey),
    installation: installationId,
    shown,
    client: running,
    refused,
    start,
    stop,
    say: async (chat, text, { reply, emoji, sticker } = {}) => {
      const content =
        sticker === undefined
          ? ({ text, replyTo: reply, style: emoji === true ? 'emoji' : 'plain' } as const)
          : { text, sticker }
      return (await running().send(chatRefOf(chat), content)).messageId
    },
    openChat: async () => undefined,
    joinPublic: chat => running().joinPublic(chat),
    addContact: async (key, picture) => {
      if (picture !== undefined) await running().setProfile({ picture })
      await running().addContact(bytesOf(key))
    },
    known: async key => {
      const { added, requestReceived, picture, ensName } = await running().contact(bytesOf(key))
      return { added, askedUs: requestReceived, picture, ens: ensName }
    },
    createGroup: async (title, members) => (await running().createGroup(title, members.map(bytesOf))).id,
    joinGroup: id => running().joinGroup(id),
    invite: (id, member) => running().inviteToGroup(id, [bytesOf(member)]),
    promote: (id, member) => running().promoteInGroup(id, [bytesOf(member)]),
    remove: (id, member) => running().removeFromGroup(id, bytesOf(member)),
    leaveGroup: id => running().leaveGroup(id),
    group: async id => {
      const chat = await groupOf(id)
      if (chat?.group === undefined) return undefined
      const members = chat.group.members.map(({ publicKey, ...rest }) => ({ key: hex(publicKey), ...rest }))
      return { name: chat.group.name, members }
    },
    pair: title => running().pair(title, 'test'),
    devices: async () => {
      const devices = await running().devices()
      return new Map(
        devices
          .filter(device => device.installationId !== installationId)
          .map(device => [device.installationId, device.name])
      )
    },
    enableDevice: installation => running().enableDevice(installation)
  }
}
