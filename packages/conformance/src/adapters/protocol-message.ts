import type { Audience, SealResult } from '@status-stack/status-pfs'
import {
  createBundle,
  type DirectEntry,
  decodeProtocolMessage,
  encodeProtocolMessage,
  type ProtocolMessage
} from '@status-stack/status-pfs/primitives'
import { type VectorCase, vectorBytes, vectorHex } from '@status-stack/vectors'
import type { Adapter } from '../runner/adapter.ts'
import type { Check } from '../runner/check.ts'
import {
  type DeviceVector,
  drawsOf,
  keyPool,
  type RecordedDevice,
  type RecordedPair,
  recordedDevice
} from './recorded-device.ts'

export const protocolMessage: Adapter = {
  file: 'protocol-message.json',
  sections: {
    scenario: {
      reproduce: (vector, check) => replay(vector, check, true),
      decode: (vector, check) => replay(vector, check, false)
    }
  }
}

interface Received {
  readonly device: string
  readonly ok: boolean
  readonly payload?: string
  readonly error?: string
  readonly keysGeneratedByReceiver: readonly RecordedPair[] | null
}

interface VectorMessage {
  readonly from: string
  readonly to?: string
  readonly kind: 'public' | 'direct' | 'dh'
  readonly public: boolean
  readonly payload: string
  readonly protobuf: string
  readonly sharedSecret: string | null
  readonly partitionedTopicMode: number
  readonly keysGeneratedBySender: readonly RecordedPair[] | null
  readonly received: readonly Received[] | null
  // biome-ignore lint/suspicious/noExplicitAny: compared as a whole
  readonly decoded: any
}

type Devices = ReadonlyMap<string, RecordedDevice>

/**
 * Plays a conversation: every sender seals what the recorded one sealed, with its keys, and every receiver opens the
 * recorded bytes. Receivers can only open what their own sessions lead to, so both happen in both directions;
 * `sealing` says whether what the senders made is compared.
 */
async function replay(vector: VectorCase, check: Check, sealing: boolean): Promise<void> {
  const messages: readonly VectorMessage[] = vector['messages']
  const devices = await devicesOf(vector, messages)
  await introduce(messages, devices)
  for (const [index, message] of messages.entries()) {
    const field = `messages[${index}]`
    const decoded = decode(message)
    check.equal(`${field}.kind`, kindOf(message, decoded), message.kind)
    if (!sealing) {
      check.equal(`${field}.decoded`, withoutAbsent(message.decoded), spelled(decoded))
      // One bundle entry and one direct entry at most: then the order of the maps is fixed, and so are the bytes.
      if (isOrdered(decoded)) check.bytes(`${field}.protobuf`, message.protobuf, encodeProtocolMessage(decoded))
    }
    const result = await seal(message, decoded, devices)
    if (sealing) checkSealed(field, message, result, device(devices, message.from), check)
    for (const [at, received] of (message.received ?? []).entries())
      await receive(`${field}.received[${at}]`, message, received, devices, check)
    if (index === 1) await cross(vector, messages, devices, check)
  }
}

/** A message for nobody in particular is public; one for every device of its reader may have been asked for, or not. */
function kindOf({ kind }: VectorMessage, { entries }: ProtocolMessage): VectorMessage['kind'] {
  if (entries.length === 0) return 'public'
  return kind === 'dh' && entries.every(({ installationId }) => installationId === 'none') ? 'dh' : 'direct'
}

async function devicesOf(vector: VectorCase, messages: readonly VectorMessage[]): Promise<Devices> {
  // Bundles of the recording lie in the past of every device.
  const bundles = messages.flatMap(message => decode(message).bundles)
  const nowMs = Math.max(0, ...bundles.map(({ timestamp }) => Number(timestamp / 1_000_000n))) + 1000
  const vectors: readonly DeviceVector[] = vector['devices']
  const devices = new Map<string, RecordedDevice>()
  for (const each of vectors) devices.set(each.name, await recordedDevice(each, nowMs))
  return devices
}

function device(devices: Devices, name: string): RecordedDevice {
  const found = devices.get(name)
  if (found === undefined) throw new Error(`devices: no ${name}`)
  return found
}

function decode(message: VectorMessage): ProtocolMessage {
  const decoded = decodeProtocolMessage(vectorBytes(message.protobuf))
  if (decoded === undefined) throw new Error('protobuf: not a ProtocolMessage')
  return decoded
}

/** Bundles came out of band when somebody seals for a device that has not reached them with any message before. */
async function introduce(messages: readonly VectorMessage[], devices: Devices): Promise<void> {
  const known = new Set<string>()
  for (const message of messages) {
    const sender = device(devices, message.from)
    await pairWith(decode(message), sender, devices)
    for (const { installationId } of decode(message).entries) {
      const target = [...devices.values()].find(other => other.installationId === installationId)
      if (target === undefined || known.has(`${sender.name} ${target.name}`)) continue
      known.add(`${sender.name} ${target.name}`)
      await sender.sealer.open(target.announcement(), { sender: target.identity.publicKey })
    }
    for (const { device: name } of message.received ?? []) known.add(`${name} ${message.from}`)
  }
}

/** A bundle that names other devices of its owner was made by one who had paired with them. */
async function pairWith({ bundles }: ProtocolMessage, sender: RecordedDevice, devices: Devices): Promise<void> {
  for (const { installationId } of bundles.flatMap(bundle => bundle.signedPrekeys)) {
    if (installationId === sender.installationId) continue
    const other = [...devices.values()].find(each => each.installationId === installationId)
    if (other === undefined) continue
    await sender.sealer.open(other.announcement(), { sender: other.identity.publicKey })
    await sender.sealer.enable(installationId, true)
  }
}

