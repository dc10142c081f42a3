import { bytesToHex, equalBytes } from '@status-stack/crypto'
import { forEachSliced } from '@status-stack/utils'
import type { Core } from './core.ts'
import { messageId } from './ids.ts'
import { answerRequest } from './interactive.ts'
import { sliceItems } from './limits.ts'
import { createPayloadReading, type Message, type Payload } from './payload.ts'
import type { Entry } from './pending-records.ts'
import { requestOffered } from './requests.ts'
import type { Incoming, Received } from './sync.ts'

/**
 * Handles the entries of a payload in the order acks, requests, offers, messages. SPEC: 2/MVDS.
 *
 * A payload can hold tens of thousands of entries: each loop over them is divided among turns of the event loop, and what is
 * read from and written to the store goes in batches. Nothing is handled before all of it is read.
 */
export async function receivePayload(
  core: Core,
  peer: Uint8Array,
  bytes: Uint8Array,
  device: string | undefined
): Promise<Received> {
  // Deployed nodes send zero bytes after every payload they get: nothing to do, and nothing to hand up.
  if (bytes.length === 0) return { kind: 'payload', bodies: [] }
  const payload = await readPayload(core, bytes)
  if (payload === undefined) return { kind: 'not-sync' }
  await core.load()
  const peerKey = bytesToHex(peer)
  peerActive(core, peer)
  const acknowledged = await handleAcks(core, peerKey, payload.acks, device)
  await handleRequests(core, peerKey, payload.requests)
  if (payload.offers.length > 0) await requestOffered(core, peer, payload.offers.filter(isId))
  const bodies = await handleMessages(core, peer, payload.messages)
  if (payload.requests.length > 0 && core.records.isDirty) await core.flush()
  await core.settle(acknowledged, 'acknowledged')
  return { kind: 'payload', bodies }
}

/** Whether a payload holds messages, and none that is not known to be the peer's. */
export async function knowsPayload(core: Core, peer: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const payload = await readPayload(core, bytes)
  if (payload === undefined) return false
  await core.load()
  const incoming = await identified(core, peer, payload.messages)
  const origins = await originsOf(core, peer, incoming)
  return origins.length > 0 && origins.every(origin => origin === 'theirs')
}

/** A sign of life from the peer: what waits for it is sent sooner. */
export function peerActive(core: Core, peer: Uint8Array): void {
  const event = { kind: 'heard', nowMs: core.nowMs } as const
  for (const entry of core.records.of(bytesToHex(peer))) if (entry.end === undefined) core.records.apply(entry, event)
}

async function readPayload(core: Core, bytes: Uint8Array): Promise<Payload | undefined> {
  const { maxEntriesPerPayload } = core.options.limits
  const reading = createPayloadReading(bytes, maxEntriesPerPayload)
  for (let read = 1; reading.step(); read++) if (read % sliceItems === 0) await core.slicer.yielded()
  const payload = reading.result()
  return payload === undefined ? undefined : bounded(payload, maxEntriesPerPayload)
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
async function handleAcks(
  core: Core,
  peerKey: string,
  ids: readonly Uint8Array[],
  device: string | undefined
): Promise<readonly Entry[]> {
  const ended: Entry[] = []
  await forEachSliced(
    ids,
    id => {
      const entry = isId(id) ? core.records.get(peerKey, id) : undefined
      if (entry === undefined || entry.record.kind === 'request' || entry.end !== undefined) return
      entry.end = { outcome: 'acknowledged', ...(device === undefined ? {} : { device }) }
      ended.push(entry)
    },
    { slicer: core.slicer }
  )
  return ended
}

async function handleRequests(core: Core, peerKey: string, ids: readonly Uint8Array[]): Promise<void> {
  const nowMs = core.nowMs
  await forEachSliced(
    ids,
    id => {
      const entry = isId(id) ? core.records.get(peerKey, id) : undefined
      if (entry === undefined || answerRequest(entry.record, nowMs, core.timing) === undefined) return
      core.records.apply(entry, { kind: 'requested', nowMs })
    },
    { slicer: core.slicer }
  )
}

/** The messages of the group of the peer and ourselves, each once, by id. */
async function identified(core: Core, peer: Uint8Array, messages: readonly Message[]): Promise<readonly Incoming[]> {
  const group = core.groupOf(peer)
  const found = new Map<string, Incoming>()
  await forEachSliced(
    messages,
    message => {
      // A message of another group would make us keep and relay what third parties say to each other.
      if (!equalBytes(message.groupId, group)) return
      const id = messageId(message)
      const key = bytesToHex(id)
      if (!found.has(key)) found.set(key, { id, body: message.body })
    },
    { slicer: core.slicer }
  )
  return [...found.values()]
}

/** Whose messages are, as far as they are remembered. */
const originsOf = (core: Core, peer: Uint8Array, incoming: readonly Incoming[]) =>
  core.exclusive(() =>
    core.peers.originsOf(
      peer,
      incoming.map(({ id }) => id)
    )
  )

async function handleMessages(
  core: Core,
  peer: Uint8Array,
  messages: readonly Message[]
): Promise<readonly Incoming[]> {
  if (messages.length === 0) return []
  const peerKey = bytesToHex(peer)
  const incoming = await identified(core, peer, messages)
  const origins = await originsOf(core, peer, incoming)
  const bodies: Incoming[] = []
  const arrived: Entry[] = []
  await forEachSliced(
    incoming.entries(),
    ([at, { id, body }]) => {
      const entry = core.records.get(peerKey, id)
      if (entry?.record.kind === 'request') arrived.push(entry)
      const origin = origins[at]
      // Our own message coming back is neither news nor to be acknowledged: that ACK could reach ourselves.
      if (origin === 'theirs') core.acks.add(peer, id)
      else if (origin === undefined) bodies.push({ id, body })
    },
    { slicer: core.slicer }
  )
  if (arrived.length > 0) await core.forget(arrived)
  return bodies
}
