import { randomBytes } from '@status-stack/crypto'
import { createIdentityKey } from '@status-stack/status-accounts'
import {
  decodeRequestComplete,
  decodeSyncResponse,
  encodePlainRequest,
  encodeRequestPayload,
  encodeSyncRequest,
  packetCodes,
  sealMessage,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import type { Attack, Attacked } from './attacks.ts'
import { freshEnvelope, nowSeconds, type Victim } from './victim.ts'

const everything = new Uint8Array(64).fill(0xff)
const nothing = new Uint8Array(64)
const noCursor = new Uint8Array(0)
const { p2pRequest, p2pSyncRequest, p2pRequestComplete, p2pSyncResponse } = packetCodes
const patienceMs = 120_000

interface Request {
  readonly code: number
  readonly payload: Uint8Array
}

/** Sends requests and waits until each was answered, or the link was closed. */
function requests(
  door: string,
  name: string,
  make: (victim: Victim, scale: number) => readonly Request[] | Promise<readonly Request[]>
): Attack {
  return {
    door,
    name,
    prepare: async (victim, scale) => {
      const all = await make(victim, scale)
      const attacker = await victim.join()
      let answered = 0
      let refused = 0
      attacker.onPacket((code, payload) => {
        if (code === p2pRequestComplete) {
          answered += 1
          if (decodeRequestComplete(payload).kind === 'failed') refused += 1
        }
        if (code === p2pSyncResponse) {
          const { final, error } = decodeSyncResponse(payload)
          if (final || error !== '') answered += 1
          if (error !== '') refused += 1
        }
      })
      return async (): Promise<Attacked> => {
        let bytes = 0
        for (const { code, payload } of all) {
          bytes += payload.length
          await attacker.send(code, payload).catch(() => undefined)
        }
        const end = Date.now() + patienceMs
        while (attacker.isOpen() && answered < all.length && Date.now() < end)
          await new Promise(resolve => setTimeout(resolve, 5))
        const outcome = attacker.isOpen()
          ? `${answered} of ${all.length} answered${refused > 0 ? `, ${refused} refused` : ''}`
          : `closed (${(await attacker.ended) ?? 'done'})`
        await attacker.close()
        return { bytes, outcome }
      }
    }
  }
}

const range = (bloom: Uint8Array, limit: number) => ({ from: 0, to: nowSeconds(), limit, cursor: noCursor, bloom })

/** The mailserver of the harness does not ask that the signer is the peer. */
const signer = createIdentityKey(randomBytes(32))

async function sealedRequest(
  bloom: Uint8Array,
  limit: number,
  topics: readonly Uint8Array[] = []
): Promise<Uint8Array> {
  const payload = encodeRequestPayload({
    lower: nowSeconds() - 86_400,
    upper: nowSeconds(),
    bloom,
    topics: [...topics],
    limit,
    cursor: noCursor,
    batch: true
  })
  const key = await symmetricKeyFromPassword('status-offline-inbox')
  return freshEnvelope(
    new Uint8Array(4),
    sealMessage({ payload, key: { kind: 'symmetric', key }, signer }, { bytes: randomBytes }),
    50
  )
}

/** Peers that ask for everything and read nothing; then an honest one asks for a page. */
const deafIdentities: Attack = {
  door: 'mailserver 126',
  name: '64 identities that do not read, then an honest request',
  prepare: async ({ join }, scale) => {
    const deaf = await Promise.all(
      Array.from({ length: Math.ceil(64 * scale) }, () => join({ deaf: true, capacity: 2 }))
    )
    const honest = await join()
    const payloads = deaf.map(() => encodePlainRequest({ id: randomBytes(32), ...range(everything, 1000) }))
    return async (): Promise<Attacked> => {
      let bytes = 0
      for (const [at, payload] of payloads.entries()) {
        bytes += payload.length
        await deaf[at]?.send(p2pRequest, payload).catch(() => undefined)
      }
      const began = performance.now()
      const answered = new Promise<void>(resolve =>
        honest.onPacket(code => (code === p2pRequestComplete ? resolve() : undefined))
      )
      await honest.send(p2pRequest, encodePlainRequest({ id: randomBytes(32), ...range(everything, 10) }))
      await Promise.race([answered, honest.ended])
      const waited = performance.now() - began
      await Promise.all([...deaf, honest].map(peer => peer.close().catch(() => undefined)))
      return { bytes, outcome: `the honest one was answered after ${waited.toFixed(0)} ms` }
    }
  }
}

export const mailAttacks: readonly Attack[] = [
  requests('mailserver 126', 'plain request for everything, pages of 1 000', (_, scale) =>
    Array.from({ length: 10 * scale }, () => ({
      code: p2pRequest,
      payload: encodePlainRequest({ id: randomBytes(32), ...range(everything, 1000) })
    }))
  ),
  requests('mailserver 126', 'plain request that matches nothing', (_, scale) =>
    Array.from({ length: 10 * scale }, () => ({
      code: p2pRequest,
      payload: encodePlainRequest({ id: randomBytes(32), ...range(nothing, 1000) })
    }))
  ),
  requests('mailserver 126', 'plain request with limit 1', (_, scale) =>
    Array.from({ length: 50 * scale }, () => ({
      code: p2pRequest,
      payload: encodePlainRequest({ id: randomBytes(32), ...range(everything, 1) })
    }))
  ),
  requests('mailserver 126', 'sealed request for everything', async (_, scale) =>
    Promise.all(
      Array.from({ length: 10 * scale }, async () => ({
        code: p2pRequest,
        payload: await sealedRequest(everything, 1000)
      }))
    )
  ),
  requests('mailserver 126', 'sealed request with 1 000 topics', async (_, scale) =>
    Promise.all(
      Array.from({ length: 10 * scale }, async () => ({
        code: p2pRequest,
        payload: await sealedRequest(
          everything,
          1000,
          Array.from({ length: 1000 }, () => randomBytes(4))
        )
      }))
    )
  ),
  requests('mailserver 126', 'plain requests in a flood, 300', (_, scale) =>
    Array.from({ length: 300 * scale }, () => ({
      code: p2pRequest,
      payload: encodePlainRequest({ id: randomBytes(32), ...range(everything, 1) })
    }))
  ),
  deafIdentities,
  requests('mailserver 123', 'sync requests in a flood, 50', (_, scale) =>
    Array.from({ length: 50 * scale }, () => ({
      code: p2pSyncRequest,
      payload: encodeSyncRequest({ lower: 0, upper: nowSeconds(), bloom: nothing, limit: 1, cursor: noCursor })
    }))
  ),
  requests('mailserver 123', 'sync of everything', (_, scale) =>
    Array.from({ length: 5 * scale }, () => ({
      code: p2pSyncRequest,
      payload: encodeSyncRequest({ lower: 0, upper: nowSeconds(), bloom: everything, limit: 1000, cursor: noCursor })
    }))
  )
]
