import { ownPrekeys, targetsOf } from './installations.ts'
import { currentPrekey, rollIsDue } from './prekeys.ts'
import { ratchetOverhead } from './ratchet/cipher.ts'
import type { DeviceRecord } from './records/peer.ts'
import type { SelfRecord } from './records/self.ts'
import { addresseeOf } from './seal.ts'
import { sendingSession } from './sessions.ts'
import { staticOverhead } from './static-dh.ts'
import type { Transaction } from './transaction.ts'
import type { Audience } from './types.ts'
import { type Bundle, type DirectEntry, encodeProtocolMessage, type SignedPrekey } from './wire/codec.ts'

const key = new Uint8Array(33).fill(2)
const signature = new Uint8Array(65).fill(1)

/** Our bundle as long as it will be; a prekey that is due for its roll counts with its next version. */
async function bundleShape(tx: Transaction, self: SelfRecord): Promise<Bundle> {
  const [mine, ...others] = await ownPrekeys(tx)
  const version = currentPrekey(self).version + (rollIsDue(tx, self) ? 1 : 0)
  const signedPrekeys: readonly SignedPrekey[] = mine === undefined ? others : [{ ...mine, version }, ...others]
  return { identity: key, signedPrekeys, signature, timestamp: BigInt(tx.nowMs) * 1_000_000n }
}

function entryShape(tx: Transaction, self: SelfRecord, device: DeviceRecord, length: number): DirectEntry {
  const { installationId } = device
  const payload = new Uint8Array(length + ratchetOverhead)
  const rolls = rollIsDue(tx, self)
  const found = sendingSession(self, device)
  // A roll ends the sessions that our own prekey names.
  const session = found?.role === 'responder' && rolls ? undefined : found
  const header = { key, id: key, n: session?.ratchet.sendN ?? 0, pn: session?.ratchet.pn ?? 0 }
  if (session !== undefined && !session.headerPending) return { installationId, ratchet: header, payload }
  return { installationId, x3dh: { key, id: key }, ratchet: header, payload }
}

/** Length of what sealing `length` bytes would give now; nothing is generated, signed or stored. */
export async function sealedSizeFor(tx: Transaction, length: number, to: Audience): Promise<number> {
  const addressee = addresseeOf(tx, to)
  if (addressee.kind === 'public') return length
  const self = await tx.self()
  const shape = {
    installationId: tx.options.installationId,
    bundles: [await bundleShape(tx, self)],
    entries: [] as readonly DirectEntry[],
    publicMessage: new Uint8Array(0)
  }
  if (addressee.kind === 'contact-code') {
    return encodeProtocolMessage({ ...shape, publicMessage: new Uint8Array(length) }).length
  }
  const targets = addressee.anyDevice ? [] : targetsOf(tx, await tx.peer(addressee.identity))
  const entries =
    targets.length > 0
      ? targets.map(device => entryShape(tx, self, device, length))
      : [{ installationId: 'none', dhKey: key, payload: new Uint8Array(length + staticOverhead) }]
  return encodeProtocolMessage({ ...shape, entries }).length
}
