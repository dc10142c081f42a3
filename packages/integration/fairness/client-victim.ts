import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import { type Client, createClient } from '@status-stack/status-client'
import { type Chat, type Content, outgoing } from '@status-stack/status-data'
import { createSealer, memorySessionStore, type Sealer } from '@status-stack/status-pfs'
import { planRoute } from '@status-stack/whisper/status'
import {
  decodeEnvelope,
  decodeMessages,
  encodeMessages,
  openMessage,
  packetCodes,
  sealMessage
} from '@status-stack/whisper/wire'
import { MemoryLevel } from 'memory-level'
import { attachRawPeer, type RawPeer, type RawPeerOptions } from './raw-peer.ts'
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

/** A messenger that a contact, a group member or a mailserver attacks. */
export interface ClientVictim {
  readonly client: Client
  readonly join: (options?: Omit<RawPeerOptions, 'number'>) => Promise<RawPeer>
  /** A contact of the client. */
  readonly writer: () => Promise<Writer>
  /** A contact with whom the client has a session: what it seals is ratcheted. */
  readonly pairedWriter: () => Promise<Writer>
  /** Resolves when the client has shown a message with this text. */
  readonly shown: (text: string) => Promise<void>
  readonly stop: () => Promise<void>
}

const clock = { nowMs: () => Date.now() }
const random = { bytes: randomBytes }

async function createWriter(client: Client): Promise<Writer & { readonly sealer: Sealer }> {
  const identity = createIdentityKey(randomBytes(32))
  const sealer = await createSealer(
    { identity, store: memorySessionStore(), clock, random },
    { installationId: bytesToHex(randomBytes(8)) }
  )
  const chat = { kind: 'one-to-one', publicKey: client.publicKey } as const
  const route = await planRoute({ kind: 'identity', publicKey: client.publicKey })
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
      const sealed = await sealer.seal(bytes, { kind: 'identity', publicKey: client.publicKey, reach: 'known-devices' })
      if (sealed.kind !== 'sealed') throw new Error('nothing was sealed')
      return sealed.bytes
    },
    enclose: async sealed =>
      freshEnvelope(route.topic, sealMessage({ payload: sealed, key: route.key, signer: identity }, random))
  }
}

/** Starts a messenger. */
export async function startClientVictim(): Promise<ClientVictim> {
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
  let number = 0
  const join: ClientVictim['join'] = async (options = {}) => attachRawPeer(client, { ...options, number: ++number })
  const waiting = new Map<string, () => void>()
  client.on('message', ({ text }) => {
    waiting.get(text)?.()
    waiting.delete(text)
  })
  const writer = async () => {
    const made = await createWriter(client)
    await client.addContact(made.identity.publicKey)
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
        const read = await made.sealer.open(opened.payload, { sender: client.publicKey })
        paired ||= read.kind === 'message'
      }
    })
    await client.send({ kind: 'one-to-one', publicKey: made.identity.publicKey }, { text: 'here is my bundle' })
    await until(() => paired, 'a session with the client')
    await peer.close()
    return made
  }
  return {
    client,
    join,
    writer,
    pairedWriter,
    shown: text => new Promise<void>(resolve => waiting.set(text, resolve)),
    stop: () => client.stop()
  }
}

/** A friend who writes to the client all the while; the time until a message is shown is what the attack costs others. */
export async function startHonestFriend({ client, join, writer }: ClientVictim) {
  const everyMs = 100
  const friend = await writer()
  const peer = await join()
  const sentAt = new Map<string, number>()
  const latenciesMs: number[] = []
  const off = client.on('message', ({ text }) => {
    const at = sentAt.get(text)
    if (at === undefined) return
    latenciesMs.push(performance.now() - at)
    sentAt.delete(text)
  })
  let count = 0
  const began = performance.now()
  const write = async (): Promise<void> => {
    const text = `honest ${bytesToHex(randomBytes(4))} ${count}`
    sentAt.set(text, Math.max(began, began + count * everyMs))
    count += 1
    const envelope = await friend.enclose(await friend.seal(friend.say({ kind: 'text', text }).bytes))
    await peer.send(packetCodes.messages, encodeMessages([envelope]))
  }
  const timer = setInterval(() => {
    while (began + count * everyMs <= performance.now()) void write().catch(() => undefined)
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      const end = performance.now() + 30_000
      while (sentAt.size > 0 && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 10))
      off()
      await peer.close()
      return { latenciesMs, lost: sentAt.size }
    }
  }
}
