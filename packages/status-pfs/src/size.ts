import { bundleTimestamp, ownPrekeys, targetsOf } from './installations.ts'
import { limits } from './limits.ts'
import { refreshedVersion, rotationIsDue } from './prekeys.ts'
import { ratchetOverhead } from './ratchet/cipher.ts'
import type { DeviceRecord } from './records/peer.ts'
import type { SelfRecord } from './records/self.ts'
import { addresseeOf } from './seal.ts'
import { sendingSession } from './sessions.ts'
import { staticOverhead } from './static-dh.ts'
import type { Transaction } from './transaction.ts'
import type { Audience } from './types.ts'
import { encodeDirectEntry, encodeProtocolMessage } from './wire/codec.ts'
import { directEntryLength, publicMessageLength } from './wire/lengths.ts'
import type { Bundle, DirectEntry, SignedPrekey } from './wire/messages.ts'

const key = new Uint8Array(33).fill(2)
const signature = new Uint8Array(65).fill(1)
const noBytes = new Uint8Array(0)

/** Our bundle as long as it will be; a prekey that is due for its rotation counts with its next version. */
async function bundleShape(tx: Transaction, self: SelfRecord): Promise<Bundle> {
  const [mine, ...others] = await ownPrekeys(tx)
  const version = refreshedVersion(tx, self)
  const signedPrekeys: readonly SignedPrekey[] = mine === undefined ? others : [{ ...mine, version }, ...others]
  return { identity: key, signedPrekeys, signature, timestamp: bundleTimestamp(tx) }
}

/** An entry for a device, without its payload. */
function entryShape(tx: Transaction, self: SelfRecord, device: DeviceRecord): DirectEntry {
  const { installationId } = device
  const found = sendingSession(self, device)
  // A rotation ends the sessions that our own prekey names.
  const session = found?.role === 'responder' && rotationIsDue(tx, self) ? undefined : found
  const header = { key, id: key, n: session?.ratchet.sendN ?? 0, pn: session?.ratchet.pn ?? 0 }
  const shape = { installationId, ratchet: header, payload: noBytes }
  return session !== undefined && !session.headerPending ? shape : { ...shape, x3dh: { key, id: key } }
}

/** The length of what sealing now gives, by the length of the plaintext. It grows with it, by one byte at least. */
type SealedLength = (plaintextLength: number) => number

async function sealedLengthFor(tx: Transaction, to: Audience): Promise<SealedLength> {
  const addressee = addresseeOf(tx, to)
  if (addressee.kind === 'public') return length => length
  const self = await tx.self()
  const base = encodeProtocolMessage({
    installationId: tx.options.installationId,
    bundles: [await bundleShape(tx, self)],
    entries: [],
    publicMessage: noBytes
  }).length
  if (addressee.kind === 'contact-code') return length => base + publicMessageLength(length)
  const targets = addressee.anyDevice ? [] : targetsOf(tx, await tx.peer(addressee.identity))
  const shapes =
    targets.length > 0
      ? targets.map(device => ({ entry: entryShape(tx, self, device), overhead: ratchetOverhead }))
      : [{ entry: { installationId: 'none', dhKey: key, payload: noBytes }, overhead: staticOverhead }]
  const entries = shapes.map(({ entry, overhead }) => ({
    id: entry.installationId,
    header: encodeDirectEntry(entry).length,
    overhead
  }))
  return length =>
    entries.reduce((sum, { id, header, overhead }) => sum + directEntryLength(id, header, overhead + length), base)
}

/** Length of what sealing `length` bytes would give now; nothing is generated, signed or stored. */
export async function sealedSizeFor(tx: Transaction, length: number, to: Audience): Promise<number> {
  return (await sealedLengthFor(tx, to))(length)
}

/** The longest plaintext whose sealed length is at most `limit`; 0 also when not even an empty one fits. */
export async function maxPlaintextFor(tx: Transaction, limit: number, to: Audience): Promise<number> {
  const sealedLength = await sealedLengthFor(tx, to)
  // BOUNDED: maxMessageBytes, above which nothing is sealed
  const most = Math.min(limit, limits.maxMessageBytes)
  let fits = 0
  let tooLong = most + 1
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2)
    if (sealedLength(middle) <= most) fits = middle
    else tooLong = middle
  }
  return fits
}
