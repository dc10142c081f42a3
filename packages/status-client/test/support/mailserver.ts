import { bytesToHex } from '@status-stack/crypto'
import { type Archived, createWhisper, type MailPeer } from '@status-stack/whisper'
import {
  archiveKey,
  bloomAdmits,
  cursorOfArchiveKey,
  decodeRequestPayload,
  envelopeBloom,
  openMessage,
  type RequestPayload,
  symmetricKeyFromPassword
} from '@status-stack/whisper/wire'
import { type LinkPair, linkPair } from '../../src/testing/index.ts'
import { type Person, peerIdOf } from './world.ts'

export interface MailserverOptions {
  readonly clock?: { readonly nowMs: () => number }
  /** Pages of an archive in PostgreSQL come newest first. */
  readonly order?: 'oldest-first' | 'newest-first'
  readonly password?: string
}

const hexOf = (archived: Archived): string => bytesToHex(archiveKey(archived))

/** A relay that archives everything and serves it, as the network's mailservers do. */
export async function mailserver(
  name: string,
  { clock, order = 'oldest-first', password = 'status-offline-inbox' }: MailserverOptions = {}
) {
  const node = createWhisper({ clock }, { powWorkers: 0 })
  const archive = new Map<string, Archived>()
  const requests: RequestPayload[] = []
  const key = await symmetricKeyFromPassword(password)
  let death: { readonly page: number; readonly die: () => void } | undefined
  let pages = 0
  const answer = async (request: RequestPayload, id: Uint8Array, peer: MailPeer): Promise<void> => {
    requests.push(request)
    const matching = [...archive.values()]
      .filter(({ sentSeconds, topic }) => {
        return (
          sentSeconds >= request.lower &&
          sentSeconds <= request.upper &&
          bloomAdmits(request.bloom, envelopeBloom(topic))
        )
      })
      .sort((a, b) => (hexOf(a) < hexOf(b) ? -1 : 1))
    if (order === 'newest-first') matching.reverse()
    const cursor = bytesToHex(request.cursor)
    const start = cursor === '' ? 0 : matching.findIndex(archived => hexOf(archived).startsWith(cursor)) + 1
    const page = matching.slice(start, start + request.limit)
    const last = page.at(-1)
    const more = start + page.length < matching.length && last !== undefined
    pages += 1
    if (pages === death?.page) {
      await peer.sendMessages(page.slice(0, Math.ceil(page.length / 2)).map(archived => archived.bytes))
      death.die()
      return
    }
    if (page.length > 0) await peer.sendMessages(page.map(archived => archived.bytes))
    await peer.sendCompletion({
      kind: 'done',
      requestId: id,
      lastHash: last?.hash ?? new Uint8Array(32),
      cursor: more ? cursorOfArchiveKey(archiveKey(last)) : new Uint8Array()
    })
  }
  node.serve({
    archive: {
      accept: async envelopes => {
        for (const archived of envelopes) archive.set(hexOf(archived), archived)
      }
    },
    request: async (request, peer) => {
      if (request.kind !== 'envelope') return
      const opened = openMessage(request.envelope.data, { kind: 'symmetric', key })
      if (typeof opened === 'string') {
        await peer.sendCompletion({ kind: 'failed', requestId: request.hash, error: 'failed to decrypt p2p request' })
        return
      }
      await answer(decodeRequestPayload(opened.payload), request.hash, peer)
    }
  })
  await node.start()
  return {
    peerId: peerIdOf(name),
    archive,
    requests,
    /** Sends half of this page, counted from now, and dies. */
    dieInPage: (page: number, die: () => void): void => {
      death = { page: pages + page, die }
    },
    link: (who: Person): LinkPair => {
      const pair = linkPair(peerIdOf(who.name), peerIdOf(name))
      who.client.attach(pair.a).catch(() => undefined)
      node.attach(pair.b).catch(() => undefined)
      return pair
    },
    stop: () => node.stop()
  }
}

export type Mailserver = Awaited<ReturnType<typeof mailserver>>
