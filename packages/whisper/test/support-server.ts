import { encodeEnvelope, envelopeHash } from '../src/envelope.ts'
import type { Whisper } from '../src/index.ts'
import { decodeRequestPayload, type RequestPayload } from '../src/mailserver/request.ts'
import { symmetricKeyOfName } from '../src/message/key-cache.ts'
import { openEnvelope, sealMessage } from '../src/message/wrap.ts'
import { packetCodes } from '../src/packets/codes.ts'
import { decodeHistoryRequest, encodeP2pMessages, encodeRequestComplete } from '../src/packets/p2p.ts'
import { encodeStatus } from '../src/packets/status.ts'
import { createSeededRandom, type VirtualTime } from '../src/testing/index.ts'
import { type HandPeer, handPeer, symmetricKey, topic } from './support.ts'

const random = createSeededRandom('archive')

/** An archived envelope with a one-byte payload, sent so many seconds after 1000. */
export function archived(
  number: number,
  options: { readonly topic?: Uint8Array; readonly key?: Uint8Array } = {}
): Uint8Array {
  const data = sealMessage(
    { payload: Uint8Array.of(number), key: { kind: 'symmetric', key: options.key ?? symmetricKey } },
    random
  )
  return encodeEnvelope({ expiry: 1010 + number, ttl: 10, topic: options.topic ?? topic, data, nonce: 0n })
}

/** A mailserver played by the test: requests in, answers by hand. */
export interface HandServer extends HandPeer {
  /** Requests so far, opened with the password key. */
  readonly requests: () => Promise<
    readonly { readonly id: Uint8Array; readonly signer: Uint8Array | undefined; readonly payload: RequestPayload }[]
  >
  readonly push: (...envelopes: readonly Uint8Array[]) => Promise<void>
  readonly complete: (id: Uint8Array, cursor?: Uint8Array) => Promise<void>
  readonly fail: (id: Uint8Array, error: string) => Promise<void>
  /** Answers each request with these pages in turn; each but the last has a cursor. */
  readonly serve: (pages: readonly (readonly Uint8Array[])[]) => void
}

export function cursorOf(page: number): Uint8Array {
  return new Uint8Array(36).fill(page + 1)
}

export async function handServer(whisper: Whisper, time: VirtualTime, name = 'server'): Promise<HandServer> {
  const peer = handPeer(whisper, name)
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false }))
  await time.settle()
  const password = await symmetricKeyOfName('status-offline-inbox')
  const open = (payload: Uint8Array) => {
    const request = decodeHistoryRequest(payload)
    if (request.kind !== 'envelope') throw new Error('plain')
    const opened = openEnvelope(request.envelope, { kind: 'symmetric', key: password })
    if (opened === undefined) throw new Error('not for the fleet')
    return { id: request.hash, signer: opened.signer, payload: decodeRequestPayload(opened.payload) }
  }
  const requests = async () => {
    await time.settle()
    return peer.received.filter(({ code }) => code === packetCodes.p2pRequest).map(({ payload }) => open(payload))
  }
  const server: HandServer = {
    ...peer,
    requests,
    push: (...envelopes) => peer.send(packetCodes.p2pMessage, encodeP2pMessages(envelopes)),
    complete: (requestId, cursor = new Uint8Array(0)) =>
      peer.send(
        packetCodes.p2pRequestComplete,
        encodeRequestComplete({ kind: 'done', requestId, lastHash: new Uint8Array(32), cursor })
      ),
    fail: (requestId, error) =>
      peer.send(packetCodes.p2pRequestComplete, encodeRequestComplete({ kind: 'failed', requestId, error })),
    serve: pages => {
      void (async () => {
        for (const [index, page] of pages.entries()) {
          while ((await requests()).length <= index) await time.settle()
          const request = (await requests())[index]
          if (request === undefined) return
          await peer.send(packetCodes.p2pMessage, encodeP2pMessages(page))
          await server.complete(request.id, index + 1 < pages.length ? cursorOf(index) : undefined)
        }
      })()
    }
  }
  return server
}

export function hashOf(bytes: Uint8Array): Uint8Array {
  return envelopeHash(bytes)
}
