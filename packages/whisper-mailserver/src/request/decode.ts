import { bytesToHex, keccak256 } from '@status-stack/crypto'
import type { HistoryRequest, InterestKey } from '@status-stack/whisper'
import { decodeRequestPayload, type OpenedMessage, openMessage, type RequestPayload } from '@status-stack/whisper/wire'
import { decodeBinaryRequest, isRlpList } from './legacy.ts'

/** What a sealed request is measured by. */
export interface RequestRules {
  readonly minPow: number
  /** Tried in this order: the asymmetric key first, then the password's. */
  readonly keys: readonly InterestKey[]
  /** Whether the signer has to be the peer. */
  readonly bindSigner: boolean
  /** Whether the binary form from before RLP is read too. Waku never had it. */
  readonly binary: boolean
}

function open(data: Uint8Array, keys: readonly InterestKey[]): OpenedMessage | undefined {
  for (const key of keys) {
    const opened = openMessage(data, key)
    if (typeof opened !== 'string') return opened
  }
  return undefined
}

/** 64 hex digits: the devp2p id that a 65-byte public key has. */
function peerIdOf(publicKey: Uint8Array): string {
  return bytesToHex(keccak256(publicKey.subarray(1)))
}

function readPayload(payload: Uint8Array, peerId: string, binary: boolean): RequestPayload | string {
  if (binary && !isRlpList(payload)) return decodeBinaryRequest(payload, peerId)
  try {
    return decodeRequestPayload(payload)
  } catch (error) {
    return `failed to decode data: ${error instanceof Error ? error.message : 'malformed'}`
  }
}

/** Reads a sealed request; a text is the refusal that the peer gets. SPEC: status-go, checks in their order. */
export function readSealedRequest(
  request: Extract<HistoryRequest, { readonly kind: 'envelope' }>,
  peerId: string,
  rules: RequestRules
): RequestPayload | string {
  if (!(request.pow >= rules.minPow)) return 'PoW() is too low'
  const opened = open(request.envelope.data, rules.keys)
  if (opened === undefined) return 'failed to decrypt p2p request'
  if (opened.signer === undefined) return 'wrong signature of p2p request'
  if (rules.bindSigner && peerIdOf(opened.signer) !== peerId) return 'wrong signature of p2p request'
  const payload = readPayload(opened.payload, peerId, rules.binary)
  if (typeof payload === 'string') return payload
  if (payload.upper !== 0 && payload.lower > payload.upper) return 'query range is invalid: lower > upper'
  return payload
}
