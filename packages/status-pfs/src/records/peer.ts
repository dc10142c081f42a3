import { type Protection, protections } from '../protection.ts'
import { createRecordReader, createRecordWriter, type RecordReader, type RecordWriter } from './bytes.ts'
import { readSession, type Session, writeSession } from './session.ts'

export const peerKind = 0x50
/**
 * Version 2 added `brokenMs` and shortened what is remembered of opened messages. Version 3 added where a prekey comes from
 * (`prekeyTimestamp`, `firstHand`), the prekeys closed for first messages, and the remote prekey of a session.
 */
const peerVersion = 3
/** Bytes of an ephemeral key that are remembered once its session is dropped. */
export const retiredLength = 16

/** What is known of one installation. Belongs to the transaction that loaded it, like all records. */
export interface DeviceRecord {
  readonly installationId: string
  enabled: boolean
  heardFrom: boolean
  strongest: Protection
  /** Its signed prekey, 33 bytes; absent while only a message of it is known. */
  prekey?: Uint8Array
  /** Version of the prekey; 0 without one. */
  version: number
  protocolVersion: number
  /** Unix nanoseconds of the newest bundle that names it, as signed. */
  timestamp: bigint
  /** Unix nanoseconds of the bundle that the prekey was taken from, as signed. */
  prekeyTimestamp: bigint
  /** That bundle was the device's own, not one of its siblings'. */
  firstHand: boolean
  /** Unix milliseconds at which its sessions were last found broken; 0 = never. Younger sessions are sent on first. */
  brokenMs: number
  /** In the order of their beginning. */
  sessions: Session[]
  /** Starts of ephemeral keys whose sessions were dropped, oldest first. */
  retired: readonly Uint8Array[]
  /** Our current prekey when the last of them was added, 33 bytes: once it is gone, so are all they were sealed against. */
  retiredPrekey?: Uint8Array
  /** The prekey of ours, 33 bytes, that is closed for first messages of this device, with all that are older. */
  closedPrekey?: Uint8Array
}

/** All that is known of one identity: one record, so that each seal and each open is one atomic write. */
export interface PeerRecord {
  /** 33 bytes. */
  readonly identity: Uint8Array
  /** Whether it is in the peer index; `contacted` once something was sealed for it while it was known. */
  indexed: Indexed
  /** The index knows the secret. */
  rendezvous: boolean
  /** The negotiated secret, 32 bytes, once computed. */
  secret?: Uint8Array
  /** Unix milliseconds of the last advertisement; 0 = never. */
  advertisedMs: number
  /** As `closedPrekey` of a device, for devices that are not known, or no longer. */
  closedPrekey?: Uint8Array
  devices: DeviceRecord[]
}

export type Indexed = 'none' | 'seen' | 'contacted'

const indexedValues: readonly Indexed[] = ['none', 'seen', 'contacted']

const enabledBit = 1
const heardFromBit = 2
const prekeyBit = 4
const firstHandBit = 8
const closedBit = 16
const retiredPrekeyBit = 32

function writeDevice(writer: RecordWriter, device: DeviceRecord): void {
  writer.text(device.installationId)
  writer.u8(
    (device.enabled ? enabledBit : 0) |
      (device.heardFrom ? heardFromBit : 0) |
      (device.prekey === undefined ? 0 : prekeyBit) |
      (device.firstHand ? firstHandBit : 0) |
      (device.closedPrekey === undefined ? 0 : closedBit) |
      (device.retiredPrekey === undefined ? 0 : retiredPrekeyBit)
  )
  writer.u8(protections.indexOf(device.strongest))
  if (device.prekey !== undefined) writer.fixed(device.prekey)
  writer.u32(device.version)
  writer.u32(device.protocolVersion)
  writer.u64(device.timestamp)
  writer.u64(device.prekeyTimestamp)
  if (device.closedPrekey !== undefined) writer.fixed(device.closedPrekey)
  if (device.retiredPrekey !== undefined) writer.fixed(device.retiredPrekey)
  writer.ms(device.brokenMs)
  writer.u16(device.sessions.length)
  for (const session of device.sessions) writeSession(writer, session)
  writer.u16(device.retired.length)
  for (const start of device.retired) writer.fixed(start)
}

function readDevice(reader: RecordReader): DeviceRecord {
  const installationId = reader.text()
  const bits = reader.u8()
  const strongest = protections[reader.u8()] ?? 'none'
  const prekey = (bits & prekeyBit) === 0 ? {} : { prekey: reader.fixed(33) }
  const version = reader.u32()
  const protocolVersion = reader.u32()
  const timestamp = reader.u64()
  const prekeyTimestamp = reader.version < 3 ? timestamp : reader.u64()
  const closed = (bits & closedBit) === 0 ? {} : { closedPrekey: reader.fixed(33) }
  const retired = (bits & retiredPrekeyBit) === 0 ? {} : { retiredPrekey: reader.fixed(33) }
  return {
    installationId,
    enabled: (bits & enabledBit) !== 0,
    heardFrom: (bits & heardFromBit) !== 0,
    strongest,
    ...prekey,
    version,
    protocolVersion,
    timestamp,
    prekeyTimestamp,
    firstHand: (bits & firstHandBit) !== 0,
    ...closed,
    ...retired,
    brokenMs: reader.version === 1 ? 0 : reader.ms(),
    sessions: Array.from({ length: reader.u16() }, () => readSession(reader, { ...prekey, version })),
    retired: Array.from({ length: reader.u16() }, () => reader.fixed(retiredLength))
  }
}

export function newPeer(identity: Uint8Array): PeerRecord {
  return { identity, indexed: 'none', rendezvous: false, advertisedMs: 0, devices: [] }
}

export function encodePeer(peer: PeerRecord): Uint8Array {
  const writer = createRecordWriter(peerKind, peerVersion)
  writer.fixed(peer.identity)
  writer.u8(
    indexedValues.indexOf(peer.indexed) |
      (peer.secret === undefined ? 0 : 4) |
      (peer.rendezvous ? 8 : 0) |
      (peer.closedPrekey === undefined ? 0 : 16)
  )
  if (peer.secret !== undefined) writer.fixed(peer.secret)
  if (peer.closedPrekey !== undefined) writer.fixed(peer.closedPrekey)
  writer.ms(peer.advertisedMs)
  writer.u16(peer.devices.length)
  for (const device of peer.devices) writeDevice(writer, device)
  return writer.finish()
}

/** @throws PfsError `record-corrupt`, `record-version` */
export function decodePeer(bytes: Uint8Array): PeerRecord {
  const reader = createRecordReader(bytes, peerKind, peerVersion)
  const identity = reader.fixed(33)
  const bits = reader.u8()
  const peer: PeerRecord = {
    identity,
    indexed: indexedValues[bits & 3] ?? 'none',
    rendezvous: (bits & 8) !== 0,
    ...((bits & 4) === 0 ? {} : { secret: reader.fixed(32) }),
    ...((bits & 16) === 0 ? {} : { closedPrekey: reader.fixed(33) }),
    advertisedMs: reader.ms(),
    devices: Array.from({ length: reader.u16() }, () => readDevice(reader))
  }
  reader.end()
  return peer
}
