import { bytesToHex } from '@status-stack/crypto'
import { loadVectors, type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import { describe, expect, test } from 'vitest'
import type { Audience, SealResult } from '../../src/index.ts'
import {
  createBundle,
  decodeProtocolMessage,
  encodeProtocolMessage,
  type ProtocolMessage
} from '../../src/primitives.ts'
import { drawFor, keyPool, type RecordedDevice, recordedDevice } from '../support/scenario.ts'
import { identityOf } from '../support/sealers.ts'

const { sections } = await loadVectors('protocol-message')

/** A ProtocolMessage in the spelling of the vectors, without timestamps and signatures. */
function shown(message: ProtocolMessage) {
  return {
    installationId: message.installationId,
    publicMessage: vectorHex(message.publicMessage),
    bundles: message.bundles.map(bundle => ({
      identity: vectorHex(bundle.identity),
      signedPreKeys: Object.fromEntries(
        bundle.signedPrekeys.map(({ installationId, publicKey, version, protocolVersion }) => [
          installationId,
          { signedPreKey: vectorHex(publicKey), version, protocolVersion }
        ])
      )
    })),
    directMessage: Object.fromEntries(
      message.entries.map(({ installationId, ratchet, x3dh, dhKey, payload }) => [
        installationId,
        {
          ...(dhKey && { dhHeader: { key: vectorHex(dhKey) } }),
          ...(ratchet && {
            drHeader: { id: vectorHex(ratchet.id), key: vectorHex(ratchet.key), n: ratchet.n, pn: ratchet.pn }
          }),
          ...(x3dh && { x3dhHeader: { id: vectorHex(x3dh.id), key: vectorHex(x3dh.key) } }),
          payload: vectorHex(payload)
        }
      ])
    )
  }
}

function recorded(decoded: VectorCase) {
  const { directMessage, installationId, publicMessage } = decoded as Record<string, unknown>
  const bundles = decoded['bundles'].map(({ identity, signedPreKeys }: VectorCase) => ({ identity, signedPreKeys }))
  return { bundles, directMessage, installationId, publicMessage }
}

function audience(message: VectorCase, to: RecordedDevice | undefined, from: RecordedDevice): Audience {
  if (message['public']) return { kind: 'contact-code', owner: from.publicKey }
  const reach = message['kind'] === 'dh' ? 'any-device' : 'known-devices'
  return { kind: 'identity', publicKey: to!.publicKey, reach }
}

/** What the sender drew: for each new session ephemeral and ratchet key, for a static-key message ephemeral and nonce. */
function drawsOf(bytes: Uint8Array, pool: Map<string, Uint8Array>): Uint8Array[] {
  const message = decodeProtocolMessage(bytes)!
  return message.entries.flatMap(({ x3dh, ratchet, dhKey, payload }) =>
    [
      drawFor(pool, x3dh?.key),
      x3dh && drawFor(pool, ratchet?.key),
      drawFor(pool, dhKey),
      dhKey && payload.slice(-12)
    ].flatMap(draw => draw ?? [])
  )
}

async function devicesOf(scenario: VectorCase): Promise<Map<string, RecordedDevice>> {
  const devices = await Promise.all(scenario['devices'].map(recordedDevice))
  return new Map(devices.map((device: RecordedDevice) => [device.name, device]))
}

/** Bundles exchanged out of band: devices that a message is sealed for before they have said anything. */
async function introduce(scenario: VectorCase, devices: Map<string, RecordedDevice>): Promise<void> {
  const spoken = new Set<string>()
  for (const message of scenario['messages']) {
    const sender = devices.get(message.from)!
    for (const id of Object.keys(message.decoded.directMessage)) {
      const target = [...devices.values()].find(({ installationId }) => installationId === id)
      if (target !== undefined && !spoken.has(target.name) && !spoken.has(`${sender.name} ${id}`)) {
        spoken.add(`${sender.name} ${id}`)
        if (message.kind === 'direct') await sender.learn(target)
      }
    }
    if (message.received !== null) spoken.add(message.from)
  }
}

async function receive(message: VectorCase, devices: Map<string, RecordedDevice>) {
  const sender = devices.get(message['from'])!
  for (const received of message['received'] ?? []) {
    const device = devices.get(received.device)!
    device.draws.push(...keyPool(received.keysGeneratedByReceiver).values())
    const result = await device.sealer.open(vectorBytes(message['protobuf']), { sender: sender.publicKey })
    if (received.ok) {
      expect(result.kind).toBe('message')
      if (result.kind === 'message') expect(vectorHex(result.bytes)).toBe(received.payload)
    } else if (received.error === 'no payload') {
      expect(result.kind).toBe('nothing')
    } else {
      expect(received.error).toBe('device not found')
      expect(result).toMatchObject({ kind: 'unreadable', reason: 'not-for-this-device' })
    }
    expect(device.draws, `${received.device} drew every recorded key`).toEqual([])
  }
}

function checkSealed(result: SealResult, message: VectorCase, sender: VectorCase) {
  if (result.kind !== 'sealed') return expect.fail('sealed for nobody')
  const decoded = decodeProtocolMessage(result.bytes)!
  expect(shown(decoded)).toEqual(recorded(message['decoded']))
  expect(result.rendezvous === undefined ? null : vectorHex(result.rendezvous)).toBe(message['sharedSecret'])
  // With the recorded timestamps the very bytes come out, where the order of maps is fixed.
  const [wanted] = message['decoded'].bundles
  const identity = identityOf(vectorBytes(sender['identityPrivateKey']))
  const bundles = decoded.bundles.map(({ signedPrekeys }) =>
    createBundle(identity, signedPrekeys, BigInt(wanted.timestamp))
  )
  expect(vectorHex(bundles[0]!.signature)).toBe(wanted.signature)
  const bytes = encodeProtocolMessage({ ...decoded, bundles })
  if (decoded.entries.length < 2) expect(vectorHex(bytes)).toBe(message['protobuf'])
  else expect(bytes.length).toBe(vectorBytes(message['protobuf']).length)
}

describe('protocol-message', () => {
  for (const scenario of sections['scenario'] ?? []) {
    test(`S-10 scenario ${scenario.name}: both directions, message by message`, async () => {
      const devices = await devicesOf(scenario)
      await introduce(scenario, devices)
      const unread: VectorCase[] = []
      for (const [at, message] of scenario['messages'].entries()) {
        const sender = devices.get(message.from)!
        expect(shown(decodeProtocolMessage(vectorBytes(message.protobuf))!)).toEqual(recorded(message.decoded))

        const pool = keyPool(message.keysGeneratedBySender)
        const target = message.to === undefined ? undefined : devices.get(message.to)
        const to = audience(message, target, sender)
        // Draws follow the order of our targets, which is the order of their introduction.
        const order = await sender.sealer.devices(target?.publicKey ?? sender.publicKey)
        const draws = drawsOf(reorder(message, order), pool)
        sender.draws.push(...draws)
        const sealed = await sender.sealer.seal(vectorBytes(message.public ? message.payload : message.payload), to)
        checkSealed(
          sealed,
          message,
          scenario['devices'].find((device: VectorCase) => device.name === message.from)
        )
        expect(sender.draws, 'the sender drew every recorded key').toEqual([])

        await receive(message, devices)
        if (message.received === null) unread.push(message)
        if (at === 1 && scenario['crossReceived']) await cross(scenario, devices, unread)
      }
    })
  }
})

function reorder(message: VectorCase, order: readonly { installationId: string }[]): Uint8Array {
  const decoded = decodeProtocolMessage(vectorBytes(message['protobuf']))!
  const rank = (id: string) => order.findIndex(({ installationId }) => installationId === id)
  const entries = [...decoded.entries].sort((a, b) => rank(a.installationId) - rank(b.installationId))
  return encodeProtocolMessage({ ...decoded, entries })
}

async function cross(scenario: VectorCase, devices: Map<string, RecordedDevice>, unread: VectorCase[]) {
  const crossed: [string, string][] = [
    ['bob', scenario['crossReceived'].bobDecryptsMessage0],
    ['alice', scenario['crossReceived'].aliceDecryptsMessage1]
  ]
  for (const [i, [by, payload]] of crossed.entries()) {
    const message = unread[i]!
    const sender = devices.get(message['from'])!
    const result = await devices.get(by)!.sealer.open(vectorBytes(message['protobuf']), { sender: sender.publicKey })
    expect(result.kind === 'message' && bytesToHex(result.bytes)).toBe(payload.slice(2))
  }
}
