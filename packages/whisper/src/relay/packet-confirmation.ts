import { keccak256 } from '@status-stack/crypto'
import { packetCodes } from '../packets/codes.ts'
import { encodeBatchAcknowledged, joinMessageResponse } from '../packets/confirmations.ts'
import type { NodeContext } from './context.ts'
import type { Peer } from './peer.ts'

/**
 * What confirms a Messages packet once what was in it is stored: by then its bytes may be those of another one.
 *
 * @param errors the encoded error entries of its envelopes
 */
export function confirmationOf(
  { options }: Pick<NodeContext, 'options'>,
  peer: Peer,
  payload: Uint8Array,
  errors: readonly Uint8Array[]
): () => void {
  // DEVIATION: status-go confirms to everyone; go-ethereum, whose Status has no word about it, throws the packets away.
  if (!options.confirmations || !peer.knowsConfirmations) return () => undefined
  const batch = keccak256(payload)
  return () =>
    peer.answer([
      { code: packetCodes.messageResponse, payload: joinMessageResponse(batch, errors) },
      { code: packetCodes.batchAcknowledged, payload: encodeBatchAcknowledged(batch) }
    ])
}

/** DEVIATION: status-go confirms what it failed to store; then the sender would not send it again. */
export async function confirmKept(isKept: Promise<boolean>, confirm: () => void): Promise<void> {
  if (await isKept) confirm()
}
