import { type DirectEntry, decodeProtocolMessage } from '@status-stack/status-pfs/primitives'
import { unwrap } from '@status-stack/status-sync'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Arrival, Interest } from '@status-stack/whisper'
import { planInterest } from '@status-stack/whisper/status'
import { decodeEnvelope, type Envelope, envelopeHash, openMessage, sentSeconds } from '@status-stack/whisper/wire'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import { createInbox, type Inbox, type Retrieved } from './full-stack-inbox.ts'
import {
  type DeviceVector,
  drawsOf,
  type KeyPool,
  keyPool,
  type RecordedDevice,
  recordedDevice
} from './recorded-device.ts'

export const fullStack: Adapter = {
  file: 'full-stack.json',
  sections: { conversation: { decode: replayConversation } }
}

interface EnvelopeVector {
  readonly rlp: string
  readonly hash: string
  readonly topic: string
  readonly expiry: number
  readonly ttl: number
  readonly mode: 'sym' | 'asym'
  readonly symKey?: string
  readonly payload: string
  readonly signerPublicKey: string
  readonly duringPhase: string
  /** How the recorded sender reached the receiver. */
  readonly negotiated?: boolean
  readonly recipient?: string
  readonly chatId?: string
}

interface Phase {
  readonly action: string
  readonly retrieved: Readonly<Record<string, Retrieved>>
}

/** A recorded messenger: its sealer, where it listens and what its user has. */
interface Messenger {
  readonly device: RecordedDevice
  readonly interests: readonly Interest[]
  readonly inbox: Inbox
}

/** Every envelope goes through the layers of each receiver; after each phase its user has what the recorded one had. */
async function replayConversation(vector: VectorCase, check: Check): Promise<void> {
  const envelopes: readonly EnvelopeVector[] = vector['envelopes']
  const phases: readonly Phase[] = vector['phases']
  const messengers = await messengersOf(vector, envelopes)
  const conversation = createConversation(envelopes, messengers, keyPool(vector['allGeneratedKeys']), check)
  for (const [index, phase] of phases.entries()) {
    for (const [at, envelope] of envelopes.entries()) {
      if (envelope.duringPhase === phase.action) await conversation.deliver(at)
    }
    for (const { device, inbox } of messengers) {
      const retrieved = inbox.retrieve()
      const wanted = phase.retrieved[device.name]
      if (wanted !== undefined)
        check.equal(`phases[${index}].retrieved.${device.name}`, comparable(wanted), comparable(retrieved))
    }
  }
}

async function messengersOf(vector: VectorCase, envelopes: readonly EnvelopeVector[]): Promise<readonly Messenger[]> {
  const nowMs = Math.max(0, ...envelopes.map(({ expiry }) => expiry * 1000))
  const vectors: readonly DeviceVector[] = vector['devices']
  const devices = await Promise.all(vectors.map(each => recordedDevice(each, nowMs)))
  return Promise.all(
    devices.map(async device => ({
      device,
      interests: await interestsOf(device, devices, vector['publicChat']),
      inbox: createInbox(device.identity.publicKey, vector['publicChat'])
    }))
  )
}

/** Its own key, the public chat, and the place it shares with each of the others. */
function interestsOf(
  { identity }: RecordedDevice,
  devices: readonly RecordedDevice[],
  name: string
): Promise<readonly Interest[]> {
  const peers = devices.map(other => other.identity.publicKey)
  return Promise.all([
    planInterest(identity, { kind: 'identity' }),
    planInterest(identity, { kind: 'public', name }),
    ...peers.map(peer => planInterest(identity, { kind: 'rendezvous', peer, secret: identity.ecdhX(peer) }))
  ])
}

