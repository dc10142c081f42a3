import { type Protection, protections } from '../protection.ts'
import { createRecordReader, createRecordWriter, type RecordReader, type RecordWriter } from './bytes.ts'
import { readSession, type Session, writeSession } from './session.ts'

export const peerKind = 0x50
/** Version 2 added `brokenMs` and shortened what is remembered of opened messages. */
export const peerVersion = 2
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
  /** Unix nanoseconds of the newest bundle that names it. */
  timestamp: bigint
  /** Unix milliseconds at which its sessions were last found broken; 0 = never. Younger sessions are sent on first. */
  brokenMs: number
  /** In the order of their beginning. */
  sessions: Session[]
  /** Starts of ephemeral keys whose sessions were dropped, oldest first. */
  retired: readonly Uint8Array[]
}

/** All that is known of one identity: one record, so that each seal and each open is one atomic write. */
export interface PeerRecord {
  /** 33 bytes. */
  readonly identity: Uint8Array
  /** Entered in the peer index; `sealed` once something was sealed for it. */
  listed: 'no' | 'met' | 'sealed'
  /** The index knows the secret. */
  rendezvous: boolean
  /** The negotiated secret, 32 bytes, once computed. */
  secret?: Uint8Array
  /** Unix milliseconds of the last advertisement; 0 = never. */
  advertisedMs: number
  devices: DeviceRecord[]
}

const listings = ['no', 'met', 'sealed'] as const

function writeDevice(writer: RecordWriter, device: DeviceRecord): void {
  writer.text(device.installationId)
  writer.u8((device.enabled ? 1 : 0) | (device.heardFrom ? 2 : 0) | (device.prekey === undefined ? 0 : 4))
  writer.u8(protections.indexOf(device.strongest))
  if (device.prekey !== undefined) writer.fixed(device.prekey)
  writer.u32(device.version)
  writer.u32(device.protocolVersion)
  writer.u64(device.timestamp)
  writer.ms(device.brokenMs)
  writer.u16(device.sessions.length)
  for (const session of device.sessions) writeSession(writer, session)
  writer.u16(device.retired.length)
  for (const start of device.retired) writer.fixed(start)
}

function readDevice(reader: RecordReader): DeviceRecord {
  const installationId = reader.text()
  const bits = reader.u8()
  return {
    installationId,
    enabled: (bits & 1) !== 0,
    heardFrom: (bits & 2) !== 0,
    strongest: protections[reader.u8()] ?? 'none',
    ...((bits & 4) === 0 ? {} : { prekey: reader.fixed(33) }),
    version: reader.u32(),
    protocolVersion: reader.u32(),
    timestamp: reader.u64(),
    brokenMs: reader.version === 1 ? 0 : reader.ms(),
    sessions: Array.from({ length: reader.u16() }, () => readSession(reader)),
    retired: Array.from({ length: reader.u16() }, () => reader.fixed(retiredLength))
  }
}

export function newPeer(identity: Uint8Array): PeerRecord {
  return { identity, listed: 'no', rendezvous: false, advertisedMs: 0, devices: [] }
}

export function encodePeer(peer: PeerRecord): Uint8Array {
  const writer = createRecordWriter(peerKind, peerVersion)
  writer.fixed(peer.identity)
  writer.u8(listings.indexOf(peer.listed) | (peer.rendezvous ? 8 : 0) | (peer.secret === undefined ? 0 : 4))
  if (peer.secret !== undefined) writer.fixed(peer.secret)
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
    listed: listings[(bits & 3) as 0 | 1 | 2] ?? 'no',
    rendezvous: (bits & 8) !== 0,
    ...((bits & 4) === 0 ? {} : { secret: reader.fixed(32) }),
    advertisedMs: reader.ms(),
    devices: Array.from({ length: reader.u16() }, () => readDevice(reader))
  }
  reader.end()
  return peer
}
