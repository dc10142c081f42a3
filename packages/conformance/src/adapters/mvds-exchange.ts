import {
  createSync,
  decodePayload,
  encodePayload,
  groupId,
  type Message,
  memorySyncStore,
  messageId,
  type Sync,
  type SyncMode
} from '@status-stack/status-sync'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Check } from '../runner/check.ts'

type Side = 'a' | 'b'
const other = (side: Side): Side => (side === 'a' ? 'b' : 'a')

interface Sent {
  readonly from: Side
  readonly bytes: Uint8Array
}

interface Node {
  readonly sync: Sync
  readonly peer: Uint8Array
  readonly settled: string[]
  readonly received: Uint8Array[]
}

/** Two nodes on one virtual clock; what they send is collected, and delivered when the caller says so. */
function createPair(vector: VectorCase, mode: SyncMode) {
  const keys: Record<Side, Uint8Array> = { a: vectorBytes(vector['peerA']), b: vectorBytes(vector['peerB']) }
  const sent: Sent[] = []
  let nowMs = Number(recordedMessage(vector).timestamp) * 1000
  const createNode = (side: Side): Node => {
    const settled: string[] = []
    const sync = createSync(
      {
        self: keys[side],
        store: memorySyncStore(),
        clock: { nowMs: () => nowMs },
        random: { bytes: length => new Uint8Array(length) },
        output: async (_, bytes) => {
          sent.push({ from: side, bytes: bytes.slice() })
          return 'sent'
        },
        settled: async fact => {
          settled.push(`${fact.tracking} ${fact.outcome}`)
        },
        maxBytes: async () => 1_000_000
      },
      { mode }
    )
    return { sync, peer: keys[other(side)], settled, received: [] }
  }
  const nodes: Record<Side, Node> = { a: createNode('a'), b: createNode('b') }
  return {
    nodes,
    sent,
    /** A payload arrives; what it brings is handled at once, so that it is acknowledged at the next tick. */
    deliver: async (to: Side, bytes: Uint8Array) => {
      const { sync, peer, received } = nodes[to]
      const result = await sync.receive(peer, bytes)
      if (result.kind !== 'payload') throw new Error('a payload was not taken for one')
      received.push(...result.bodies.map(({ body }) => body))
      await sync.accept(
        peer,
        result.bodies.map(({ id }) => id)
      )
    },
    tick: async () => {
      nowMs += 300
      await nodes.a.sync.tick()
      await nodes.b.sync.tick()
    }
  }
}

/** The message that the recorded nodes exchanged: its timestamp is of the moment of the recording. */
function recordedMessage(vector: VectorCase): Message {
  const payloads: readonly { readonly protobuf: string }[] = vector['payloads']
  const messages = payloads.flatMap(({ protobuf }) => decodePayload(vectorBytes(protobuf))?.messages ?? [])
  const [message] = messages
  if (message === undefined) throw new Error('payloads: no message was recorded')
  return message
}

/** Who said what to whom first: repetitions and the way entries share payloads do not matter, their order does. */
function factsOf(sent: readonly Sent[]): readonly string[] {
  const facts = new Set<string>()
  for (const { from, bytes } of sent) {
    const payload = decodePayload(bytes)
    if (payload === undefined) continue
    for (const kind of ['acks', 'requests', 'offers'] as const) {
      for (const id of payload[kind]) facts.add(`${from} ${kind} ${vectorHex(id)}`)
    }
    for (const message of payload.messages)
      facts.add(`${from} messages ${vectorHex(encodePayload({ ...nothing, messages: [message] }))}`)
  }
  return [...facts]
}

const nothing = { acks: [], offers: [], requests: [], messages: [] }

/** Interactive nodes offer before they send. */
function modeOf(vector: VectorCase): SyncMode {
  const offers = recordedPayloads(vector).some(({ bytes }) => (decodePayload(bytes)?.offers.length ?? 0) > 0)
  return offers ? 'interactive' : 'batch'
}

function recordedPayloads(vector: VectorCase): readonly Sent[] {
  const payloads: readonly { readonly from: Side; readonly protobuf: string }[] = vector['payloads']
  return payloads.map(({ from, protobuf }) => ({ from, bytes: vectorBytes(protobuf) }))
}

/** Two of our nodes say to each other what the recorded ones said. */
export async function reproduceExchange(vector: VectorCase, check: Check): Promise<void> {
  const pair = createPair(vector, modeOf(vector))
  const { a, b } = pair.nodes
  check.bytes('groupId', vector['groupId'], groupId(a.peer, b.peer))
  await a.sync.enqueue({ peer: a.peer, body: vectorBytes(vector['body']), tracking: 'message' })
  let delivered = 0
  for (let round = 0; round < 8 && a.settled.length === 0; round++) {
    await pair.tick()
    for (; delivered < pair.sent.length; delivered++) {
      const { from, bytes } = pair.sent[delivered] as Sent
      await pair.deliver(other(from), bytes)
    }
  }
  check.equal('payloads', factsOf(recordedPayloads(vector)), factsOf(pair.sent))
  check.equal('body', [vector['body']], b.received)
  check.equal('outcome', ['message acknowledged'], a.settled)
}

/** Each of our nodes takes the place of a recorded one and is fed what the other one sent. */
export async function readExchange(vector: VectorCase, check: Check): Promise<void> {
  const recorded = recordedPayloads(vector)
  const message = recordedMessage(vector)
  check.bytes('messageId', vector['messageId'], messageId(message))
  check.bytes('groupId', vector['groupId'], message.groupId)
  for (const [index, { bytes }] of recorded.entries()) {
    const payload = decodePayload(bytes) ?? nothing
    const { acks, offers, requests, messages } = payload
    const counts = { acks: acks.length, offers: offers.length, requests: requests.length, messages: messages.length }
    check.equal(`payloads[${index}].counts`, vector['payloads'][index].counts, counts)
    check.bytes(`payloads[${index}].protobuf`, vector['payloads'][index].protobuf, encodePayload(payload))
  }
  for (const side of ['a', 'b'] as const) {
    const pair = createPair(vector, modeOf(vector))
    const { a, b } = pair.nodes
    if (side === 'a') await a.sync.enqueue({ peer: a.peer, body: message.body, tracking: 'message' })
    for (const { from, bytes } of recorded) {
      await pair.tick()
      if (from !== side) await pair.deliver(side, bytes)
    }
    await pair.tick()
    if (side === 'a') check.equal('outcome', ['message acknowledged'], a.settled)
    else check.equal('body', [vector['body']], b.received)
    const said = (sent: readonly Sent[]) => factsOf(sent.filter(({ from }) => from === side))
    check.equal(`payloads of ${side}`, said(recorded), said(pair.sent))
  }
}
