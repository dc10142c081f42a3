import { bytesToHex } from '@status-stack/crypto'
import { check } from './checks.ts'
import { PfsError } from './errors.ts'
import type { Protection } from './protection.ts'
import { type DeviceRecord, decodePeer, type Indexed, peerKind } from './records/peer.ts'
import { decodeIndex, indexKind } from './records/peer-index.ts'
import { decodeSelf, selfKind } from './records/self.ts'
import type { Session } from './records/session.ts'
import { wipePeer, wipeSelf } from './records/wipe.ts'

/** One session as a debugger sees it: public keys, counters and times. */
export interface SessionDescription {
  /** Prekey of the side that did not begin the session, 66 hex digits: names the session. */
  readonly bundleId: string
  /** Whether we began the session or answered. */
  readonly role: 'initiator' | 'responder'
  /** The X3DH header still goes out with each message. */
  readonly headerPending: boolean
  /** Prekey version of the device when the session began; 0 while none was known. */
  readonly remoteVersion: number
  /** When the session began, Unix milliseconds. */
  readonly createdMs: number
  /** When it last sealed or opened something, Unix milliseconds. */
  readonly usedMs: number
  /** Own and remote ratchet public key; the remote one is empty while nothing was received. */
  readonly selfKey: string
  /** 66 hex digits. */
  readonly remoteKey: string
  /** Number of the next message in the sending chain. */
  readonly sendN: number
  /** Number of the next message expected in the receiving chain. */
  readonly recvN: number
  /** Length of the sending chain before this one. */
  readonly pn: number
  /** Message keys ever stored. */
  readonly keysCount: number
  /** Keys of messages that did not arrive, and of messages that wait for `confirm`. */
  readonly skipped: number
  /** Keys of messages that were opened and not confirmed. */
  readonly unconfirmed: number
  /** Opened messages remembered to tell replays. */
  readonly seen: number
}

/** What a stored record says of one device, without secrets. */
export interface DeviceDescription {
  /** The device's own name for itself. */
  readonly installationId: string
  /** Whether it may get copies: own devices are paired first, those of others are enabled from the start. */
  readonly enabled: boolean
  /** A direct message of it was opened here. */
  readonly heardFrom: boolean
  /** The best protection that a message of it had. */
  readonly strongest: Protection
  /** Its signed prekey, 66 hex digits; empty while only a message of it is known. */
  readonly prekey: string
  /** Version of the prekey; 0 without one. */
  readonly version: number
  /** Time of the newest bundle that names it, as signed, Unix milliseconds. */
  readonly bundleMs: number
  /** When its sessions were last found broken, Unix milliseconds; 0 for never. */
  readonly brokenMs: number
  /** In the order of their beginning. */
  readonly sessions: readonly SessionDescription[]
}

/** What a stored record holds, without secrets. */
export type RecordDescription =
  | {
      readonly kind: 'self'
      readonly identity: string
      readonly installationId: string
      readonly recoveredMs: number
      readonly prekeys: readonly {
        readonly publicKey: string
        readonly version: number
        readonly createdMs: number
        readonly replacedMs: number
      }[]
    }
  | { readonly kind: 'peers'; readonly identities: readonly { readonly identity: string; readonly sealed: boolean }[] }
  | {
      readonly kind: 'peer'
      readonly identity: string
      /** Whether it is in the index of identities; `contacted` once something was sealed for it. */
      readonly indexed: Indexed
      readonly rendezvous: boolean
      readonly advertisedMs: number
      readonly devices: readonly DeviceDescription[]
    }

function describeSession({ ratchet, ...session }: Session): SessionDescription {
  const unconfirmed = ratchet.messageKeys.filter(({ opened }) => opened).length
  return {
    bundleId: bytesToHex(session.bundleId),
    role: session.role,
    headerPending: session.headerPending,
    remoteVersion: session.remoteVersion,
    createdMs: session.createdMs,
    usedMs: session.usedMs,
    selfKey: bytesToHex(ratchet.self.publicKey),
    remoteKey: bytesToHex(ratchet.remote ?? new Uint8Array(0)),
    sendN: ratchet.sendN,
    recvN: ratchet.recvN,
    pn: ratchet.pn,
    keysCount: ratchet.keysCount,
    skipped: ratchet.messageKeys.length - unconfirmed,
    unconfirmed,
    seen: session.seen.length / 4
  }
}

function describeDevice(device: DeviceRecord): DeviceDescription {
  return {
    installationId: device.installationId,
    enabled: device.enabled,
    heardFrom: device.heardFrom,
    strongest: device.strongest,
    prekey: bytesToHex(device.prekey ?? new Uint8Array(0)),
    version: device.version,
    bundleMs: Number(device.timestamp / 1_000_000n),
    brokenMs: device.brokenMs,
    sessions: device.sessions.map(describeSession)
  }
}

function describePeer(record: Uint8Array): RecordDescription {
  const peer = decodePeer(record)
  const description: RecordDescription = {
    kind: 'peer',
    identity: bytesToHex(peer.identity),
    indexed: peer.indexed,
    rendezvous: peer.rendezvous,
    advertisedMs: peer.advertisedMs,
    devices: peer.devices.map(describeDevice)
  }
  wipePeer(peer)
  return description
}

function describeSelf(record: Uint8Array): RecordDescription {
  const self = decodeSelf(record)
  wipeSelf(self)
  return {
    kind: 'self',
    identity: bytesToHex(self.identity),
    installationId: self.installationId,
    recoveredMs: self.recoveredMs,
    prekeys: self.prekeys.map(({ pair, version, createdMs, replacedMs }) => ({
      publicKey: bytesToHex(pair.publicKey),
      version,
      createdMs,
      replacedMs
    }))
  }
}

/**
 * What a debugger needs of one stored record, as plain data and without any secret: no private key, chain key, message
 * key or rendezvous secret. It names contacts and devices all the same: warn users before they share it.
 *
 * @example
 * ```ts
 * const stored = await store.get(id)
 * if (stored !== undefined) console.log(describeRecord(stored.record))
 * ```
 * @throws PfsError `invalid-argument`, `record-corrupt`, `record-version`
 */
export function describeRecord(record: Uint8Array): RecordDescription {
  check.bytes('record', record)
  switch (record[0]) {
    case peerKind:
      return describePeer(record)
    case selfKind:
      return describeSelf(record)
    case indexKind: {
      const identities = decodeIndex(record).entries.map(({ identity, sealed, secret }) => {
        secret?.fill(0)
        return { identity: bytesToHex(identity), sealed }
      })
      return { kind: 'peers', identities }
    }
    default:
      throw new PfsError('record-corrupt', 'record: not a record of this layer', { origin: 'environment' })
  }
}
