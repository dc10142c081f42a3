import { bytesToHex } from '@status-stack/crypto'
import type { Core } from './core.ts'
import { pairKey } from './keys.ts'
import { minPayloadBytes } from './limits.ts'
import { encodePayload, type Message } from './payload.ts'
import type { Entry } from './pending-records.ts'
import type { OutputResult } from './ports.ts'
import { idEntryBytes, messageEntryBytes, split } from './split.ts'
import { type Ages, isDue, isOver, type RecordEvent, type RecordKind, type SyncRecord } from './state.ts'

/** One part of the payloads of a tick, in the order in which they are packed. */
type Part =
  | { readonly kind: 'ack'; readonly bytes: number; readonly id: Uint8Array }
  | { readonly kind: RecordKind; readonly bytes: number; readonly entry: Entry }

/** Whether a tick has something to do for this peer. */
export function hasWork(core: Core, peerKey: string, nowMs: number): boolean {
  const acks = core.acks.dueMs(peerKey)
  return (acks !== undefined && acks <= nowMs) || hasDueRecords(core, peerKey, nowMs)
}

/** The same without acknowledgements, which nothing waits for: they leave with the next payload. */
export function hasDueRecords(core: Core, peerKey: string, nowMs: number): boolean {
  for (const entry of core.records.of(peerKey)) if (needsAttention(core, entry, nowMs)) return true
  return false
}

export function agesOf({ options: { giveUpMs, requestGiveUpMs, limits }, expiryLagMs: lagMs }: Core): Ages {
  return { giveUpMs, requestGiveUpMs, maxRequestAttempts: limits.maxRequestAttempts, lagMs }
}

function needsAttention(core: Core, entry: Entry, nowMs: number): boolean {
  if (entry.end !== undefined) return !entry.settling && entry.settleAtMs <= nowMs
  return isOver(entry.record, nowMs, agesOf(core)) || isDue(entry.record, nowMs, core.timing)
}

/**
 * Serves one peer: ends what is over, sends what is due. Called for a peer by one tick at a time. What was sent is stored by a later tick:
 * by then most of it is acknowledged and gone, and what a crash forgets of it is sent once more, which the other side tells by its id.
 */
export async function servePeer(core: Core, peerKey: string): Promise<void> {
  await endOldRecords(core, peerKey)
  const nowMs = core.nowMs
  const due: Entry[] = []
  for (const entry of core.records.of(peerKey))
    if (entry.end === undefined && isDue(entry.record, nowMs, core.timing)) due.push(entry)
  const acks = core.acks.due(peerKey, nowMs)
  const peer = due[0]?.record.peer ?? acks?.peer
  if (peer === undefined) return

  const maxBytes = await budgetOf(core, peer)
  const parts = partsOf(acks?.ids ?? [], due)
  if (maxBytes === undefined) {
    return stopSending(core, peer, parts, 'not-sent', acks?.retries)
  }
  const { payloads, tooLarge } = core.options.mode === 'direct' ? splitDirect(parts, maxBytes) : split(parts, maxBytes)
  for (const part of tooLarge) if (part.kind !== 'ack') await core.settle([part.entry], 'too-large')
  for (const [index, part] of payloads.entries()) {
    const rest = payloads.slice(index + 1).flat()
    // What `peerActive` and `retry` do from here on wins over the result, for the payloads that are then left unsent too.
    for (const waiting of [...part, ...rest]) if (waiting.kind !== 'ack') waiting.entry.sending = []
    const retries = core.acks.retries(peerKey)
    const result = await sendPayload(core, peer, part)
    if (result === 'sent') continue
    await stopSending(core, peer, rest, result, retries)
    break
  }
  for (const entry of due) entry.sending = undefined
}

/** Given up by age, and ends that could not be told at first. */
async function endOldRecords(core: Core, peerKey: string): Promise<void> {
  const nowMs = core.nowMs
  const ages = agesOf(core)
  const over: Entry[] = []
  for (const entry of core.records.of(peerKey))
    if (entry.end !== undefined || isOver(entry.record, nowMs, ages)) over.push(entry)
  for (const entry of over) {
    if (entry.end !== undefined) {
      if (!entry.settling && entry.settleAtMs <= nowMs) await core.settle([entry], entry.end.outcome)
    } else {
      await (entry.record.kind === 'request' ? core.forget([entry]) : core.settle([entry], 'given-up'))
    }
  }
}

async function budgetOf(core: Core, peer: Uint8Array): Promise<number | undefined> {
  try {
    const bytes = await core.deps.maxBytes(peer)
    return bytes >= minPayloadBytes ? bytes : undefined
  } catch (error) {
    core.warn('the payload limit of a peer is unknown', error)
    return undefined
  }
}

function partsOf(acks: readonly Uint8Array[], due: readonly Entry[]): readonly Part[] {
  const ofKind = (kind: RecordKind): readonly Part[] =>
    due
      .filter(({ record }) => record.kind === kind)
      .map(entry => ({
        kind,
        entry,
        bytes: kind === 'message' ? messageEntryBytes(entry.record.size) : idEntryBytes
      }))
  return [
    ...acks.map((id): Part => ({ kind: 'ack', id, bytes: idEntryBytes })),
    ...ofKind('offer'),
    ...ofKind('request'),
    ...ofKind('message')
  ]
}

