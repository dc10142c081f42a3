import { equalBytes, hexToBytes } from '@status-stack/crypto'
import { check } from './checks.ts'
import { PfsError } from './errors.ts'
import { findDevice } from './installations.ts'
import { isCompressedKey } from './keys.ts'
import { findMessageKey, withoutMessageKey } from './ratchet/message-keys.ts'
import type { Transaction } from './transaction.ts'
import type { Receipt } from './types.ts'

function key33(name: string, hex: string): Uint8Array {
  const bytes = typeof hex === 'string' && /^[0-9a-f]{66}$/.test(hex) ? hexToBytes(hex) : undefined
  if (bytes === undefined || !isCompressedKey(bytes)) {
    throw new PfsError('invalid-receipt', `receipt: ${name} is not a public key`, { origin: 'caller' })
  }
  return bytes
}

/** Deletes the key of one opened message. @throws PfsError `invalid-argument`, `invalid-receipt` */
export async function confirmReceipt(tx: Transaction, receipt: Receipt): Promise<void> {
  check.object('receipt', receipt)
  const identity = key33('identity', receipt.identity)
  const bundleId = key33('bundleId', receipt.bundleId)
  const ratchetKey = key33('ratchetKey', receipt.ratchetKey)
  const peer = await tx.peer(identity)
  for (const session of findDevice(peer, receipt.installationId)?.sessions ?? []) {
    const { messageKeys } = session.ratchet
    const found = findMessageKey(messageKeys, ratchetKey, receipt.n)
    // Only a key whose message was opened: a made-up receipt must not delete keys that are still awaited.
    if (!found?.opened || !equalBytes(session.bundleId, bundleId)) continue
    found.key.fill(0)
    session.ratchet = { ...session.ratchet, messageKeys: withoutMessageKey(messageKeys, ratchetKey, receipt.n) }
  }
}
