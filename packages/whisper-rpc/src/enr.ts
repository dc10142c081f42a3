import {
  concatBytes,
  decompressPublicKey,
  equalBytes,
  isPublicKey,
  keccak256,
  recoverPublicKey,
  utf8Bytes
} from '@status-stack/crypto'
import { decodeRlp, encodeRlp, type RlpItem } from '@status-stack/rlp'
import { failed } from './errors.ts'

/** SPEC: EIP-778, "Encoding". */
const maxRecordBytes = 300

/** Public key (65 bytes) of a node record in URL-safe base64 without its `enr:`; its signature is checked. @throws RpcError `call-failed` */
export function decodeEnr(base64: string): Uint8Array {
  const [signature, ...content] = fieldsOf(bytesOf(base64))
  const publicKey = publicKeyOf(content)
  const signed = keccak256(encodeRlp(content))
  const valid =
    signature instanceof Uint8Array &&
    signature.length === 64 &&
    [0, 1].some(recovery => recovers(signed, signature, recovery, publicKey))
  if (!valid) throw failed('invalid signature on node record')
  return publicKey
}

function bytesOf(base64: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(base64)) throw failed('illegal base64 data')
  try {
    const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(text, character => character.charCodeAt(0))
  } catch {
    throw failed('illegal base64 data')
  }
}

/** Signature, sequence number, then keys and values in turn. */
function fieldsOf(record: Uint8Array): readonly RlpItem[] {
  if (record.length > maxRecordBytes) throw failed('record bigger than 300 bytes')
  let item: RlpItem | undefined
  try {
    item = decodeRlp(record)
  } catch {
    item = undefined
  }
  if (item === undefined || item instanceof Uint8Array || item.length < 2 || item.length % 2 !== 0) {
    throw failed('record: expected an RLP list of signature, number and pairs')
  }
  return item
}

function publicKeyOf(content: readonly RlpItem[]): Uint8Array {
  const value = (name: string): RlpItem | undefined => {
    for (let at = 1; at < content.length; at += 2) {
      const key = content[at]
      if (key instanceof Uint8Array && equalBytes(key, utf8Bytes(name))) return content[at + 1]
    }
    return undefined
  }
  const scheme = value('id')
  if (!(scheme instanceof Uint8Array && equalBytes(scheme, utf8Bytes('v4')))) {
    throw failed('unknown identity scheme')
  }
  const compressed = value('secp256k1')
  if (!(compressed instanceof Uint8Array && compressed.length === 33 && isPublicKey(compressed))) {
    throw failed('invalid public key')
  }
  return decompressPublicKey(compressed)
}

function recovers(digest: Uint8Array, signature: Uint8Array, recovery: number, publicKey: Uint8Array): boolean {
  try {
    return equalBytes(recoverPublicKey(digest, concatBytes(signature, Uint8Array.of(recovery))), publicKey)
  } catch {
    return false
  }
}
