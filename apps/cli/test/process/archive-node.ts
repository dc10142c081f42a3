import { bytesToHex, generatePrivateKey } from '@status-stack/crypto'
import { createHost } from '@status-stack/devp2p-transport'
import { type Archived, capability, createWhisper, type MailPeer } from '@status-stack/whisper'
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

export interface ArchiveNodeOptions {
  readonly password?: string
  /** Takes requests and never answers. */
  readonly silent?: boolean
}

const keyOf = (archived: Archived): string => bytesToHex(archiveKey(archived))

/** A relay on TCP that archives what it relays, oldest first; it can restart with its archive and without its pool. */
export async function startArchiveNode({ password = 'status-offline-inbox', silent = false }: ArchiveNodeOptions = {}) {
  const privateKey = generatePrivateKey()
  const requestKey = await symmetricKeyFromPassword(password)
  const archive = new Map<string, Archived>()
  const answer = async (request: RequestPayload, id: Uint8Array, peer: MailPeer): Promise<void> => {
    const matching = [...archive.values()]
      .filter(
        ({ sentSeconds, topic }) =>
          sentSeconds >= request.lower &&
          sentSeconds <= request.upper &&
          bloomAdmits(request.bloom, envelopeBloom(topic))
      )
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const cursor = bytesToHex(request.cursor)
    const start = cursor === '' ? 0 : matching.findIndex(archived => keyOf(archived).startsWith(cursor)) + 1
    const page = matching.slice(start, start + request.limit)
    const last = page.at(-1)
    if (page.length > 0) await peer.sendMessages(page.map(({ bytes }) => bytes))
    await peer.sendCompletion({
      kind: 'done',
      requestId: id,
      lastHash: last?.hash ?? new Uint8Array(32),
      cursor:
        last === undefined || page.length < request.limit ? new Uint8Array() : cursorOfArchiveKey(archiveKey(last))
    })
  }
  const start = async (port: number) => {
    const whisper = createWhisper({}, { powWorkers: 0 })
    whisper.serve({
      archive: {
        accept: async envelopes => {
          for (const archived of envelopes) archive.set(keyOf(archived), archived)
        }
      },
      request: async (request, peer) => {
        if (request.kind !== 'envelope' || silent) return
        const opened = openMessage(request.envelope.data, { kind: 'symmetric', key: requestKey })
        if (typeof opened !== 'string') return answer(decodeRequestPayload(opened.payload), request.hash, peer)
        await peer.sendCompletion({
          kind: 'failed',
          requestId: request.hash,
          error: 'failed to decrypt p2p request'
        })
      }
    })
    const host = createHost(
      { privateKey, capabilities: [{ ...capability, run: link => whisper.attach(link) }] },
      { listen: { host: '127.0.0.1', port } }
    )
    await whisper.start()
    await host.start()
    return {
      enode: host.enode(),
      stop: async () => {
        await host.stop()
        await whisper.stop()
      }
    }
  }
  let running = await start(0)
  const { enode } = running
  return {
    enode,
    withPassword: (given: string) => enode.replace('@', `:${given}@`),
    archived: () => archive.size,
    /** What was in the pool is gone. */
    restart: async () => {
      await running.stop()
      running = await start(Number(enode.slice(enode.lastIndexOf(':') + 1)))
    },
    stop: () => running.stop()
  }
}

export type ArchiveNode = Awaited<ReturnType<typeof startArchiveNode>>
