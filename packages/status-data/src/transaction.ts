import { concatBytes, equalBytes, hexToBytes, keccak256, recoverPublicKey, utf8Bytes } from '@status-stack/crypto'
import type { PublicKey, Transaction, TransactionContent, TransactionState } from '@status-stack/interface'
import { check, checkKey } from './arguments.ts'
import { DataError } from './errors.ts'
import { type Refused, refuse } from './refusal.ts'

const hashPattern = /^0x[0-9a-f]{64}$/i

/** One message about a transaction, accepted before. */
export interface TransactionMessage {
  /** Id of this message, `0x` + 64 hex digits. */
  readonly id: string
  /** The 1:1 chat that it is in. */
  readonly chatId: string
  /** 65 bytes: who signed it. */
  readonly author: PublicKey
  /** What it says about the transaction. */
  readonly content: TransactionContent
}

/**
 * A transaction after a message about it. `known` is the one that the content names, if we have it.
 *
 * @example
 * ```ts
 * const transaction = nextTransaction(known, { id, chatId, author, content })
 * if ('kind' in transaction) console.log('refused:', transaction.reason)
 * ```
 */
export function nextTransaction(known: Transaction | undefined, message: TransactionMessage): Transaction | Refused {
  check.object('message', message)
  const { id, chatId, author, content } = message
  check.text('message.id', id)
  check.text('message.chatId', chatId)
  checkKey('message.author', author)
  check.object('message.content', content)
  const fresh = { id, chatId, author, value: '', contract: '', address: '', transactionHash: '' }
  switch (content.kind) {
    case 'request-address':
      return { ...fresh, state: 'address-requested', value: content.value, contract: content.contract }
    case 'request-transaction': {
      const { value, contract, address } = content
      return { ...fresh, state: 'requested', value, contract, address }
    }
    case 'accept-request-address': {
      const answered = answer(known, chatId, author, ['address-requested'])
      return 'kind' in answered ? answered : { ...answered, state: 'address-accepted', address: content.address }
    }
    case 'decline-request-address': {
      const answered = answer(known, chatId, author, ['address-requested'])
      return 'kind' in answered ? answered : { ...answered, state: 'address-declined' }
    }
    case 'decline-request-transaction': {
      const answered = answer(known, chatId, author, ['requested'])
      return 'kind' in answered ? answered : { ...answered, state: 'declined' }
    }
    case 'send-transaction': {
      const { transactionHash } = content
      if (content.id === '') return { ...fresh, state: 'pending', transactionHash }
      const paid = payment(known, chatId, author)
      return 'kind' in paid ? paid : { ...paid, state: 'pending', transactionHash }
    }
    default:
      throw new DataError('invalid-argument', 'content: not about a transaction', { origin: 'caller' })
  }
}

/** An answer comes from the other side of the same chat, to a question that is still open. */
function answer(
  known: Transaction | undefined,
  chatId: string,
  author: PublicKey,
  open: readonly TransactionState[]
): Transaction | Refused {
  if (known === undefined) return refuse('transaction-unknown')
  if (known.chatId !== chatId) return refuse('transaction-wrong-chat')
  if (equalBytes(known.author, author)) return refuse('transaction-not-ours')
  return open.includes(known.state) ? known : refuse('transaction-wrong-state')
}

/** Payment: of what the other side requested, or to the address that the other side gave us. */
function payment(known: Transaction | undefined, chatId: string, author: PublicKey): Transaction | Refused {
  if (known === undefined) return refuse('transaction-unknown')
  if (known.chatId !== chatId) return refuse('transaction-wrong-chat')
  const owed = known.state === 'requested' && !equalBytes(known.author, author)
  const promised = known.state === 'address-accepted' && equalBytes(known.author, author)
  return owed || promised ? known : refuse('transaction-wrong-state')
}

/**
 * The public key of the wallet that signed a payment: over the payer's identity key and the transaction's hash, with
 * Ethereum's prefix for personal messages, v 27 or 28. `undefined` when no key can be recovered.
 *
 * @example
 * ```ts
 * const wallet = paymentSigner(message.author, content)
 * ```
 */
export function paymentSigner(
  author: PublicKey,
  payment: Pick<Extract<TransactionContent, { kind: 'send-transaction' }>, 'transactionHash' | 'signature'>
): PublicKey | undefined {
  checkKey('author', author)
  check.object('payment', payment)
  const { transactionHash, signature } = payment
  check.text('payment.transactionHash', transactionHash)
  check.bytes('payment.signature', signature)
  if (!hashPattern.test(transactionHash) || signature.length !== 65) return undefined
  const v = (signature[64] ?? 0) - 27
  if (v !== 0 && v !== 1) return undefined
  try {
    return recoverPublicKey(paymentDigest(author, transactionHash), Uint8Array.of(...signature.subarray(0, 64), v))
  } catch {
    return undefined
  }
}

/**
 * What the payer's wallet signs, 32 bytes.
 *
 * @example
 * ```ts
 * const signature = wallet.sign(paymentDigest(identity.publicKey, transactionHash))
 * ```
 */
export function paymentDigest(author: PublicKey, transactionHash: string): Uint8Array {
  checkKey('author', author)
  check.text('transactionHash', transactionHash)
  if (!hashPattern.test(transactionHash)) {
    throw new DataError('invalid-argument', 'transactionHash: expected 0x and 64 hex digits', { origin: 'caller' })
  }
  const message = concatBytes(author, hexToBytes(transactionHash))
  return keccak256(concatBytes(utf8Bytes(`\u0019Ethereum Signed Message:\n${message.length}`), message))
}
