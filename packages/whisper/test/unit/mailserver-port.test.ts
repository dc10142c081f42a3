import { bytesToHex, keccak256 } from '@status-stack/crypto'
import { encodeRlp } from '@status-stack/rlp'
import { expect, test } from 'vitest'
import { encodeEnvelope, envelopeHash } from '../../src/envelope.ts'
import { WhisperError } from '../../src/errors.ts'
import type { Archived, MailserverPort } from '../../src/index.ts'
import { limits } from '../../src/limits.ts'
import { packetCodes } from '../../src/packets/codes.ts'
import { encodeBatchAcknowledged } from '../../src/packets/confirmations.ts'
import { encodeMessages } from '../../src/packets/messages.ts'
import { decodeP2pMessages, decodeRequestComplete, encodePlainRequest } from '../../src/packets/p2p.ts'
import { decodeSyncResponse, encodeSyncRequest, encodeSyncResponse } from '../../src/packets/p2p-sync.ts'
import { encodeStatus } from '../../src/packets/status.ts'
import { handPeer, node, peerIdOf, place, time, topic } from '../support.ts'

const now = 1_600_000_000
const raw = (nonce: number, expiry = now + 10) =>
  encodeEnvelope({ expiry, ttl: 10, topic, data: new Uint8Array(9), nonce: BigInt(nonce) })

async function serving(mailserver?: MailserverPort, options = {}) {
  const clock = time()
  const whisper = node(clock, 'node', options)
  await whisper.start()
  const unplug = mailserver === undefined ? undefined : whisper.serve(mailserver)
  const peer = handPeer(whisper, 'peer')
  await peer.send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: false }))
  await clock.settle()
  return { clock, whisper, peer, unplug }
}

const plain = {
  id: new Uint8Array(32).fill(1),
  from: 1,
  to: 2,
  limit: 3,
  cursor: new Uint8Array(0),
  bloom: new Uint8Array(64)
}
const syncRequest = { lower: 1, upper: 2, bloom: new Uint8Array(64), limit: 3, cursor: new Uint8Array(0) }
const syncResponse = { envelopes: [raw(1)], cursor: new Uint8Array(36), final: true, error: '' }

test('the archive gets every newly pooled envelope once, our own too, before packets 12 and 11 are sent', async () => {
  const stored: Archived[] = []
  let release = (): void => undefined
  const { clock, whisper, peer } = await serving({
    archive: {
      accept: async envelopes => {
        stored.push(...envelopes)
        await new Promise<void>(resolve => {
          release = resolve
        })
      }
    }
  })
  await peer.send(packetCodes.messages, encodeMessages([raw(1), raw(2), raw(3, now - 5), raw(4, now - 100)]))
  await clock.settle()
  expect(stored.map(({ hash }) => hash)).toEqual([raw(1), raw(2)].map(envelopeHash))
  expect(stored[0]).toEqual({
    bytes: raw(1),
    hash: envelopeHash(raw(1)),
    topic,
    sentSeconds: now,
    expirySeconds: now + 10
  })
  expect(peer.received.map(({ code }) => code)).toEqual([0])
  release()
  await clock.settle()
  expect(peer.received.map(({ code }) => code)).toEqual([0, 12, 11])
  await peer.send(packetCodes.messages, encodeMessages([raw(1)]))
  await clock.settle()
  expect(stored).toHaveLength(2)
  const posting = whisper.post({ route: place().route, payload: Uint8Array.of(1) })
  await clock.settle()
  release()
  const posted = await posting
  expect(stored.at(-1)?.hash).toEqual(posted.hash)
  await whisper.stop()
})

test('a link is read on while what it brought is stored, as far as the limit, and each packet is confirmed when its own is', async () => {
  const storing: { readonly hashes: readonly Uint8Array[]; readonly done: () => void }[] = []
  const { clock, whisper, peer } = await serving(
    {
      archive: {
        accept: envelopes =>
          new Promise(resolve => {
            storing.push({ hashes: envelopes.map(({ hash }) => hash), done: resolve })
          })
      }
    },
    { rateLimitPerPeer: 0, rateLimitPerAddress: 0 }
  )
  const count = limits.storingPackets + 2
  const sending = Array.from({ length: count }, (_, n) => peer.send(packetCodes.messages, encodeMessages([raw(n + 1)])))
  await clock.settle()
  expect(storing).toHaveLength(limits.storingPackets)
  expect(storing.at(-1)?.hashes).toEqual([envelopeHash(raw(limits.storingPackets))])
  expect(peer.received.map(({ code }) => code)).toEqual([0])
  storing[1]?.done()
  await clock.settle()
  expect(storing).toHaveLength(limits.storingPackets + 1)
  const confirmed = peer.received.filter(({ code }) => code === packetCodes.batchAcknowledged)
  expect(confirmed.map(({ payload }) => payload)).toEqual([
    encodeBatchAcknowledged(keccak256(encodeMessages([raw(2)])))
  ])
  for (let at = 0; at < count; at += 1) {
    storing[at]?.done()
    await clock.settle()
  }
  await Promise.all(sending)
  expect(peer.received.filter(({ code }) => code === packetCodes.batchAcknowledged)).toHaveLength(count)
  await whisper.stop()
})