/** Each message alone, as it is sent without a payload around it; the rest as ever. */
function splitDirect(parts: readonly Part[], maxBytes: number): ReturnType<typeof split<Part>> {
  const isMessage = ({ kind }: Part): boolean => kind === 'message'
  const rest = split(
    parts.filter(part => !isMessage(part)),
    maxBytes
  )
  const messages = parts.filter(isMessage)
  return {
    payloads: [...rest.payloads, ...messages.filter(({ bytes }) => bytes <= maxBytes).map(part => [part])],
    tooLarge: [...rest.tooLarge, ...messages.filter(({ bytes }) => bytes > maxBytes)]
  }
}

/** Sends one payload and applies the result to what was in it. */
async function sendPayload(core: Core, peer: Uint8Array, parts: readonly Part[]): Promise<OutputResult> {
  const packed: Part[] = []
  const messages: Message[] = []
  for (const part of parts) {
    if (part.kind !== 'ack') {
      // An earlier payload of this tick may have taken long: what was ended or asked for meanwhile has changed.
      if (part.entry.end !== undefined || !core.records.has(part.entry) || part.entry.record.kind !== part.kind)
        continue
      if (part.kind === 'message') {
        const message = await messageOf(core, part.entry)
        if (message === undefined) continue
        messages.push(message)
      }
    }
    packed.push(part)
  }
  if (packed.length === 0) return 'sent'

  const atMs = core.nowMs
  const acks = packed.flatMap(part => (part.kind === 'ack' ? [part.id] : []))
  const sending = packed.flatMap(part =>
    part.kind === 'ack' ? [] : [{ entry: part.entry, before: part.entry.record }]
  )
  const retries = core.acks.retries(bytesToHex(peer))
  const ids = (kind: RecordKind): readonly Uint8Array[] =>
    sending.filter(({ before }) => before.kind === kind).map(({ before }) => before.id)
  const contains = sending.filter(({ before }) => before.kind === 'message').map(({ before }) => before.tracking)
  const [first] = messages
  const bytes =
    core.options.mode === 'direct' && first !== undefined
      ? first.body
      : encodePayload({ acks, offers: ids('offer'), requests: ids('request'), messages })
  const result = await output(core, peer, bytes, contains)

  finishAcks(core, peer, acks, result, retries)
  for (const { entry, before } of sending) await finish(core, entry, before, result, atMs)
  return result
}

async function output(
  core: Core,
  peer: Uint8Array,
  bytes: Uint8Array,
  contains: readonly string[]
): Promise<OutputResult> {
  try {
    return await core.deps.output(peer, bytes, { contains })
  } catch (error) {
    core.warn('a payload was not sent', error)
    return 'not-sent'
  }
}

/** What does not go out this time, because an earlier payload did not. */
async function stopSending(
  core: Core,
  peer: Uint8Array,
  parts: readonly Part[],
  result: Exclude<OutputResult, 'sent'>,
  retries = 0
): Promise<void> {
  const nowMs = core.nowMs
  const acks = parts.flatMap(part => (part.kind === 'ack' ? [part.id] : []))
  finishAcks(core, peer, acks, result, retries)
  for (const part of parts) {
    if (part.kind !== 'ack') await finish(core, part.entry, part.entry.record, result, nowMs)
  }
}

/** Applies the result to a record; what happened while it was being sent is applied on top. */
async function finish(core: Core, entry: Entry, before: SyncRecord, result: OutputResult, atMs: number): Promise<void> {
  // "Nobody", and `retry` meanwhile, means that a device has appeared: try again.
  const unreachable = result === 'nobody' && !entry.sending?.some(({ kind }) => kind === 'retry')
  const event: RecordEvent =
    result === 'sent'
      ? { kind: 'sent', atMs }
      : result === 'held'
        ? { kind: 'held' }
        : { kind: 'not-sent', nowMs: atMs }
  core.records.finishSend(entry, before, event)
  if (result === 'sent' && core.options.mode === 'direct' && entry.record.kind === 'message') {
    // No acknowledgement will come: it is over once it has left.
    if (entry.end === undefined && core.records.has(entry)) await core.settle([entry], 'sent')
    return
  }
  if (!unreachable || entry.end !== undefined || !core.records.has(entry)) return
  await (entry.record.kind === 'request' ? core.forget([entry]) : core.settle([entry], 'nobody'))
}

function finishAcks(
  core: Core,
  peer: Uint8Array,
  ids: readonly Uint8Array[],
  result: OutputResult,
  retries: number
): void {
  const peerKey = bytesToHex(peer)
  if (result === 'sent' || result === 'nobody') core.acks.remove(peerKey, ids)
  else core.acks.postpone(peerKey, { dueMs: core.nowMs + core.options.unsentMs, held: result === 'held', retries })
}

/** The message of a record, its body read back from the store. */
async function messageOf(core: Core, entry: Entry): Promise<Message | undefined> {
  const { peer, id, timestamp, tracking } = entry.record
  const { bodyOf, store } = core.deps
  const body = await core.exclusive(
    async () => (await bodyOf?.(tracking)) ?? (await store.get('body', pairKey(peer, id)))
  )
  if (body === undefined) {
    core.warn('the body of a pending message is gone', undefined)
    await core.settle([entry], 'given-up')
    return undefined
  }
  return { groupId: core.groupOf(peer), timestamp, body }
}
