import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, message, text, u64 } from '../wire/codec.ts'

/** Type 6: "where may I send this to?" */
export interface RequestAddressForTransaction extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** Decimal amount that is to be sent. */
  readonly value: string
  /** Address of the token's contract; empty for ether. */
  readonly contract: string
}

/** Type 7. `id` is the message id of the request. */
export interface AcceptRequestAddressForTransaction extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** `0x` + 64 hex digits. */
  readonly id: string
  /** Where the amount may be sent. */
  readonly address: string
}

/** Types 8 and 11. `id` is the message id of the request. */
export interface DeclineTransactionRequest extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** `0x` + 64 hex digits. */
  readonly id: string
}

/** Type 9: "send me this". */
export interface RequestTransaction extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** Where to send it. */
  readonly address: string
  /** Decimal amount that is wanted. */
  readonly value: string
  /** Address of the token's contract; empty for ether. */
  readonly contract: string
}

/** Type 10. `id` is empty when there was no request. */
export interface SendTransaction extends Extensible {
  /** Lamport clock, ms. */
  readonly clock: bigint
  /** Message id of the request that is paid, `0x` + 64 hex digits. */
  readonly id: string
  /** Of the chain: `0x` + 64 hex digits. */
  readonly transactionHash: string
  /** By the wallet key, over the sender's identity key and the hash. */
  readonly signature: Uint8Array
}

export const requestAddressForTransaction = /* @__PURE__ */ message<RequestAddressForTransaction>(
  'RequestAddressForTransaction',
  payloads.RequestAddressForTransaction,
  { clock: u64, value: text, contract: text }
)

export const acceptRequestAddressForTransaction = /* @__PURE__ */ message<AcceptRequestAddressForTransaction>(
  'AcceptRequestAddressForTransaction',
  payloads.AcceptRequestAddressForTransaction,
  { clock: u64, id: text, address: text }
)

export const declineRequestAddressForTransaction = /* @__PURE__ */ message<DeclineTransactionRequest>(
  'DeclineRequestAddressForTransaction',
  payloads.DeclineRequestAddressForTransaction,
  { clock: u64, id: text }
)

export const requestTransaction = /* @__PURE__ */ message<RequestTransaction>(
  'RequestTransaction',
  payloads.RequestTransaction,
  {
    clock: u64,
    address: text,
    value: text,
    contract: text
  }
)

export const declineRequestTransaction = /* @__PURE__ */ message<DeclineTransactionRequest>(
  'DeclineRequestTransaction',
  payloads.DeclineRequestTransaction,
  { clock: u64, id: text }
)

export const sendTransaction = /* @__PURE__ */ message<SendTransaction>('SendTransaction', payloads.SendTransaction, {
  clock: u64,
  id: text,
  transactionHash: text,
  signature: bytes
})