function createConversation(
  envelopes: readonly EnvelopeVector[],
  messengers: readonly Messenger[],
  pool: KeyPool,
  check: Check
) {
  const known = new Set(messengers.flatMap(({ device }) => prekeyOf(device, envelopes)))
  const senderOf = (envelope: EnvelopeVector): Messenger => {
    const sender = messengers.find(({ device }) => vectorHex(device.identity.publicKey) === envelope.signerPublicKey)
    if (sender === undefined) throw new Error('envelopes: the signer is none of the devices')
    return sender
  }
  const entriesOf = (envelope: EnvelopeVector): readonly DirectEntry[] =>
    decodeProtocolMessage(vectorBytes(envelope.payload))?.entries ?? []

  /** The ratchet key that this device sends next in a session: what it generates when it hears from the other side. */
  const nextKey = (after: number, device: RecordedDevice, session: Uint8Array): readonly Uint8Array[] => {
    for (const envelope of envelopes.slice(after + 1)) {
      if (senderOf(envelope).device !== device) continue
      for (const { ratchet } of entriesOf(envelope)) {
        if (ratchet === undefined || vectorHex(ratchet.id) !== vectorHex(session)) continue
        const key = pool.get(vectorHex(ratchet.key))
        if (key !== undefined && !known.has(vectorHex(ratchet.key))) return [key]
      }
    }
    return []
  }

  /** A sender starts the session it started in the recording, so that it can read the answers. */
  const startSession = async (
    field: string,
    sender: Messenger,
    receiver: Messenger,
    entries: readonly DirectEntry[]
  ) => {
    const entry = entries.find(each => each.installationId === receiver.device.installationId)
    if (entry?.x3dh === undefined || entry.ratchet?.n !== 0 || known.has(vectorHex(entry.ratchet.key))) return
    const { draws, sealer } = sender.device
    draws.push(...drawsOf([entry], pool))
    const publicKey = receiver.device.identity.publicKey
    const sealed = await sealer.seal(new Uint8Array(), { kind: 'identity', publicKey, reach: 'known-devices' })
    draws.length = 0
    const bytes = sealed.kind === 'sealed' ? sealed.bytes : new Uint8Array()
    const ours = decodeProtocolMessage(bytes)?.entries.find(each => each.installationId === entry.installationId)
    check.equal(`${field}.x3dhHeader`, entry.x3dh, ours?.x3dh)
    check.equal(`${field}.drHeader`, entry.ratchet, ours?.ratchet)
  }

  return {
    deliver: async (at: number): Promise<void> => {
      const vector = envelopes[at] as EnvelopeVector
      const field = `envelopes[${at}]`
      const sender = senderOf(vector)
      const entries = entriesOf(vector)
      const envelope = checkEnvelope(field, vector, check)
      let found = 0
      for (const receiver of messengers) {
        if (receiver === sender) continue
        const arrival = openWhisper(field, vector, envelope, receiver, check)
        if (arrival === undefined) continue
        found++
        await startSession(field, sender, receiver, entries)
        const own = entries.find(each => each.installationId === receiver.device.installationId)
        if (own?.ratchet !== undefined) receiver.device.draws.push(...nextKey(at, receiver.device, own.ratchet.id))
        const bodies = await openSecure(field, vector, sender, receiver, arrival, check)
        const seen = { sentMs: sentSeconds(envelope) * 1000, arrival, from: sender.device.identity.publicKey }
        for (const body of bodies) {
          receiver.inbox.take(body, seen)
          // The sender's own copy: what it said changes its chats and groups too.
          sender.inbox.take(body, { ...seen, arrival: arrival.kind === 'public' ? arrival : { kind: 'identity' } })
        }
      }
      if (found === 0) throw new Error(`${field}: nobody finds it where they listen`)
      for (const { ratchet } of entries) if (ratchet !== undefined) known.add(vectorHex(ratchet.key))
    }
  }
}

/** Prekeys are the first ratchet keys of their owners: nobody generates them when a message arrives. */
function prekeyOf(device: RecordedDevice, envelopes: readonly EnvelopeVector[]): readonly string[] {
  const bundles = envelopes.flatMap(({ payload }) => decodeProtocolMessage(vectorBytes(payload))?.bundles ?? [])
  const prekeys = bundles.flatMap(bundle => bundle.signedPrekeys)
  return prekeys.filter(each => each.installationId === device.installationId).map(each => vectorHex(each.publicKey))
}

