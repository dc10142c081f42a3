import { concatBytes } from '@status-stack/crypto'

/** Store key of a record, a body or a seen id: peer and message id. */
export function pairKey(peer: Uint8Array, id: Uint8Array): Uint8Array {
  return concatBytes(peer, id)
}

/** Store key of a slot of a peer's duplicate memory: peer and number, four bytes. */
export function slotKey(peer: Uint8Array, slot: number): Uint8Array {
  const number = new Uint8Array(4)
  new DataView(number.buffer).setUint32(0, slot, false)
  return concatBytes(peer, number)
}
