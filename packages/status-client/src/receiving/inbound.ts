import type { Effect, OpenResult, ReceivedMessage, SecurityLayer } from '@status-stack/interface'
import { type Core, isSelf, policyFor } from '../composition/core.ts'
import { mayShow, shownProtection } from '../sending/policy.ts'
import type { PublicKey } from '../types.ts'
import { type Body, type BodyPorts, createReceiveBodies } from './receive-bodies.ts'
import { createRefuse } from './refuse.ts'

export interface SyncIn {
  readonly receive: (
    peer: Uint8Array,
    bytes: Uint8Array,
    via?: { readonly device?: string }
  ) => Promise<{ kind: 'not-sync' } | { kind: 'payload'; bodies: readonly { id: Uint8Array; body: Uint8Array }[] }>
  readonly knows: (peer: Uint8Array, bytes: Uint8Array) => Promise<boolean>
  readonly accept: (peer: Uint8Array, ids: readonly Uint8Array[]) => Promise<void>
  readonly peerActive: (peer: Uint8Array) => Promise<void>
}

export interface InboundPorts<Receipt> extends Omit<BodyPorts, 'refuse'> {
  readonly sealer: Pick<SecurityLayer<Receipt>, 'open' | 'confirm'>
  readonly applyEffects: (effects: readonly Effect[]) => Promise<void>
  readonly sync: SyncIn
  readonly ownEnvelopeArchived: (hash: Uint8Array, server: string) => void
}

export interface Inbound {
  /** Handles one delivery to its end: shown, stored or refused. Those of one place come one after the other. */
  readonly handle: (delivery: ReceivedMessage) => Promise<void>
  /** Settles when no delivery is being handled. */
  readonly idle: () => Promise<void>
  /** Finishes what a crash interrupted between storing a message and telling the layers below. */
  readonly resume: () => Promise<void>
}

type Opened<Receipt> = Extract<OpenResult<Receipt>, { kind: 'message' }>

const isDirect = ({ arrival }: ReceivedMessage): boolean => arrival.kind === 'identity' || arrival.kind === 'rendezvous'

/** What sync makes of an opened message: its bodies, and whether they came through sync. */
async function unwrap<Receipt>(
  receive: SyncIn['receive'],
  author: PublicKey,
  delivery: ReceivedMessage,
  { bytes, device }: Opened<Receipt>
): Promise<{ readonly synced: boolean; readonly bodies: readonly Body[] }> {
  if (!isDirect(delivery)) return { synced: false, bodies: [{ body: bytes }] }
  const received = await receive(author, bytes, device === undefined ? {} : { device })
  if (received.kind === 'payload') return { synced: true, bodies: received.bodies }
  return { synced: false, bodies: bytes.length === 0 ? [] : [{ body: bytes }] }
}

/** Tells the security layer of messages that were stored when a crash came. */
async function confirmLeft<Receipt>(
  { store, keys }: Pick<Core, 'store' | 'keys'>,
  sealer: Pick<SecurityLayer<Receipt>, 'confirm'>
): Promise<void> {
  for await (const { key, value } of store.range<Receipt>(keys.all('receipt'))) {
    await sealer.confirm(value)
    const unit = store.unit()
    unit.delete(key)
    await unit.commit()
  }
}

/** Opens what arrives, asks the policy, and has its messages judged and stored. SPEC: seams, "1:1 in". */
export function createInbound<Receipt>(core: Core, ports: InboundPorts<Receipt>): Inbound {
  const refuse = createRefuse(core)
  const receiveBodies = createReceiveBodies(core, { ...ports, refuse })
  // BOUNDED: one per place that is listened at
  const current = new Set<Promise<void>>()

  const admit = async (delivery: ReceivedMessage, author: PublicKey, opened: Opened<Receipt>): Promise<void> => {
    const shown = shownProtection(opened.protection, delivery.guarantee)
    if (isDirect(delivery) && !mayShow(shown, opened.strongest, policyFor(core, author))) {
      // An archive gives the first messages back that were sealed before there was a ratchet: they were shown, and nothing is hidden here.
      if (await ports.sync.knows(author, opened.bytes)) {
        refuse({ layer: 'sync', reason: 'replayed', final: true }, author)
        if (opened.receipt !== undefined) await ports.sealer.confirm(opened.receipt)
        return
      }
      // Not accepted in sync and not confirmed: it comes again, and is shown once the user relents.
      refuse({ layer: 'policy', reason: `protection-${shown}`, final: false }, author)
      return
    }
    const { synced, bodies } = await unwrap(ports.sync.receive, author, delivery, opened)
    if (bodies.length === 0) {
      // Acknowledgements and the like: what they say is stored, and nothing of this message needs its key again.
      if (opened.receipt !== undefined) await ports.sealer.confirm(opened.receipt)
      return
    }
    const how = { delivery, author, shown, device: opened.device, synced }
    const receiptKey = core.keys.receipt(delivery.hash)
    // The plaintext of an unsynced message that has to wait exists in its envelope only: its key stays.
    const mayConfirm = (waiting: boolean): boolean => synced || !waiting
    // SPEC: seams "1:1 in": message and receipt in one batch, then `confirm` and `accept`.
    const { accepted, waiting } = await receiveBodies(bodies, how, (unit, isWaiting) => {
      if (opened.receipt !== undefined && mayConfirm(isWaiting)) unit.put(receiptKey, opened.receipt)
    })
    const confirm = mayConfirm(waiting) ? opened.receipt : undefined
    if (confirm !== undefined) {
      await ports.sealer.confirm(confirm)
      const done = core.store.unit()
      done.delete(receiptKey)
      await done.commit()
    }
    if (accepted.length > 0) await ports.sync.accept(author, accepted)
  }

  const handle = async (delivery: ReceivedMessage): Promise<void> => {
    const author = delivery.signer
    if (author === undefined) {
      refuse({ layer: 'transport', reason: 'unsigned', final: true }, undefined)
      return
    }
    if (delivery.source !== 'live' && isSelf(core, author))
      ports.ownEnvelopeArchived(delivery.hash, delivery.source.mailserver)
    const opened = await ports.sealer.open(delivery.payload, { sender: author })
    await ports.applyEffects(opened.effects)
    if (!isSelf(core, author)) await ports.sync.peerActive(author)
    if (opened.kind === 'message') await admit(delivery, author, opened)
    else if (opened.kind === 'unreadable' && opened.reason !== 'own-echo') {
      refuse({ layer: 'pfs', reason: opened.reason, final: true }, author)
    }
  }

  return {
    handle: async delivery => {
      const handling = handle(delivery)
      const settled = handling.catch(() => undefined).finally(() => current.delete(settled))
      current.add(settled)
      await handling
      // Listeners are told in order, each message read again for it: storing faster than that waits here.
      await core.announced()
    },
    idle: async () => {
      while (current.size > 0) await Promise.all(current)
    },
    resume: () => confirmLeft(core, ports.sealer)
  }
}