async function seal(message: VectorMessage, decoded: ProtocolMessage, devices: Devices): Promise<SealResult> {
  const sender = device(devices, message.from)
  const target = message.to === undefined ? undefined : device(devices, message.to)
  const order = target === undefined ? [] : await sender.sealer.devices(target.identity.publicKey)
  const rank = ({ installationId }: DirectEntry): number =>
    order.findIndex(other => other.installationId === installationId)
  const entries = [...decoded.entries].sort((a, b) => rank(a) - rank(b))
  sender.draws.push(...drawsOf(entries, keyPool(message.keysGeneratedBySender)))
  const result = await sender.sealer.seal(vectorBytes(message.payload), audienceOf(message, sender, target))
  if (sender.draws.length > 0) throw new Error(`${sender.name} did not draw ${sender.draws.length} recorded values`)
  return result
}

function audienceOf(message: VectorMessage, sender: RecordedDevice, target: RecordedDevice | undefined): Audience {
  if (target === undefined) return { kind: 'contact-code', owner: sender.identity.publicKey }
  const reach = message.kind === 'dh' ? 'any-device' : 'known-devices'
  if (vectorHex(target.identity.publicKey) === vectorHex(sender.identity.publicKey))
    return { kind: 'own-devices', reach }
  return { kind: 'identity', publicKey: target.identity.publicKey, reach }
}

function checkSealed(
  field: string,
  message: VectorMessage,
  result: SealResult,
  sender: RecordedDevice,
  check: Check
): void {
  if (result.kind !== 'sealed') throw new Error(`${field}: sealed for nobody`)
  const decoded = decodeProtocolMessage(result.bytes)
  if (decoded === undefined) throw new Error(`${field}: sealed to something that is no ProtocolMessage`)
  // Timestamps are of the moment; with the recorded ones the recorded signatures and bytes come out.
  const bundles = decoded.bundles.map(({ signedPrekeys }, index) =>
    createBundle(sender.identity, signedPrekeys, BigInt(message.decoded.bundles[index]?.timestamp ?? 0))
  )
  const signed = { ...decoded, bundles }
  check.equal(`${field}.decoded`, withoutAbsent(message.decoded), spelled(signed))
  if (isOrdered(signed)) check.bytes(`${field}.protobuf`, message.protobuf, encodeProtocolMessage(signed))
  check.equal(`${field}.public`, message.public, decoded.entries.length === 0)
  check.bytes(`${field}.sharedSecret`, message.sharedSecret, result.rendezvous)
  const forDevices = decoded.entries.length > 0 && decoded.entries.every(entry => entry.installationId !== 'none')
  check.equal(`${field}.partitionedTopicMode`, message.partitionedTopicMode, forDevices ? 1 : 0)
}

async function receive(
  field: string,
  message: VectorMessage,
  received: Received,
  devices: Devices,
  check: Check
): Promise<void> {
  const receiver = device(devices, received.device)
  receiver.draws.push(...keyPool(received.keysGeneratedByReceiver).values())
  const sender = device(devices, message.from).identity.publicKey
  const result = await receiver.sealer.open(vectorBytes(message.protobuf), { sender })
  check.equal(`${field}.ok`, received.ok, result.kind === 'message')
  if (result.kind === 'message') check.bytes(`${field}.payload`, received.payload, result.bytes)
  if (receiver.draws.length > 0) throw new Error(`${receiver.name} did not draw ${receiver.draws.length} recorded keys`)
}

/** What two devices opened after message 1 that had not reached them before: `bobDecryptsMessage0`. */
async function cross(
  vector: VectorCase,
  messages: readonly VectorMessage[],
  devices: Devices,
  check: Check
): Promise<void> {
  const crossed: Readonly<Record<string, string>> = vector['crossReceived'] ?? {}
  for (const [name, payload] of Object.entries(crossed).sort(([a], [b]) => Number(a.slice(-1)) - Number(b.slice(-1)))) {
    const match = /^(.+)DecryptsMessage(\d+)$/.exec(name)
    const message = messages[Number(match?.[2])]
    if (match?.[1] === undefined || message === undefined) throw new Error(`crossReceived: cannot read ${name}`)
    const received = { device: match[1], ok: true, payload, keysGeneratedByReceiver: null }
    await receive(`crossReceived.${name}`, message, received, devices, check)
  }
}

function isOrdered({ bundles, entries }: ProtocolMessage): boolean {
  return entries.length < 2 && bundles.every(bundle => bundle.signedPrekeys.length < 2)
}

/** A ProtocolMessage in the spelling of the vectors. */
function spelled(message: ProtocolMessage) {
  return {
    installationId: message.installationId,
    publicMessage: message.publicMessage,
    bundles: message.bundles.map(({ identity, signature, timestamp, signedPrekeys }) => {
      const signedPreKeys = signedPrekeys.map(({ installationId, publicKey, version, protocolVersion }) => [
        installationId,
        { signedPreKey: publicKey, version, protocolVersion }
      ])
      return { identity, signature, timestamp, signedPreKeys: Object.fromEntries(signedPreKeys) }
    }),
    directMessage: Object.fromEntries(message.entries.map(entry => [entry.installationId, spelledEntry(entry)]))
  }
}

function spelledEntry({ x3dh, ratchet, dhKey, payload }: DirectEntry) {
  return {
    ...(x3dh === undefined ? {} : { x3dhHeader: x3dh }),
    ...(ratchet === undefined ? {} : { drHeader: ratchet }),
    ...(dhKey === undefined ? {} : { dhHeader: { key: dhKey } }),
    payload
  }
}

function withoutAbsent(decoded: VectorMessage['decoded']) {
  return { ...decoded, bundles: decoded.bundles ?? [], directMessage: decoded.directMessage ?? {} }
}
