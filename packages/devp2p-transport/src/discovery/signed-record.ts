import {
  bytesToHex,
  compareBytes,
  compressPublicKey,
  keccak256,
  publicKeyOf,
  signDigest,
  utf8Bytes
} from '@status-stack/crypto'
import { encodeRlp, type RlpItem, uintBytes } from '@status-stack/rlp'
import { addressBytes, callerError, check, checkPrivateKey } from '@status-stack/rlpx/carrier'
import { decodeRecord, type NodeRecord } from './enr.ts'

/** What a record says about reaching a node, and more pairs by name. */
export interface RecordContent {
  /** IPv4 address. @default none */
  readonly ip?: string | undefined
  /** Port of RLPx, 0 to 65 535; on IPv6 too unless `tcp6` says another. */
  readonly tcp?: number | undefined
  /** Port of discovery, 0 to 65 535; on IPv6 too unless `udp6` says another. */
  readonly udp?: number | undefined
  /** IPv6 address. @default none */
  readonly ip6?: string | undefined
  /** Port of RLPx on IPv6, where it is another. */
  readonly tcp6?: number | undefined
  /** Port of discovery on IPv6, where it is another. */
  readonly udp6?: number | undefined
  /** Other pairs by their key, as RLP. They share the 300 bytes of a record. */
  readonly more?: Readonly<Record<string, RlpItem>> | undefined
}

/**
 * Signs a record. @throws TransportError `too-large`, `invalid-argument` for an address of the wrong family
 *
 * @example
 * ```ts
 * const record = createRecord(privateKey, 1n, { ip: '192.0.2.7', tcp: 30303, udp: 30303 })
 * ```
 */
export function createRecord(privateKey: Uint8Array, seq: bigint, content: RecordContent): NodeRecord {
  checkPrivateKey('privateKey', privateKey)
  if (typeof seq !== 'bigint' || seq < 0n || seq >= 1n << 64n) {
    throw callerError('invalid-argument', 'seq: expected a bigint of at most 64 bits')
  }
  check.object('content', content)
  const pairs = new Map<string, RlpItem>(Object.entries(content.more ?? {}))
  pairs.set('id', utf8Bytes('v4'))
  pairs.set('secp256k1', compressPublicKey(publicKeyOf(privateKey)))
  for (const [name, length] of [
    ['ip', 4],
    ['ip6', 16]
  ] as const) {
    const text = content[name]
    if (text === undefined) continue
    check.text(name, text)
    const bytes = addressBytes(text)
    if (bytes?.length !== length) throw callerError('invalid-argument', `ENR ${name}: expected ${length} address bytes`)
    pairs.set(name, bytes)
  }
  for (const name of ['tcp', 'udp', 'tcp6', 'udp6'] as const) {
    const value = content[name]
    if (value === undefined) continue
    check.integer(name, value, 0, 65_535)
    pairs.set(name, uintBytes(value))
  }
  const sorted = [...pairs].map(([key, value]) => [utf8Bytes(key), value] as const)
  sorted.sort(([a], [b]) => compareBytes(a, b))
  const items = [uintBytes(seq), ...sorted.flat()]
  const signature = signDigest(keccak256(encodeRlp(items)), privateKey).slice(0, 64)
  return decodeRecord(encodeRlp([signature, ...items]))
}

/** Our own record: signed again, with a larger seq, whenever its content changes. */
export interface LocalRecord {
  /** Signed, with the latest `seq`. */
  readonly current: () => NodeRecord
  /** Changes what is given, keeps the rest; answers the record, the same one when nothing changed. */
  readonly update: (change: RecordContent) => NodeRecord
}

/**
 * A local record. `seq` starts at the clock's milliseconds, so it grows over restarts without being stored; with a
 * clock set back, pass the last one as `lastSeq`.
 *
 * @example
 * ```ts
 * const local = createLocalRecord({ privateKey, clock: { nowMs: Date.now } }, { udp: 30303 })
 * local.update({ ip: '192.0.2.7' })
 * const discovery = createDiscovery({ privateKey, record: local.current })
 * ```
 */
export function createLocalRecord(
  parts: { readonly privateKey: Uint8Array; readonly clock: { readonly nowMs: () => number } },
  content: RecordContent = {},
  lastSeq = 0n
): LocalRecord {
  check.object('parts', parts)
  checkPrivateKey('privateKey', parts.privateKey)
  check.object('clock', parts.clock)
  const nextSeq = (after: bigint): bigint => {
    const now = BigInt(Math.floor(parts.clock.nowMs()))
    return now > after ? now : after + 1n
  }
  let stated = content
  let record = createRecord(parts.privateKey, nextSeq(lastSeq), stated)
  return {
    current: () => record,
    update: change => {
      const wanted = { ...stated, ...change }
      const candidate = createRecord(parts.privateKey, record.seq, wanted)
      stated = wanted
      if (bytesToHex(candidate.bytes) !== bytesToHex(record.bytes)) {
        record = createRecord(parts.privateKey, nextSeq(record.seq), wanted)
      }
      return record
    }
  }
}