test('no more bytes of one peer are being stored than the limit', async () => {
  const storing: (() => void)[] = []
  const { clock, whisper, peer } = await serving(
    {
      archive: {
        accept: () => new Promise(resolve => void storing.push(resolve))
      }
    },
    { rateLimitPerPeer: 0, rateLimitPerAddress: 0 }
  )
  const large = (nonce: number) =>
    encodeEnvelope({
      expiry: now + 10,
      ttl: 10,
      topic,
      data: new Uint8Array(limits.storingBytes / 4),
      nonce: BigInt(nonce)
    })
  for (let nonce = 1; nonce <= 8; nonce += 1) void peer.send(packetCodes.messages, encodeMessages([large(nonce)]))
  await clock.settle()
  expect(storing).toHaveLength(4)
  for (let at = 0; at < 8; at += 1) {
    storing[at]?.()
    await clock.settle()
  }
  expect(peer.received.filter(({ code }) => code === packetCodes.batchAcknowledged)).toHaveLength(8)
  await whisper.stop()
})

test('what an archive could not store is reported and not confirmed; it stops nothing', async () => {
  let full = true
  const { clock, whisper, peer } = await serving({
    archive: { accept: () => (full ? Promise.reject(new Error('disk full')) : Promise.resolve()) }
  })
  const failed: number[] = []
  whisper.on('archivefailed', fact => failed.push(fact.envelopes))
  await peer.send(packetCodes.messages, encodeMessages([raw(1), raw(2)]))
  await clock.settle()
  expect(failed).toEqual([2])
  expect(peer.received.map(({ code }) => code)).toEqual([0])
  full = false
  await peer.send(packetCodes.messages, encodeMessages([raw(3)]))
  await clock.settle()
  expect(peer.received.map(({ code }) => code)).toEqual([0, 12, 11])
  await whisper.stop()
})

/** A node with an archive that takes as long as the test says, and two peers. */
async function archiving() {
  const pending: { readonly hashes: string[]; readonly settle: (isStored: boolean) => void }[] = []
  const { clock, whisper, peer } = await serving({
    archive: {
      accept: envelopes =>
        new Promise((resolve, reject) => {
          pending.push({
            hashes: envelopes.map(({ hash }) => bytesToHex(hash)),
            settle: isStored => (isStored ? resolve() : reject(new Error('disk full')))
          })
        })
    }
  })
  const other = handPeer(whisper, 'other')
  await other.send(packetCodes.status, encodeStatus({ minPow: 0, light: false, confirmations: false }))
  await clock.settle()
  const send = async (from: typeof peer, ...nonces: readonly number[]): Promise<void> => {
    await from.send(packetCodes.messages, encodeMessages(nonces.map(nonce => raw(nonce))))
    await clock.settle()
  }
  const confirmed = (by: typeof peer): number => by.received.filter(({ code }) => code === 11).length
  const hashes = (...nonces: readonly number[]) => nonces.map(nonce => bytesToHex(envelopeHash(raw(nonce))))
  const settle = async (at: number, isStored: boolean): Promise<void> => {
    pending[at]?.settle(isStored)
    await clock.settle()
  }
  return { whisper, peer, other, pending, send, confirmed, hashes, settle }
}

test('a copy from a second peer is not confirmed before the archive has the envelope, and is stored once', async () => {
  const { whisper, peer, other, pending, send, confirmed, hashes, settle } = await archiving()
  await send(peer, 1)
  await send(other, 1)
  expect([confirmed(peer), confirmed(other)]).toEqual([0, 0])
  await settle(0, true)
  expect([confirmed(peer), confirmed(other)]).toEqual([1, 1])
  await send(other, 1)
  expect(confirmed(other)).toBe(2)
  expect(pending.map(each => each.hashes)).toEqual([hashes(1)])
  await whisper.stop()
})

test('what could not be stored is stored by the next copy, and confirmed only then', async () => {
  const { whisper, peer, other, pending, send, confirmed, hashes, settle } = await archiving()
  await send(peer, 1, 2)
  await send(other, 2, 3)
  await settle(0, false)
  await settle(1, true)
  expect(pending.map(each => each.hashes)).toEqual([hashes(1, 2), hashes(3), hashes(2)])
  expect([confirmed(peer), confirmed(other)]).toEqual([0, 0])
  await settle(2, true)
  expect([confirmed(peer), confirmed(other)]).toEqual([0, 1])
  await send(peer, 1)
  expect(pending.at(-1)?.hashes).toEqual(hashes(1))
  await settle(3, true)
  expect(confirmed(peer)).toBe(1)
  await whisper.stop()
})

