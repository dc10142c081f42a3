import { concatBytes, createFrameCipher, generatePrivateKey, publicKeyOf } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { padded } from '../frame/frame.ts'
import { createFrameReader, type FrameReader } from '../frame/reader.ts'
import { createHandshakeReader } from '../handshake/packet.ts'
import { createInitiator, drawHandshakeRandomness } from '../handshake/roles.ts'
import type { SessionSecrets } from '../handshake/secrets.ts'
import { encodeHello, type Hello } from '../p2p/messages.ts'
import { decompress } from '../p2p/snappy.ts'
import type { ByteStream } from '../ports.ts'
import { systemRandom } from '../system.ts'

/** A stranger with a raw connection who speaks as much of the protocol as a test wants. */
export interface Stranger {
  /** 32 bytes: the node key that it shows. */
  readonly privateKey: Uint8Array
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** Raw bytes, as they are. */
  readonly raw: (bytes: Uint8Array) => void
  /** A valid EIP-8 auth. */
  readonly auth: Uint8Array
  /** Resolves with the ack, or when the connection is closed. */
  readonly acked: Promise<void>
  /** Sends auth and waits for the ack. */
  readonly handshake: () => Promise<void>
  /** Sends a Hello that is valid but for the changes. */
  readonly hello: (changes?: Partial<Hello>) => void
  /** One frame: rlp(code) ‖ bytes, as they are. */
  readonly frame: (code: number, bytes: Uint8Array) => void
  /** A frame whose body is exactly these bytes, with 10 bytes of header data of choice. */
  readonly sealBody: (body: Uint8Array, headerData?: Uint8Array) => Uint8Array
  /** The bytes of such a frame, without sending them. */
  readonly sealFrame: (code: number, bytes: Uint8Array) => Uint8Array
  /** Handshake and Hellos both ways. */
  readonly session: (changes?: Partial<Hello>) => Promise<void>
  /** How many chunks have arrived. */
  readonly chunks: () => number
  /** Frames of the other side, opened, in order. */
  readonly received: { id: number; payload: Uint8Array }[]
  /** The reason of a Disconnect that was received. */
  readonly reason: () => number | undefined
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>
  /** Whether it has. */
  readonly isClosed: () => boolean
  /** The connection underneath. */
  readonly stream: ByteStream
}

type BodySealer = (body: Uint8Array, headerData?: Uint8Array) => Uint8Array

function bodySealer(secrets: SessionSecrets): BodySealer {
  const cipher = createFrameCipher({ aes: secrets.aes, mac: secrets.mac, state: secrets.egress })
  return (body, headerData = Uint8Array.of(0xc2, 0x80, 0x80)) => {
    const frame = new Uint8Array(48 + padded(body.length))
    frame.set([body.length >> 16, (body.length >> 8) & 255, body.length & 255])
    frame.set(headerData, 3)
    frame.set(body, 32)
    cipher.seal(frame)
    return frame
  }
}

/**
 * A hand-made peer over a stream: does the handshake with the target and then sends whatever a test likes.
 *
 * @example
 * ```ts
 * const stranger = createStranger(await network.connect('10.0.0.9', at), host.publicKey)
 * await stranger.session()
 * ```
 */
export function createStranger(
  stream: ByteStream,
  target: Uint8Array,
  privateKey: Uint8Array = generatePrivateKey()
): Stranger {
  const publicKey = publicKeyOf(privateKey)
  const initiator = createInitiator({ privateKey, remotePublicKey: target }, drawHandshakeRandomness(systemRandom))
  const ackReader = createHandshakeReader(privateKey, 'ack')
  const received: { id: number; payload: Uint8Array }[] = []
  let sealer: BodySealer | undefined
  let reader: FrameReader | undefined
  let gotAck = (): void => undefined
  let gotHello = (): void => undefined
  let closedNow = false
  let chunks = 0
  let end = (): void => undefined
  const acked = new Promise<void>(resolve => {
    gotAck = resolve
  })
  const helloed = new Promise<void>(resolve => {
    gotHello = resolve
  })
  const closed = new Promise<void>(resolve => {
    end = resolve
  })
  const read = (bytes: Uint8Array): void => {
    reader?.push(bytes)
    for (let m = reader?.next(0xffffff); m !== undefined; m = reader?.next(0xffffff)) {
      received.push({ id: m.id, payload: m.payload.slice() })
      if (m.id === 0) gotHello()
    }
  }
  stream.start({
    data: chunk => {
      chunks++
      if (reader !== undefined) {
        read(chunk)
        return
      }
      const result = ackReader.push(chunk)
      if (result === undefined) return
      const secrets = initiator.finish(result.opened)
      sealer = bodySealer(secrets)
      reader = createFrameReader(secrets)
      gotAck()
      read(result.rest)
    },
    drain: () => undefined,
    closed: () => {
      closedNow = true
      gotAck()
      gotHello()
      end()
    }
  })
  const raw = (bytes: Uint8Array): void => {
    stream.write(bytes)
  }
  const sealBody: BodySealer = (body, headerData) => {
    if (sealer === undefined) throw new Error('no session')
    return sealer(body, headerData)
  }
  const sealFrame = (code: number, bytes: Uint8Array): Uint8Array => sealBody(concatBytes(encodeRlp(code), bytes))
  const hello = (changes: Partial<Hello> = {}): void => {
    const payload = encodeHello({
      version: 5,
      clientName: 'stranger',
      capabilities: [{ name: 'shh', version: 6 }],
      listenPort: 0,
      key: publicKey.subarray(1),
      ...changes
    })
    raw(sealFrame(0, payload))
  }
  const handshake = async (): Promise<void> => {
    raw(initiator.auth)
    await acked
  }
  return {
    privateKey,
    publicKey,
    auth: initiator.auth,
    acked,
    stream,
    raw,
    sealBody,
    sealFrame,
    received,
    chunks: () => chunks,
    handshake,
    hello,
    frame: (code, bytes) => {
      raw(sealFrame(code, bytes))
    },
    session: async changes => {
      await handshake()
      if (closedNow) return
      hello(changes)
      await helloed
    },
    reason: () => {
      const message = received.find(({ id }) => id === 1)
      if (message === undefined) return undefined
      let payload = message.payload
      try {
        payload = decompress(payload)
      } catch {
        // Sent before our Hello was read: not compressed.
      }
      return payload[0] === 0xc1 ? (payload[1] === 0x80 ? 0 : payload[1]) : 0
    },
    closed,
    isClosed: () => closedNow
  }
}