function checkEnvelope(field: string, vector: EnvelopeVector, check: Check): Envelope {
  const bytes = vectorBytes(vector.rlp)
  const envelope = decodeEnvelope(bytes)
  check.bytes(`${field}.hash`, vector.hash, envelopeHash(bytes))
  check.bytes(`${field}.topic`, vector.topic, envelope.topic)
  check.equal(`${field}.expiry`, vector.expiry, envelope.expiry)
  check.equal(`${field}.ttl`, vector.ttl, envelope.ttl)
  return envelope
}

/** The one place among those where the receiver listens that opens the envelope. */
function openWhisper(
  field: string,
  vector: EnvelopeVector,
  envelope: Envelope,
  receiver: Messenger,
  check: Check
): Arrival | undefined {
  for (const { topics, key, arrival, signer } of receiver.interests) {
    if (!topics.some(topic => vectorHex(topic) === vector.topic)) continue
    const opened = openMessage(envelope.data, key)
    if (typeof opened === 'string') continue
    check.bytes(`${field}.payload`, vector.payload, opened.payload)
    check.bytes(`${field}.signerPublicKey`, vector.signerPublicKey, opened.signer)
    check.equal(`${field}.mode`, vector.mode, key.kind === 'symmetric' ? 'sym' : 'asym')
    check.equal(`${field}.negotiated`, vector.negotiated ?? false, arrival.kind === 'rendezvous')
    check.equal(`${field}.recipient`, vector.recipient, arrival.kind === 'identity' ? receiver.device.name : undefined)
    check.equal(`${field}.chatId`, vector.chatId, arrival.kind === 'public' ? arrival.name : undefined)
    if (key.kind === 'symmetric') check.bytes(`${field}.symKey`, vector.symKey, key.key)
    if (signer !== undefined) check.bytes(`${field}.signerPublicKey`, signer, opened.signer)
    return arrival
  }
  return undefined
}

/** The wrappers inside: through the security layer, and out of the sync payload where there is one. */
async function openSecure(
  field: string,
  vector: EnvelopeVector,
  sender: Messenger,
  receiver: Messenger,
  arrival: Arrival,
  check: Check
): Promise<readonly Uint8Array[]> {
  const peer = sender.device.identity.publicKey
  const result = await receiver.device.sealer.open(vectorBytes(vector.payload), { sender: peer })
  receiver.device.draws.length = 0
  check.equal(`${field}.opened`, 'message', result.kind === 'nothing' ? 'message' : result.kind)
  if (result.kind !== 'message') return []
  if (result.receipt !== undefined) await receiver.device.sealer.confirm(result.receipt)
  if (arrival.kind !== 'identity' && arrival.kind !== 'rendezvous') return [result.bytes]
  const payload = unwrap(receiver.device.identity.publicKey, peer, result.bytes)
  return payload.kind === 'payload' ? payload.bodies.map(({ body }) => body) : [result.bytes]
}

/** Lists without their order, null as nothing, and without what each receiver makes up for itself. */
function comparable({ chats, contacts, emojiReactions, messages }: Retrieved) {
  const byId = (a: { readonly id?: string }, b: { readonly id?: string }) => (String(a.id) < String(b.id) ? -1 : 1)
  return {
    chats: (chats ?? [])
      .map(({ members, lastClock, ...chat }) => ({
        ...chat,
        // A group's last clock may be ignored: it depends on when the receiver made its system messages.
        ...(members === null ? { lastClock } : { members: [...members].sort(byId) })
      }))
      .sort(byId),
    contacts: [...(contacts ?? [])].sort(),
    emojiReactions: [...(emojiReactions ?? [])].sort((a, b) => (a.messageId < b.messageId ? -1 : 1)),
    messages: (messages ?? [])
      .map(message => (message.contentType === 6 ? { ...message, text: '', timestamp: '' } : message))
      .sort(byId)
  }
}
