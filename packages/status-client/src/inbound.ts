import { bytesToHex } from '@status-stack/crypto'
import type { Accepted, GroupEvent, Refused, Seen } from '@status-stack/status-data'
import type { Delivery } from '@status-stack/whisper'
import type { Applied } from './applied.ts'
import type { Apply } from './apply.ts'
import { type Core, isSelf, policyFor } from './core.ts'
import type { RefusedEvent } from './events.ts'
import type { Effect, OpenResult, Sealer } from './pfs-port.ts'
import { mayShow, shownProtection } from './policy.ts'
import { createRate } from './rate.ts'
import type { PublicKey } from './types.ts'

export interface SyncIn {
  readonly receive: (
    peer: Uint8Array,
    bytes: Uint8Array,
    via?: { readonly device?: string }
  ) => Promise<{ kind: 'not-sync' } | { kind: 'payload'; bodies: readonly { id: Uint8Array; body: Uint8Array }[] }>
  readonly accept: (peer: Uint8Array, ids: readonly Uint8Array[]) => Promise<void>
  readonly heard: (peer: Uint8Array) => Promise<void>
}

export interface InboundPorts<Receipt> {
  readonly sealer: Pick<Sealer<Receipt>, 'open' | 'confirm'>
  readonly applyEffects: (effects: readonly Effect[]) => Promise<void>
  readonly sync: SyncIn
  readonly decode: (bytes: Uint8Array, seen: Seen) => Accepted | Refused
  readonly apply: Apply
  /** The stored events of a group, opened: a group message carries them all again, and they need no second verification. */
  readonly groupEvents: (id: string) => readonly GroupEvent[]
  readonly sampleClock: (author: PublicKey, sentSeconds: number) => void
  readonly ownEnvelopeArchived: (hash: Uint8Array, server: string) => void
}

export interface Inbound {
  /** Handles one delivery to its end: shown, stored or refused. Deliveries are handled one after the other. */
  readonly handle: (delivery: Delivery) => Promise<void>
  /** Finishes what a crash interrupted between storing a message and telling the layers below. */
  readonly resume: () => Promise<void>
}

interface Body {
  readonly id?: Uint8Array
  readonly body: Uint8Array
}

