import { equalBytes } from '@status-stack/crypto'
import { dropOldest } from './acks.ts'
import { type Entry, recordChange } from './book.ts'
import { hexKey } from './bytes.ts'
import type { Core } from './core.ts'
import { messageId } from './ids.ts'
import { answerOffer, answerRequest } from './interactive.ts'
import { decodePayload, type Message, type Payload } from './payload.ts'
import type { Incoming, Received } from './sync.ts'

/** Handles the entries of a payload in the order acks, requests, offers, messages. SPEC: 2/MVDS, digest 7.5. */
export async function receivePayload(
  core: Core,
  peer: Uint8Array,
  bytes: Uint8Array,
  device: string | undefined
): Promise<Received> {
  // Deployed nodes send zero bytes after every payload they get: nothing to do, and nothing to hand up.
  if (bytes.length === 0) return { kind: 'payload', bodies: [] }
  const decoded = decodePayload(bytes)
  if (decoded === undefined) return { kind: 'not-sync' }
  await core.load()
  const payload = bounded(decoded, core.options.limits.maxEntriesPerPayload)
  heardFrom(core, peer)
  const acknowledged = handleAcks(core, peer, payload.acks, device)
  handleRequests(core, peer, payload.requests)
  await handleOffers(core, peer, payload.offers)
  const bodies = await handleMessages(core, peer, payload.messages)
  if (core.book.isDirty) await core.flush()
  await Promise.all(acknowledged.map(entry => core.settle(entry, 'acknowledged')))
  return { kind: 'payload', bodies }
}

/** A sign of life from the peer: back-off restarts. */
export function heardFrom(core: Core, peer: Uint8Array): void {
  const event = { kind: 'heard', nowMs: core.nowMs } as const
  for (const entry of core.book.of(hexKey(peer))) if (entry.end === undefined) core.book.apply(entry, event)
}

/** The first entries of a payload. The sender repeats what is not acknowledged, so the rest is not lost. */
function bounded(payload: Payload, maxEntries: number): Payload {
  let room = maxEntries
  const take = <Entry>(entries: readonly Entry[]): readonly Entry[] => {
    const taken = entries.slice(0, room)
    room -= taken.length
    return taken
  }
  const acks = take(payload.acks)
  const requests = take(payload.requests)
  return { acks, requests, offers: take(payload.offers), messages: take(payload.messages) }
}

function isId(id: Uint8Array): boolean {
  return id.length === 32
}

/** Unknown ids are ignored one by one. A request is not ended by an ACK: it was not a message of ours. */
function handleAcks(
  core: Core,
  peer: Uint8Array,
  ids: readonly Uint8Array[],
  device: string | undefined
): readonly Entry[] {
  const ended = new Set<Entry>()
  for (const id of ids) {
    const entry = isId(id) ? core.book.get(peer, id) : undefined
    if (entry === undefined || entry.record.kind === 'request' || entry.end !== undefined) continue
    entry.end = { outcome: 'acknowledged', ...(device === undefined ? {} : { device }) }
    ended.add(entry)
  }
  return [...ended]
}

function handleRequests(core: Core, peer: Uint8Array, ids: readonly Uint8Array[]): void {
  const nowMs = core.nowMs
  for (const id of ids) {
    const entry = isId(id) ? core.book.get(peer, id) : undefined
    if (entry === undefined || answerRequest(entry.record, nowMs, core.timing) === undefined) continue
    core.book.apply(entry, { kind: 'requested', nowMs })
  }
}

async function handleOffers(core: Core, peer: Uint8Array, ids: readonly Uint8Array[]): Promise<void> {
  if (ids.length === 0) return
  await core.exclusive(async () => {
    const nowMs = core.nowMs
    const { maxRequests, maxRequestsPerPeer } = core.options.limits
    let room = Math.min(maxRequestsPerPeer - core.book.count(peer, 'requests'), maxRequests - core.book.requests)
    for (const id of ids) {
      if (!isId(id) || room <= 0) continue
      const record = core.book.get(peer, id)?.record
      const known = record === undefined && (await core.peers.originOf(peer, id)) !== undefined
      const request = answerOffer({ peer, id }, { record, known, nowMs })
      if (request === undefined) continue
      await core.write([recordChange(request)])
      core.book.add(request)
      room--
    }
  })
}

async function handleMessages(
  core: Core,
  peer: Uint8Array,
  messages: readonly Message[]
): Promise<readonly Incoming[]> {
  if (messages.length === 0) return []
  const group = core.groupOf(peer)
  const bodies = new Map<string, Incoming>()
  const arrived: Entry[] = []
  await core.exclusive(async () => {
    for (const message of messages) {
      // A message of another group would make us keep and relay what third parties say to each other.
      if (!equalBytes(message.groupId, group)) continue
      const id = messageId(message)
      const key = hexKey(id)
      if (bodies.has(key)) continue
      const entry = core.book.get(peer, id)
      if (entry?.record.kind === 'request') arrived.push(entry)
      const origin = await core.peers.originOf(peer, id)
      // Our own message coming back is neither news nor to be acknowledged: that ACK could reach ourselves.
      if (origin === 'ours') continue
      if (origin === 'theirs') core.acks.add(peer, id)
      else {
        remember(core, peer, id, message)
        bodies.set(key, { id, body: message.body })
      }
    }
  })
  for (const entry of arrived) await core.forget(entry)
  return [...bodies.values()]
}

/** Key of a handed-up message. */
export function handedKey(peer: Uint8Array, id: Uint8Array): string {
  return hexKey(peer) + hexKey(id)
}

function remember(core: Core, peer: Uint8Array, id: Uint8Array, { metadata }: Message): void {
  if (metadata === undefined) return
  const { maxHandedUp, maxParents } = core.options.limits
  const key = handedKey(peer, id)
  core.handed.delete(key)
  if (core.handed.size >= maxHandedUp) dropOldest(core.handed)
  const parents = metadata.parents.filter(isId).slice(0, maxParents)
  core.handed.set(key, { parents, ephemeral: metadata.ephemeral })
}
