import { bytesToHex, keccak256 } from '@status-stack/crypto'
import {
  createPowSearcher,
  createWhisper,
  type PeerLink,
  type Whisper,
  type WhisperOptions
} from '@status-stack/whisper'
import {
  createLinkPair,
  createSeededRandom,
  createTestKey,
  createVirtualTime,
  type LinkPair,
  type LinkPairOptions,
  type VirtualTime
} from '@status-stack/whisper/testing'
import {
  decodeP2pMessages,
  decodeRequestComplete,
  decodeSyncResponse,
  encodeEnvelope,
  encodeRequestPayload,
  encodeStatus,
  envelopeHash,
  filterBloom,
  packetCodes,
  type RequestPayload,
  sealMessage,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { createMailserver, type EnvelopeStore, type MailserverOptions, memoryEnvelopeStore } from '../../src/index.ts'

export const topic = Uint8Array.of(1, 2, 3, 4)
export const otherTopic = Uint8Array.of(9, 8, 7, 0)
export const everything = new Uint8Array(64).fill(0xff)
export const nothing = new Uint8Array(0)
/** Where virtual time starts, seconds. */
export const epoch = 1_600_000_000

/** Derived once: 65 356 rounds. */
const passwordKey = symmetricKeyFromPassword('status-offline-inbox')

export function key(byte: number): ReturnType<typeof createTestKey> {
  return createTestKey(new Uint8Array(32).fill(byte))
}

export function peerIdOf(publicKey: Uint8Array): string {
  return bytesToHex(keccak256(publicKey.subarray(1)))
}

/** Lets what is ready run until `done`, file system included. */
export async function until(time: VirtualTime, done: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  // Turns, not time: a busy machine takes longer for the same number.
  for (let turns = 0; !(await done()); turns++) {
    if (turns > 100_000) throw new Error(`${what} did not happen`)
    await time.settle()
  }
}

export function node(time: VirtualTime, name: string, options: WhisperOptions = {}): Whisper {
  return createWhisper(
    {
      clock: time.clock,
      scheduler: time.scheduler,
      random: createSeededRandom(name),
      pow: createPowSearcher(time.clock, 0)
    },
    { minPow: 0, ...options }
  )
}

/** A bare envelope, sent at `sent`; what is in it is nobody's business here. */
export function envelope(
  sent: number,
  options: { readonly topic?: Uint8Array; readonly bytes?: number; readonly nonce?: number; readonly ttl?: number } = {}
): Uint8Array {
  const { topic: at = topic, bytes = 20, nonce = 0, ttl = 10 } = options
  return encodeEnvelope({
    expiry: sent + ttl,
    ttl,
    topic: at,
    data: new Uint8Array(bytes).fill(7),
    nonce: BigInt(nonce)
  })
}

/** A bare envelope of exactly so many bytes in all, 65 600 or more. */
export function envelopeOf(total: number, sent: number): Uint8Array {
  const around = envelope(sent, { bytes: 100_000 }).length - 100_000
  return envelope(sent, { bytes: total - around })
}

/** What the archive port is given for such an envelope. */
export function archived(bytes: Uint8Array, sent: number, at: Uint8Array = topic, ttl = 10) {
  return { bytes, hash: envelopeHash(bytes), topic: at, sentSeconds: sent, expirySeconds: sent + ttl }
}

export interface World {
  readonly time: VirtualTime
  readonly whisper: Whisper
  readonly store: EnvelopeStore
  readonly server: ReturnType<typeof createMailserver>
  readonly put: (...envelopes: readonly ReturnType<typeof archived>[]) => Promise<void>
  readonly peer: (name: string, options?: HandOptions) => Promise<HandPeer>
  readonly stop: () => Promise<void>
}

export interface WorldOptions {
  readonly store?: EnvelopeStore
  readonly options?: MailserverOptions
  readonly whisper?: WhisperOptions
  readonly identity?: ReturnType<typeof createTestKey>
  /** Of the mailserver. @default the virtual time */
  readonly clock?: (time: VirtualTime) => VirtualTime['clock']
}

/** A node with a mailserver plugged in, on virtual time. */
export async function world(given: WorldOptions = {}): Promise<World> {
  const time = createVirtualTime()
  const store = given.store ?? memoryEnvelopeStore()
  const whisper = node(time, 'server', given.whisper)
  await whisper.start()
  const server = createMailserver(
    { store, clock: given.clock?.(time) ?? time.clock, scheduler: time.scheduler, identity: given.identity },
    { minPow: 0, ...given.options }
  )
  await server.start()
  whisper.serve(server.port)
  return {
    time,
    whisper,
    store,
    server,
    put: (...envelopes) => store.put(envelopes),
    peer: (name, options) => handPeer(time, whisper, name, options),
    stop: async () => {
      await whisper.stop()
      await server.stop()
    }
  }
}

interface HandOptions extends Pick<LinkPairOptions, 'capacity' | 'left'> {
  /** @default by name */
  readonly peerId?: string
  /** The address that the node sees. @default none */
  readonly address?: string
  /** Read nothing from the node. @default false */
  readonly deaf?: boolean
  readonly key?: ReturnType<typeof createTestKey>
}

/** A raw peer, played by the test: packets by hand. */
export interface HandPeer {
  readonly id: string
  readonly link: PeerLink
  readonly pair: LinkPair
  readonly received: { readonly code: number; readonly payload: Uint8Array }[]
  readonly send: (code: number, payload: Uint8Array) => Promise<void>
  /** Reads on after `deaf`. */
  readonly listen: () => void
  /** How the node's `attach` ended: `undefined` for well. */
  readonly ended: Promise<unknown>
  readonly isConnected: () => boolean
  /** Seals and sends; answers the request's id. */
  readonly request: (payload: Partial<RequestPayload> | Uint8Array, sealing?: Sealing) => Promise<Uint8Array>
  /** Packets 125 so far. */
  readonly completions: () => readonly ReturnType<typeof decodeRequestComplete>[]
  readonly rawCompletions: () => readonly Uint8Array[]
  /** Envelopes of packets 127 so far, packet by packet. */
  readonly bundles: () => readonly (readonly Uint8Array[])[]
  readonly syncResponses: () => readonly ReturnType<typeof decodeSyncResponse>[]
  /** Asks and waits for the answer: what came, and how it ended. */
  readonly ask: (
    payload: Partial<RequestPayload> | Uint8Array,
    sealing?: Sealing
  ) => Promise<{
    readonly bundles: readonly (readonly Uint8Array[])[]
    readonly completion: ReturnType<typeof decodeRequestComplete>
    readonly id: Uint8Array
  }>
}

export interface Sealing {
  readonly unsigned?: boolean
  readonly key?: Parameters<typeof sealMessage>[0]['key']
  readonly signer?: ReturnType<typeof createTestKey>
  readonly ttl?: number
}

export function fullRequest(payload: Partial<RequestPayload> = {}): RequestPayload {
  return { lower: 0, upper: 0, bloom: filterBloom([topic]), limit: 0, cursor: nothing, batch: true, ...payload }
}

const random = createSeededRandom('requests')

export async function sealRequest(
  payload: Partial<RequestPayload> | Uint8Array,
  sealing: Sealing = {}
): Promise<Uint8Array> {
  const sealed = sealMessage(
    {
      payload: payload instanceof Uint8Array ? payload : encodeRequestPayload(fullRequest(payload)),
      key: sealing.key ?? { kind: 'symmetric', key: await passwordKey },
      ...(sealing.unsigned === true ? {} : { signer: sealing.signer ?? key(5) })
    },
    random
  )
  const ttl = sealing.ttl ?? 50
  return encodeEnvelope({ expiry: epoch + ttl, ttl, topic: new Uint8Array(4), data: sealed, nonce: 0n })
}

export async function handPeer(
  time: VirtualTime,
  whisper: Whisper,
  name: string,
  options: HandOptions = {}
): Promise<HandPeer> {
  const id = options.peerId ?? bytesToHex(keccak256(new TextEncoder().encode(name)))
  const pair = createLinkPair({
    left: '0'.repeat(64),
    right: id,
    ...(options.address === undefined ? {} : { rightAddress: options.address }),
    ...(options.capacity === undefined ? {} : { capacity: options.capacity })
  })
  const received: { code: number; payload: Uint8Array }[] = []
  let isListening = false
  const listen = (): void => {
    if (isListening) return
    isListening = true
    void (async () => {
      for await (const packet of pair.right.packets()) received.push(packet)
    })()
  }
  if (options.deaf !== true) listen()
  let connected = true
  const ended = whisper.attach(pair.left).then(
    () => {
      connected = false
      return undefined
    },
    error => {
      connected = false
      return error
    }
  )
  const of = (code: number): Uint8Array[] =>
    received.filter(packet => packet.code === code).map(({ payload }) => payload)
  const send = (code: number, payload: Uint8Array): Promise<void> => pair.right.send(code, payload)
  const completions = () => of(packetCodes.p2pRequestComplete).map(decodeRequestComplete)
  const request: HandPeer['request'] = async (payload, sealing) => {
    const bytes = await sealRequest(payload, sealing)
    await send(packetCodes.p2pRequest, bytes)
    return envelopeHash(bytes)
  }
  await send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: false }))
  await until(time, () => whisper.peers().some(({ peerId }) => peerId === id), 'the handshake')
  return {
    id,
    link: pair.right,
    pair,
    received,
    send,
    listen,
    ended,
    isConnected: () => connected,
    request,
    completions,
    rawCompletions: () => of(packetCodes.p2pRequestComplete),
    bundles: () => of(packetCodes.p2pMessage).map(decodeP2pMessages),
    syncResponses: () => of(packetCodes.p2pSyncResponse).map(decodeSyncResponse),
    ask: async (payload, sealing) => {
      const before = { completions: completions().length, bundles: of(packetCodes.p2pMessage).length }
      const asked = await request(payload, sealing)
      await until(time, () => completions().length > before.completions, 'an answer')
      const completion = completions()[before.completions]
      if (completion === undefined) throw new Error('no answer')
      return {
        id: asked,
        completion,
        bundles: of(packetCodes.p2pMessage).slice(before.bundles).map(decodeP2pMessages)
      }
    }
  }
}
