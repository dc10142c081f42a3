import { bytesToHex, concatBytes, isPublicKey, keccak256 } from '@status-stack/crypto'
import { decodeEnr } from './enr.ts'
import { failed } from './errors.ts'
import { hexBytes } from './values/hex.ts'

/** A node as its URL or record names it. */
export interface NodeAddress {
  /** 64 hex digits: Keccak-256 of X‖Y. */
  readonly peerId: string
  /** 65 bytes, 0x04‖X‖Y. */
  readonly publicKey: Uint8Array
}

/** Reads `enode://…` (complete or the id alone) or `enr:…`. @throws RpcError `call-failed` with go-ethereum's text */
export function parseNode(url: string): NodeAddress {
  if (url.startsWith('enode://')) return parseEnode(url)
  if (!url.startsWith('enr:')) throw failed("missing 'enr:' prefix for base64-encoded record")
  return nodeOf(decodeEnr(url.slice('enr:'.length)))
}

/** Reads an enode URL; the id may stand alone, with or without the scheme. @throws RpcError `call-failed` with go-ethereum's text */
export function parseEnode(url: string): NodeAddress {
  const idAlone = /^(?:enode:\/\/)?([0-9a-fA-F]+)$/.exec(url)?.[1]
  if (idAlone !== undefined) return nodeOf(publicKeyOfId(idAlone))
  if (!url.startsWith('enode://')) throw failed('invalid URL scheme, want "enode"')
  const [, id, address] = /^enode:\/\/([^@/?#]*)@([^/?#]*)(?:\?.*)?$/.exec(url) ?? []
  if (id === undefined || address === undefined) throw failed('does not contain node ID')
  const publicKey = publicKeyOfId(id)
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):([0-9]+)$/.exec(address) ?? []
  if (host === undefined) throw failed('invalid host or port')
  if (Number(port) > 0xffff) throw failed('invalid port')
  return nodeOf(publicKey)
}

function publicKeyOfId(id: string): Uint8Array {
  const bytes = hexBytes(id)
  if (bytes === undefined) throw failed('invalid public key (invalid hex digit or odd length)')
  if (bytes.length !== 64) throw failed('invalid public key (wrong length, want 128 hex chars)')
  const publicKey = concatBytes(Uint8Array.of(4), bytes)
  if (!isPublicKey(publicKey)) throw failed('invalid public key (not on the curve)')
  return publicKey
}

function nodeOf(publicKey: Uint8Array): NodeAddress {
  return { peerId: bytesToHex(keccak256(publicKey.subarray(1))), publicKey }
}