test('packets that hold each other’s envelopes do not wait for each other', async () => {
  const { whisper, peer, other, pending, send, confirmed, hashes, settle } = await archiving()
  await Promise.all([send(peer, 1, 2), send(other, 2, 1)])
  await Promise.all([send(peer, 3), send(other, 3)])
  for (let at = 0; at < pending.length; at++) await settle(at, true)
  expect(pending.flatMap(each => each.hashes).sort()).toEqual(hashes(1, 2, 3).sort())
  expect([confirmed(peer), confirmed(other)]).toEqual([2, 2])
  await whisper.stop()
})

test('handlers get packets 123, 124 and 126 typed, with the means to answer', async () => {
  const got: unknown[] = []
  const { clock, whisper, peer } = await serving({
    request: async (request, from) => {
      got.push(request)
      expect(from.peerId).toBe(peerIdOf('peer'))
      await from.sendMessages([raw(1)])
      await from.sendMessages([raw(1), raw(2)])
      const requestId = request.kind === 'plain' ? request.id : request.hash
      await from.sendCompletion({ kind: 'failed', requestId, error: 'rate limit exceeded' })
    },
    syncRequest: async (request, from) => {
      got.push(request)
      await from.sendSyncResponse(syncResponse)
      await from.close()
    },
    syncResponse: async response => {
      got.push(response)
    }
  })
  await peer.send(packetCodes.p2pRequest, encodePlainRequest(plain))
  await peer.send(packetCodes.p2pRequest, raw(9))
  await peer.send(packetCodes.p2pSyncResponse, encodeSyncResponse(syncResponse))
  await clock.settle()
  whisper.trustPeer(peerIdOf('peer'))
  await peer.send(packetCodes.p2pSyncResponse, encodeSyncResponse(syncResponse))
  await peer.send(packetCodes.p2pSyncRequest, encodeSyncRequest(syncRequest))
  await clock.settle()
  expect(got[0]).toEqual({ kind: 'plain', ...plain })
  expect(got[1]).toMatchObject({ kind: 'envelope', hash: envelopeHash(raw(9)) })
  expect(got.slice(2)).toEqual([syncResponse, syncRequest])
  const of = (code: number) => peer.received.filter(packet => packet.code === code).map(({ payload }) => payload)
  expect(of(127).map(payload => decodeP2pMessages(payload).length)).toEqual([1, 2, 1, 2])
  expect(of(127)[0]).toEqual(raw(1))
  expect(of(125).map(decodeRequestComplete)).toMatchObject([
    { kind: 'failed', requestId: plain.id, error: 'rate limit exceeded' },
    { kind: 'failed', requestId: envelopeHash(raw(9)) }
  ])
  expect(of(124).map(decodeSyncResponse)).toEqual([syncResponse])
  expect(await peer.ended).toBeUndefined()
  await whisper.stop()
})

test('without a mailserver packets 123, 124 and 126 are ignored, whatever they hold', async () => {
  const { clock, whisper, peer } = await serving()
  whisper.trustPeer(peerIdOf('peer'))
  for (const code of [123, 124, 126]) await peer.send(code, Uint8Array.of(0xff))
  await clock.settle()
  expect(whisper.connected()).toBe(true)
  await whisper.stop()
})

test('with one, undecodable ones end the link', async () => {
  const nothing = async () => undefined
  for (const code of [123, 124, 126]) {
    for (const payload of [Uint8Array.of(0xff), encodeRlp([1, 2]), encodeRlp('text')]) {
      const mailserver = { request: nothing, syncRequest: nothing, syncResponse: nothing }
      const { clock, whisper, peer } = await serving(mailserver)
      whisper.trustPeer(peerIdOf('peer'))
      await peer.send(code, payload)
      await clock.settle()
      expect(await peer.ended).toMatchObject({ code: 'invalid-packet', origin: 'peer' })
      await whisper.stop()
    }
  }
})

test("a handler's peer error ends the link, any other error does not", async () => {
  for (const origin of ['peer', 'environment'] as const) {
    const { clock, whisper, peer } = await serving({
      request: () => Promise.reject(new WhisperError('invalid-packet', 'limit 0', { origin }))
    })
    await peer.send(packetCodes.p2pRequest, encodePlainRequest(plain))
    await clock.settle()
    expect(whisper.connected()).toBe(origin !== 'peer')
    await whisper.stop()
  }
})

test('one mailserver at a time, and it can be taken out', async () => {
  const stored: unknown[] = []
  const { clock, whisper, peer, unplug } = await serving({ archive: { accept: async all => void stored.push(all) } })
  expect(() => whisper.serve({})).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  unplug?.()
  await peer.send(packetCodes.messages, encodeMessages([raw(1)]))
  await clock.settle()
  expect(stored).toEqual([])
  whisper.serve({})
  await whisper.stop()
})
