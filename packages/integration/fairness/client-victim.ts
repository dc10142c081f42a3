import { bytesToHex, randomBytes } from '@status-stack/crypto'
import type { Chat, Content } from '@status-stack/interface'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { outgoing } from '@status-stack/status-data'
import { createSealer, memorySessionStore, type Sealer } from '@status-stack/status-pfs'
import { planRoute } from '@status-stack/whisper/status'
import { decodeEnvelope, decodeMessages, openMessage, packetCodes, sealMessage } from '@status-stack/whisper/wire'
import { MemoryLevel } from 'memory-level'
import { attachRawPeer, type RawPeer, type RawPeerOptions } from './raw-peer.ts'
import { type Attachable, type Reachable, reachOf } from './reach.ts'
import { freshEnvelope, until } from './victim.ts'

/** Someone who writes to the attacked client, with the real layers and without a client. */
export interface Writer {
  readonly identity: ReturnType<typeof createIdentityKey>
  readonly chat: Chat
  /** A message as the layer of meaning makes it; its bytes are a wrapper. */
  readonly say: (content: Content, chat?: Chat) => ReturnType<typeof outgoing>
  /** Seals bytes for the client's devices. */
  readonly seal: (bytes: Uint8Array) => Promise<Uint8Array>
  /** Puts sealed bytes into an envelope to the client. */
  readonly enclose: (sealed: Uint8Array) => Promise<Uint8Array>
}

/** What an attack wants of a messenger: its user's hands, and what its user sees. */
export interface ClientDoors {
  readonly publicKey: () => Promise<Uint8Array>
  readonly addContact: (publicKey: Uint8Array) => Promise<void>
  /** Writes to someone, who gets the client's bundle with it. */
  readonly greet: (publicKey: Uint8Array) => Promise<void>
  /** Resolves when something of this group was shown, then joins it: before that it reads nothing in the group. */
  readonly joinGroup: (id: string) => Promise<void>
  /** Resolves when the client has shown a message with this text. */
  readonly shown: (text: string) => Promise<void>
  /** Messages that were refused so far. */
  readonly refused: () => Promise<number>
  /** Asks a mailserver for everything; answers the code of what went wrong. */
  readonly fetchHistory: (mailserver: string) => Promise<string | undefined>
}

/** A messenger that a contact, a group member or a mailserver attacks; in this process or in another. */
export interface ClientVictim {
  readonly doors: ClientDoors
  readonly publicKey: Uint8Array
  readonly join: (options?: RawPeerOptions) => Promise<RawPeer>
  /** A contact of the client. */
  readonly writer: () => Promise<Writer>
  /** A contact with whom the client has a session: what it seals is ratcheted. */
  readonly pairedWriter: () => Promise<Writer>
  readonly stop: () => Promise<void>
}

const clock = { nowMs: () => Date.now() }
const random = { bytes: randomBytes }

async function createWriter(publicKey: Uint8Array): Promise<Writer & { readonly sealer: Sealer }> {
  const identity = createIdentityKey(randomBytes(32))
  const sealer = await createSealer(
    { identity, store: memorySessionStore(), clock, random },
    { installationId: bytesToHex(randomBytes(8)) }
  )
  const chat = { kind: 'one-to-one', publicKey } as const
  const route = await planRoute({ kind: 'identity', publicKey })
  let lastClock = 0
  return {
    identity,
    sealer,
    chat,
    say: (content, to = chat) => {
      const made = outgoing(to, content, { identity, nowMs: Date.now(), lastClock })
      lastClock = Math.max(lastClock, made.local.clock)
      return made
    },
    seal: async bytes => {
      const sealed = await sealer.seal(bytes, { kind: 'identity', publicKey, reach: 'known-devices' })
      if (sealed.kind !== 'sealed') throw new Error('nothing was sealed')
      return sealed.bytes
    },
    enclose: async sealed =>
      freshEnvelope(route.topic, sealMessage({ payload: sealed, key: route.key, signer: identity }, random))
  }
}

function doorsOf(client: Client): ClientDoors {
  const waiting = new Map<string, () => void>()
  const groups = new Map<string, () => void>()
  client.on('message', ({ text, chat }) => {
    waiting.get(text)?.()
    waiting.delete(text)
    if (chat.kind === 'group') groups.get(chat.id)?.()
  })
  let refused = 0
  client.on('refused', () => {
    refused += 1
  })
  return {
    publicKey: async () => client.publicKey,
    addContact: publicKey => client.addContact(publicKey).then(() => undefined),
    greet: publicKey =>
      client.send({ kind: 'one-to-one', publicKey }, { text: 'here is my bundle' }).then(() => undefined),
    joinGroup: async id => {
      await new Promise<void>(resolve => groups.set(id, resolve))
      groups.delete(id)
      await client.joinGroup(id)
    },
    shown: text => new Promise<void>(resolve => waiting.set(text, resolve)),
    refused: async () => refused,
    fetchHistory: mailserver =>
      client.fetchHistory({ mailserver }).then(
        () => undefined,
        error => String(error.cause?.code ?? error.code)
      )
  }
}

/** The attacker's side of a messenger. */
export async function victimBehind(
  doors: ClientDoors,
  reach: Reachable,
  stop: () => Promise<void>
): Promise<ClientVictim> {
  const publicKey = await doors.publicKey()
  const join: ClientVictim['join'] = options => attachRawPeer(reach, options)
  const writer = async () => {
    const made = await createWriter(publicKey)
    await doors.addContact(made.identity.publicKey)
    return made
  }
  const pairedWriter = async (): Promise<Writer> => {
    const made = await writer()
    const peer = await join({ bloom: new Uint8Array(64).fill(0xff) })
    let paired = false
    peer.onPacket(async (code, payload) => {
      if (code !== packetCodes.messages) return
      for (const bytes of decodeMessages(payload)) {
        const opened = openMessage(decodeEnvelope(bytes).data, { kind: 'asymmetric', identity: made.identity })
        if (typeof opened === 'string') continue
        const read = await made.sealer.open(opened.payload, { sender: publicKey })
        paired ||= read.kind === 'message'
      }
    })
    await doors.greet(made.identity.publicKey)
    await until(() => paired, 'a session with the client')
    await peer.close()
    return made
  }
  return { doors, publicKey, join, writer, pairedWriter, stop }
}

/** Starts a messenger in this process. */
export async function startClientVictim(): Promise<ClientVictim & { readonly node: Attachable }> {
  const client = await createClient(
    {
      identity: createIdentityKey(randomBytes(32)),
      database: new MemoryLevel(),
      storageKey: randomBytes(32),
      whisper: { powWorkers: 0, minPow: 0 }
    },
    { installationId: 'victim', syncTickMs: 50, contactCodeDelayMs: 86_400_000, lockAccount: false, autoHistory: false }
  )
  await client.start()
  const victim = await victimBehind(doorsOf(client), reachOf(client), () => client.stop())
  return { ...victim, node: client }
}
