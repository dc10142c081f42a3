import { bytesToHex, concatBytes, keccak256 } from '@status-stack/crypto'
import { protobuf } from '@status-stack/protobuf'
import { loadVectors, type VectorCase, vectorBytes } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import { decodeProtocolMessage, drawFor, keyPool, type RecordedDevice, recordedDevice } from '../support/scenario.ts'

const { sections } = await loadVectors('full-stack')

/** The ratchet key that the sender of `message` turns to afterwards in the same session: what it draws when it hears from us. */
function nextKeyOf(envelopes: readonly VectorCase[], after: number, device: RecordedDevice, known: Set<string>) {
  for (const envelope of envelopes.slice(after + 1)) {
    const message = decodeProtocolMessage(vectorBytes(envelope['payload']))
    if (message?.installationId !== device.installationId) continue
    for (const { ratchet } of message.entries) {
      if (ratchet !== undefined && !known.has(String(ratchet.key))) return ratchet.key
    }
  }
  return undefined
}

/** Starts the session that the device started in the recording, so that it can read the answers. */
async function replayStart(
  device: RecordedDevice,
  peer: RecordedDevice,
  bytes: Uint8Array,
  pool: Map<string, Uint8Array>
) {
  const [entry] = decodeProtocolMessage(bytes)?.entries ?? []
  if (entry?.x3dh === undefined || entry.ratchet?.n !== 0) return
  const draws = [drawFor(pool, entry.x3dh.key), drawFor(pool, entry.ratchet.key)]
  device.draws.push(...draws.flatMap(draw => draw ?? []))
  const to = { kind: 'identity', publicKey: peer.publicKey, reach: 'known-devices' } as const
  const sealed = await device.sealer.seal(new Uint8Array(0), to)
  const [ours] = sealed.kind === 'sealed' ? (decodeProtocolMessage(sealed.bytes)?.entries ?? []) : []
  expect(ours?.ratchet).toEqual(entry.ratchet)
  expect(ours?.x3dh).toEqual(entry.x3dh)
}

/** The bytes and all their nested protobuf fields: the application's wrapper is one of them, within a sync payload or bare. */
function fieldsOf(bytes: Uint8Array, depth = 3): Uint8Array[] {
  if (depth === 0) return []
  const found = [bytes]
  try {
    const reader = new protobuf.Reader(bytes)
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      if ((tag & 7) === 2) found.push(...fieldsOf(new Uint8Array(reader.bytes()), depth - 1))
      else reader.skipType(tag & 7)
    }
  } catch {
    // Not a message: its bytes count as they are.
  }
  return found
}

/** Ids of the messages that the recorded receivers showed; type 6 is made by the receiver itself. */
function shownIds(c: VectorCase): string[] {
  return c['phases'].flatMap((phase: VectorCase) =>
    Object.values<VectorCase>(phase['retrieved']).flatMap(({ messages }) =>
      (messages ?? []).filter((m: VectorCase) => m['contentType'] !== 6).map((m: VectorCase) => m['id'].slice(2))
    )
  )
}

describe('full-stack', () => {
  for (const c of sections['conversation'] ?? []) {
    test(`S-11 the security part of every recorded message of ${c.name} opens`, async () => {
      const pool = keyPool(c['allGeneratedKeys'])
      const devices: RecordedDevice[] = await Promise.all(c['devices'].map(recordedDevice))
      const known = new Set<string>(devices.map(({ prekey }) => String(prekey)))
      const opened: number[] = []
      const ids = new Set<string>()
      for (const [at, envelope] of c['envelopes'].entries()) {
        const bytes = vectorBytes(envelope['payload'])
        const sender = devices.find(
          ({ publicKey }) => String(publicKey) === String(vectorBytes(envelope['signerPublicKey']))
        )!
        const receiver = devices.find(device => device !== sender)!
        const message = decodeProtocolMessage(bytes)
        if (message === undefined) {
          const result = await receiver.sealer.open(bytes, { sender: sender.publicKey })
          expect(result).toMatchObject({ kind: 'message', protection: 'none', bytes })
          ids.add(bytesToHex(keccak256(concatBytes(sender.publicKey, bytes))))
          continue
        }
        await replayStart(sender, receiver, bytes, pool)
        for (const { ratchet } of message.entries) if (ratchet) known.add(String(ratchet.key))
        const next = drawFor(pool, nextKeyOf(c['envelopes'], at, receiver, known))
        receiver.draws.push(...(next === undefined ? [] : [next]))
        const result = await receiver.sealer.open(bytes, { sender: sender.publicKey })
        expect(result, `envelope ${at}`).toMatchObject({ kind: 'message' })
        receiver.draws.length = 0
        if (result.kind !== 'message') continue
        for (const field of fieldsOf(result.bytes)) ids.add(bytesToHex(keccak256(concatBytes(sender.publicKey, field))))
        opened.push(at)
      }
      expect(opened.length).toBe(c['envelopes'].length - 1)
      const wanted = shownIds(c)
      expect(wanted.length).toBeGreaterThan(5)
      expect(wanted.filter(id => !ids.has(id))).toEqual([])
    })
  }
})