export function createInbound<Receipt>(core: Core, ports: InboundPorts<Receipt>): Inbound {
  const refuse = (fact: Omit<RefusedEvent, 'author'>, author: PublicKey | undefined): void => {
    core.log.debug('refused', { layer: fact.layer, reason: fact.reason })
    core.emit('refused', author === undefined ? fact : { ...fact, author })
  }

  const rate = createRate(core.clock.nowMs)
  const overRate = (author: PublicKey, count: number): boolean => {
    const chat = core.book.chat({ kind: 'one-to-one', publicKey: author })
    return rate.over(author, count, core.book.contact(author).added || (chat?.active === true && !chat.request))
  }

  const unwrap = async (
    author: PublicKey,
    delivery: Delivery,
    opened: Extract<OpenResult<Receipt>, { kind: 'message' }>
  ): Promise<{ readonly synced: boolean; readonly bodies: readonly Body[] }> => {
    const direct = delivery.arrival.kind === 'identity' || delivery.arrival.kind === 'rendezvous'
    if (!direct) return { synced: false, bodies: [{ body: opened.bytes }] }
    const received = await ports.sync.receive(
      author,
      opened.bytes,
      opened.device === undefined ? {} : { device: opened.device }
    )
    core.trace(() => ({
      layer: 'sync',
      direction: 'in',
      did: received.kind === 'payload' ? `unwrapped ${received.bodies.length} messages` : 'passed through',
      messageIds: [],
      bytesIn: opened.bytes.length,
      bytesOut:
        received.kind === 'payload'
          ? received.bodies.reduce((sum, { body }) => sum + body.length, 0)
          : opened.bytes.length,
      ms: 0
    }))
    if (received.kind === 'payload') return { synced: true, bodies: received.bodies }
    return { synced: false, bodies: opened.bytes.length === 0 ? [] : [{ body: opened.bytes }] }
  }

  const admit = async (
    delivery: Delivery,
    author: PublicKey,
    opened: Extract<OpenResult<Receipt>, { kind: 'message' }>
  ): Promise<void> => {
    const shown = shownProtection(opened.protection, delivery.guarantee)
    const direct = delivery.arrival.kind === 'identity' || delivery.arrival.kind === 'rendezvous'
    if (direct && !mayShow(shown, opened.strongest, policyFor(core, author))) {
      // Not accepted in sync and not confirmed: it comes again, and is shown once the user relents.
      refuse({ layer: 'policy', reason: `protection-${shown}`, final: false }, author)
      return
    }
    const { synced, bodies } = await unwrap(author, delivery, opened)
    if (direct && bodies.length > 1 && !isSelf(core, author) && overRate(author, bodies.length - 1)) {
      refuse({ layer: 'quota', reason: 'author-rate', final: false }, author)
      return
    }
    const unit = core.store.unit()
    const accepted: Uint8Array[] = []
    let waiting = false
    for (const { id, body } of bodies) {
      const startMs = core.clock.nowMs()
      const decoded = ports.decode(body, {
        transportAuthor: author,
        sentMs: delivery.sentSeconds * 1000,
        nowMs: startMs,
        arrival: delivery.arrival,
        self: core.self,
        knownEvents: ports.groupEvents
      })
      const outcome: Applied =
        decoded.kind === 'refused'
          ? { kind: 'refused', layer: 'data', reason: decoded.reason, final: decoded.final }
          : await ports.apply.apply(unit, decoded, {
              shown,
              source: delivery.source,
              device: opened.device
            })
      if (outcome.kind === 'refused') refuse(outcome, author)
      core.trace(() => ({
        layer: 'data',
        direction: 'in',
        did: outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind,
        messageIds: decoded.kind === 'accepted' ? [`0x${bytesToHex(decoded.messageId)}`] : [],
        bytesIn: body.length,
        bytesOut: 0,
        protection: shown,
        ms: core.clock.nowMs() - startMs
      }))
      if (outcome.kind === 'refused' && !outcome.final) waiting = true
      else if (id !== undefined) accepted.push(id)
    }
    // The plaintext of an unsynced message that has to wait exists in its envelope only: its key stays.
    const confirm = opened.receipt !== undefined && (synced || !waiting) ? opened.receipt : undefined
    const receiptKey = core.keys.receipt(delivery.hash)
    // SPEC: seams "1:1 in": message and receipt in one batch, then `confirm` and `accept`.
    if (confirm !== undefined) unit.put(receiptKey, confirm)
    await unit.commit()
    if (confirm !== undefined) {
      await ports.sealer.confirm(confirm)
      const done = core.store.unit()
      done.delete(receiptKey)
      await done.commit()
    }
    if (accepted.length > 0) await ports.sync.accept(author, accepted)
  }

  const handle = async (delivery: Delivery): Promise<void> => {
    const author = delivery.signer
    if (author === undefined) {
      refuse({ layer: 'transport', reason: 'unsigned', final: true }, undefined)
      return
    }
    core.trace(() => ({
      layer: 'whisper',
      direction: 'in',
      did: `opened an envelope (${delivery.arrival.kind})`,
      messageIds: [],
      bytesIn: delivery.payload.length,
      bytesOut: delivery.payload.length,
      protection: delivery.guarantee,
      ms: 0
    }))
    if (delivery.source === 'live') ports.sampleClock(author, delivery.sentSeconds)
    else if (isSelf(core, author)) ports.ownEnvelopeArchived(delivery.hash, delivery.source.mailserver)
    const live = delivery.source === 'live'
    if (live && !isSelf(core, author) && overRate(author, 1)) {
      refuse({ layer: 'quota', reason: 'author-rate', final: false }, author)
      return
    }
    const startMs = core.clock.nowMs()
    const opened = await ports.sealer.open(delivery.payload, { sender: author })
    await ports.applyEffects(opened.effects)
    core.trace(() => ({
      layer: 'pfs',
      direction: 'in',
      did:
        opened.kind === 'unreadable'
          ? `unreadable: ${opened.reason}`
          : opened.kind === 'nothing'
            ? 'learnt devices'
            : 'opened',
      messageIds: [],
      bytesIn: delivery.payload.length,
      bytesOut: opened.kind === 'message' ? opened.bytes.length : 0,
      ...(opened.kind === 'message' ? { protection: opened.protection } : {}),
      ms: core.clock.nowMs() - startMs
    }))
    if (!isSelf(core, author)) await ports.sync.heard(author)
    if (opened.kind === 'message') await admit(delivery, author, opened)
    else if (opened.kind === 'unreadable' && opened.reason !== 'own-echo') {
      refuse({ layer: 'pfs', reason: opened.reason, final: true }, author)
    }
  }

  return {
    handle: delivery => core.state.run(() => handle(delivery)),
    resume: async () => {
      for await (const { key, value } of core.store.range<Receipt>(core.keys.all('receipt'))) {
        await ports.sealer.confirm(value)
        const unit = core.store.unit()
        unit.delete(key)
        await unit.commit()
      }
    }
  }
}
