import { bytesToHex, randomBytes } from '@status-stack/crypto'
import { decodeSliced, outgoing } from '@status-stack/status-data'
import type { ReceivedMessage } from '@status-stack/whisper'
import type { RefusedEvent } from '../../src/events.ts'
import type { ClientOptions } from '../../src/options.ts'
import { createInbound } from '../../src/receiving/inbound.ts'
import { blankContact } from '../../src/storage/chat-cache.ts'
import { inside } from './core.ts'
import { identityOf } from './world.ts'

export interface Delivered {
  readonly by?: string
  /** One body passes unsynced, several come as one payload of sync. */
  readonly bodies: readonly Uint8Array[]
  readonly synced?: boolean
  readonly source?: ReceivedMessage['source']
  readonly arrival?: ReceivedMessage['arrival']
  readonly protection?: 'forward-secret' | 'static-key' | 'none'
  /** The best protection that was seen of its device before. @default none was */
  readonly strongest?: 'forward-secret'
  readonly sentSeconds?: number
  readonly receipt?: string
  /** Told after each message that was read. */
  readonly decoded?: () => void
}

/** The way of a delivery from its opened bytes to the store, with the layers below as plain values that record what they are told. */
export async function arriving(options: ClientOptions = {}) {
  const world = await inside(options)
  const { core, apply, groups } = world
  const refusals: RefusedEvent[] = []
  const confirmed: string[] = []
  const acknowledged: Uint8Array[] = []
  const samples: number[] = []
  /** What happened below and in the store, in order. */
  const log: string[] = []
  let opened: Delivered = { bodies: [] }
  const store = { ...core.store }
  const watched = {
    ...core,
    store: {
      ...store,
      unit: () => {
        const unit = store.unit()
        return {
          ...unit,
          commit: async () => {
            await unit.commit()
            log.push('stored')
          }
        }
      }
    },
    emit: ((event, fact) => {
      if (event === 'refused') refusals.push(fact as RefusedEvent)
      core.emit(event, fact)
    }) as typeof core.emit
  }
  const inbound = createInbound<string>(watched, {
    sealer: {
      open: async bytes => ({
        kind: 'message',
        bytes,
        protection: opened.protection ?? 'static-key',
        strongest: opened.strongest ?? 'none',
        effects: [],
        ...(opened.receipt === undefined ? {} : { receipt: opened.receipt })
      }),
      confirm: async receipt => {
        log.push('confirmed')
        confirmed.push(receipt)
      }
    },
    applyEffects: async () => {},
    sync: {
      receive: async (_peer, bytes) =>
        opened.synced === true
          ? { kind: 'payload', bodies: opened.bodies.map((body, index) => ({ id: idOf(index), body })) }
          : bytes.length === 0
            ? { kind: 'payload', bodies: [] }
            : { kind: 'not-sync' },
      knows: async () => {
        const known = new Set(acknowledged.map(id => bytesToHex(id)))
        return opened.synced === true && opened.bodies.every((_, index) => known.has(bytesToHex(idOf(index))))
      },
      accept: async (_peer, ids) => {
        log.push('accepted')
        acknowledged.push(...ids)
      },
      peerActive: async () => {}
    },
    decode: async (bytes, seen) => {
      const read = await decodeSliced(bytes, seen)
      opened.decoded?.()
      return read
    },
    apply,
    groupEvents: groups.knownEvents,
    sampleClock: (_author, timestampMs) => samples.push(timestampMs),
    ownEnvelopeArchived: () => {}
  })
  return {
    ...world,
    inbound,
    refusals,
    confirmed,
    acknowledged,
    samples,
    log,
    deliver: async (delivered: Delivered): Promise<void> => {
      opened = delivered
      const [first = new Uint8Array()] = delivered.bodies
      await inbound.handle({
        payload: delivered.synced === true ? Uint8Array.of(1) : first,
        signer: identityOf(delivered.by ?? 'alice').publicKey,
        sentSeconds: delivered.sentSeconds ?? Math.floor(core.clock.nowMs() / 1000),
        hash: randomBytes(32),
        arrival: delivered.arrival ?? { kind: 'identity' },
        guarantee: delivered.arrival?.kind === 'public' ? 'group-readable' : 'addressee-confidential',
        source: delivered.source ?? 'live'
      })
    }
  }
}

export const idOf = (index: number): Uint8Array => {
  const id = new Uint8Array(32)
  new DataView(id.buffer).setUint32(0, index)
  return id
}

/** A text to Bob, whose inside this is, or to a public chat. */
export function wrapped(by: string, text: string, nowMs: number, channel?: string): Uint8Array {
  const chat =
    channel === undefined
      ? ({ kind: 'one-to-one', publicKey: identityOf('bob').publicKey } as const)
      : ({ kind: 'public', name: channel } as const)
  return outgoing(chat, { kind: 'text', text }, { identity: identityOf(by), nowMs }).bytes
}

/** People we know, as they are stored. */
export async function befriend(
  { core }: Pick<Awaited<ReturnType<typeof arriving>>, 'core'>,
  ...names: readonly string[]
): Promise<void> {
  const unit = core.store.unit()
  for (const name of names)
    core.chatCache.putContact(unit, { ...blankContact(identityOf(name).publicKey), added: true })
  await unit.commit()
}

/** What the privacy layer hands over: of a public chat if it is named, else for us. */
export function liveOf(by: string, payload: Uint8Array, channel?: string): ReceivedMessage {
  return {
    payload,
    signer: identityOf(by).publicKey,
    sentSeconds: 1_600_000_000,
    hash: randomBytes(32),
    arrival: channel === undefined ? { kind: 'identity' } : { kind: 'public', name: channel },
    guarantee: channel === undefined ? 'addressee-confidential' : 'group-readable',
    source: 'live'
  }
}
