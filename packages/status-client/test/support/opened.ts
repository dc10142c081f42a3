import { randomBytes } from '@status-stack/crypto'
import type { OpenResult, ReceivedMessage } from '@status-stack/interface'
import { decodeSliced } from '@status-stack/status-data'
import type { RefusedEvent } from '../../src/events.ts'
import { createInbound, type SyncIn } from '../../src/receiving/inbound.ts'
import { inside } from './core.ts'
import { wrapped } from './inbound.ts'
import { identityOf } from './world.ts'

export const alice = identityOf('alice').publicKey

type Opened = Partial<Extract<OpenResult<string>, { kind: 'message' }>>

/** The way in over layers below that note in order what they are told, and answer what the test says. */
export async function arriving() {
  const { core, apply, groups, heard } = await inside()
  const told: unknown[] = []
  const refusals: RefusedEvent[] = []
  let opened: OpenResult<string> = { kind: 'nothing', effects: [] }
  let received: Awaited<ReturnType<SyncIn['receive']>> = { kind: 'not-sync' }
  let known = false
  let hash = randomBytes(32)
  const watched = {
    ...core,
    emit: ((event, fact) => {
      if (event === 'refused') refusals.push(fact as RefusedEvent)
      else core.emit(event, fact)
    }) as typeof core.emit
  }
  const receipts = async (): Promise<readonly unknown[]> => {
    const found: unknown[] = []
    for await (const { value } of core.store.range(core.keys.all('receipt'))) found.push(value)
    return found
  }
  const inbound = createInbound<string>(watched, {
    sealer: {
      open: async (_bytes, { sender }) => {
        told.push(['open', sender])
        return opened
      },
      confirm: async receipt => void told.push(['confirm', receipt, await receipts()])
    },
    applyEffects: async effects => {
      if (effects.length > 0) told.push(['effects', effects])
    },
    sync: {
      receive: async (peer, bytes, via) => {
        told.push(['receive', peer, bytes, via])
        return received
      },
      knows: async () => known,
      accept: async (peer, ids) => void told.push(['accept', peer, ids]),
      peerActive: async peer => void told.push(['active', peer])
    },
    decode: decodeSliced,
    apply,
    groupEvents: groups.knownEvents,
    sampleClock: () => {},
    ownEnvelopeArchived: (archived, by) => void told.push(['archived', archived, by])
  })
  const deliver = (fields: Partial<ReceivedMessage> = {}, isSigned = true): Promise<void> => {
    hash = randomBytes(32)
    return inbound.handle({
      payload: Uint8Array.of(1),
      ...(isSigned ? { signer: alice } : {}),
      sentSeconds: Math.floor(core.clock.nowMs() / 1000),
      hash,
      arrival: { kind: 'identity' },
      guarantee: 'addressee-confidential',
      source: 'live',
      ...fields
    })
  }
  const message = (bytes: Uint8Array, fields: Opened = {}): void => {
    opened = { kind: 'message', bytes, protection: 'static-key', strongest: 'none', effects: [], ...fields }
  }
  return {
    core,
    inbound,
    told,
    refusals,
    receipts,
    deliver,
    message,
    hello: () => wrapped('alice', 'hello', core.clock.nowMs()),
    open: (result: OpenResult<string>) => {
      opened = result
    },
    sync: (answer: typeof received, isKnown = false) => {
      received = answer
      known = isKnown
    },
    hash: () => hash,
    texts: async () => {
      await core.background.idle()
      return heard.message.map(({ text }) => text)
    }
  }
}
