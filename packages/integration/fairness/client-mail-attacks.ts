import { keccak256, randomBytes } from '@status-stack/crypto'
import { planRoute } from '@status-stack/whisper/status'
import { encodeP2pMessages, encodeRequestComplete, packetCodes } from '@status-stack/whisper/wire'
import type { Attack, Attacked } from './attacks.ts'
import type { ClientVictim } from './client-victim.ts'
import { freshEnvelope } from './victim.ts'

interface Page {
  readonly envelopes: readonly Uint8Array[]
  /** Milliseconds before it is sent. @default 0 */
  readonly afterMs?: number
}

/** A mailserver that answers each request with the next page, and always says that there is more until they are used up. */
function hostileMailserver(
  name: string,
  make: (topic: Uint8Array, scale: number) => readonly Page[]
): Attack<ClientVictim> {
  return {
    door: 'mailserver of a client',
    name,
    prepare: async ({ doors, publicKey, join }, scale) => {
      const { topic } = await planRoute({ kind: 'identity', publicKey })
      const pages = make(topic, scale)
      const server = await join()
      let asked = 0
      let bytes = 0
      const send = (code: number, payload: Uint8Array): Promise<void> => {
        bytes += payload.length
        return server.send(code, payload)
      }
      const answer = async (requestId: Uint8Array): Promise<void> => {
        const page = pages[asked]
        asked += 1
        if (page?.afterMs !== undefined) await new Promise(resolve => setTimeout(resolve, page.afterMs))
        if (page !== undefined && page.envelopes.length > 0) {
          await send(packetCodes.p2pMessage, encodeP2pMessages(page.envelopes))
        }
        const cursor = asked < pages.length ? randomBytes(36) : new Uint8Array(0)
        await send(
          packetCodes.p2pRequestComplete,
          encodeRequestComplete({ kind: 'done', requestId, lastHash: randomBytes(32), cursor })
        )
      }
      server.onPacket((code, payload) => {
        if (code === packetCodes.p2pRequest) void answer(keccak256(payload)).catch(() => undefined)
      })
      return async (): Promise<Attacked> => {
        const error = await doors.fetchHistory(server.id)
        const outcome = error === undefined ? `taken after ${asked} pages` : `given up after ${asked} pages (${error})`
        await server.close()
        return { bytes, outcome }
      }
    }
  }
}

const pagesOf = (count: number, make: () => Page): readonly Page[] => Array.from({ length: Math.ceil(count) }, make)
const envelopesOf = (count: number, make: () => Uint8Array): Uint8Array[] => Array.from({ length: count }, make)

export const clientMailAttacks: readonly Attack<ClientVictim>[] = [
  hostileMailserver('20 pages of 500 envelopes of other topics', (_, scale) =>
    pagesOf(20 * scale, () => ({ envelopes: envelopesOf(500, () => freshEnvelope(randomBytes(4), randomBytes(300))) }))
  ),
  hostileMailserver('20 pages of 100 envelopes to us that nothing opens', (topic, scale) =>
    pagesOf(20 * scale, () => ({ envelopes: envelopesOf(100, () => freshEnvelope(topic, randomBytes(300))) }))
  ),
  hostileMailserver('20 pages of the same 500 envelopes', (topic, scale) => {
    const envelopes = envelopesOf(500, () => freshEnvelope(topic, randomBytes(300)))
    return pagesOf(20 * scale, () => ({ envelopes }))
  }),
  hostileMailserver('cursors and nothing else', (_, scale) => pagesOf(1000 * scale, () => ({ envelopes: [] }))),
  hostileMailserver('one envelope a page, each after 50 ms', (topic, scale) =>
    pagesOf(50 * scale, () => ({ envelopes: [freshEnvelope(topic, randomBytes(300))], afterMs: 50 }))
  )
]
