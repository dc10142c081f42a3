import { randomBytes } from '@status-stack/crypto'
import { createLinkPair } from '@status-stack/interface/testing'
import { encodeRlp } from '@status-stack/rlp'
import { type Bridge, createBridge, createWaku, type Waku } from '@status-stack/waku'
import { encodeStatusOptions, packetCodes } from '@status-stack/waku/wire'
import { createWhisper, type Whisper } from '@status-stack/whisper'
import { encodeMessages } from '@status-stack/whisper/wire'
import type { Attack } from './attacks.ts'
import { envelopePackets, mebibyte, times } from './flood.ts'
import { freshEnvelope } from './victim.ts'

/** A relay of both networks with a full pool: what Waku and the bridge add to the doors of a Whisper node. */
export interface WakuVictim {
  readonly waku: Waku
  readonly whisper: Whisper
  readonly bridge: Bridge
  readonly stop: () => Promise<void>
}

export async function startWakuVictim(envelopes: number): Promise<WakuVictim> {
  const options = { minPow: 0, powWorkers: 0, poolMaxBytes: 256 * mebibyte }
  const [whisper, waku] = [createWhisper({}, options), createWaku({}, options)]
  await Promise.all([whisper.start(), waku.start()])
  for (let i = 0; i < envelopes; i++) {
    await waku.exchange.offer(freshEnvelope(randomBytes(4), randomBytes(540), 3600))
  }
  const bridge = createBridge({ whisper, waku })
  return {
    waku,
    whisper,
    bridge,
    stop: async () => {
      bridge.stop()
      await Promise.all([whisper.stop(), waku.stop()])
    }
  }
}

interface OwnPacket {
  readonly code: number
  readonly payload: Uint8Array
}

let peers = 0

/** Sends everything over one link that wants nothing, and waits until the node has read it: it answers the last, empty batch. */
async function sendAll({ waku, bridge }: WakuVictim, packets: readonly OwnPacket[]): Promise<string> {
  peers += 1
  const pair = createLinkPair({
    left: 'f'.repeat(64),
    right: peers.toString(16).padStart(64, '0'),
    rightAddress: '198.51.100.1',
    capacity: 8
  })
  const ended = waku.attach(pair.left).then(
    () => 'closed',
    error => String(error.code)
  )
  let answers = 0
  const read = (async () => {
    for await (const { code } of pair.right.packets()) if (code === packetCodes.batchAcknowledged) answers += 1
  })()
  await pair.right.send(packetCodes.status, encodeStatusOptions({ topics: [] }))
  const batches = packets.filter(({ code }) => code === packetCodes.messages).length
  for (const { code, payload } of packets) await pair.right.send(code, payload)
  await pair.right.send(packetCodes.messages, encodeMessages([]))
  while (answers <= batches) await new Promise(resolve => setTimeout(resolve, 1))
  await bridge.idle()
  await pair.right.close('done')
  await read
  return (await ended) === 'closed' ? 'kept' : ended
}

function flood(door: string, name: string, make: (scale: number) => readonly OwnPacket[]): Attack<WakuVictim> {
  return {
    door,
    name,
    prepare: async (victim, scale) => {
      const packets = make(scale)
      const bytes = packets.reduce((sum, { payload }) => sum + payload.length, 0)
      return async () => ({ bytes, outcome: await sendAll(victim, packets) })
    }
  }
}

const { messages, statusUpdate } = packetCodes

/** Different topics each time, so that every change widens what is wanted. */
const longestList = () =>
  encodeStatusOptions({ powBits: 0n, topics: Array.from({ length: 10_000 }, () => randomBytes(4)) })

export const wakuAttacks: readonly Attack<WakuVictim>[] = [
  flood('packet 22', 'the longest lists of topics, 50', scale =>
    times(50 * scale, () => ({ code: statusUpdate, payload: longestList() }))
  ),
  flood('packet 22', 'everything and nothing, 250 changes', scale =>
    times(250 * scale, at => ({
      code: statusUpdate,
      payload: encodeStatusOptions(at % 2 === 0 ? { bloom: new Uint8Array(0) } : { topics: [] })
    }))
  ),
  flood('packet 22', 'a list of topics that is too long, 1 MB', scale =>
    times(scale, () => ({
      code: statusUpdate,
      payload: encodeRlp([[5, Array.from({ length: 200_000 }, () => new Uint8Array(4))]])
    }))
  ),
  flood('packet 22', 'a megabyte of options of two bytes', scale =>
    times(scale, () => ({ code: statusUpdate, payload: encodeRlp(Array.from({ length: 300_000 }, () => [9, 1])) }))
  ),
  flood('packet 22', 'an option of a million parts', scale =>
    times(scale, () => ({ code: statusUpdate, payload: encodeRlp([new Array<number>(1_000_000).fill(1)]) }))
  ),
  flood('bad packets', 'bytes that nothing can be read from, 2 000', scale =>
    times(2000 * scale, at => ({ code: [11, 12, 22, 126][at % 4] ?? 22, payload: randomBytes(500) }))
  ),
  flood('bridge', 'envelopes without work, 1 MB', scale =>
    envelopePackets(mebibyte * scale, () => freshEnvelope(randomBytes(4), randomBytes(32)), messages)
  )
]
