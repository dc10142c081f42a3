import * as payloads from '../gen/payloads.js'
import { bytes, type Extensible, message, text, u64 } from '../wire/codec.ts'

/** Type 6: "where may I send this to?" */
export interface RequestAddressForTransaction extends Extensible {
  readonly clock: bigint
  readonly value: string
  readonly contract: string
}

/** Type 7. `id` is the message id of the request. */
export interface AcceptRequestAddressForTransaction extends Extensible {
  readonly clock: bigint
  readonly id: string
  readonly address: string
}

/** Types 8 and 11. `id` is the message id of the request. */
export interface DeclineTransactionRequest extends Extensible {
  readonly clock: bigint
  readonly id: string
}

/** Type 9: "send me this". */
export interface RequestTransaction extends Extensible {
  readonly clock: bigint
  readonly address: string
  readonly value: string
  readonly contract: string
}

/** Type 10. `id` is empty when there was no request. */
export interface SendTransaction extends Extensible {
  readonly clock: bigint
  readonly id: string
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
