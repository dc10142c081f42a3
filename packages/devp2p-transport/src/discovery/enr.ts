import {
  compareBytes,
  concatBytes,
  decompressPublicKey,
  equalBytes,
  keccak256,
  recoverPublicKey
} from '@status-stack/crypto'
import { decodeRlp, encodeRlp, type RlpItem, rlpBigUint, rlpBytes, rlpList } from '@status-stack/rlp'
import { type Enode, nodeIdOf, TransportError } from '@status-stack/rlpx'
import { addressText, callerError, check, peerError } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'
import { base64UrlBytes, base64UrlText } from './text.ts'

/** A verified node record. SPEC: EIP-778, identity scheme "v4". */
export interface NodeRecord {
  /** Counts the changes of the record; the higher one of two is current. uint64. */
  readonly seq: bigint
  /** Every pair in key order, as decoded RLP. */
  readonly pairs: ReadonlyMap<string, RlpItem>
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly nodeId: Uint8Array
  /** IPv4 address. */
  readonly ip?: string
  /** Port of RLPx on IPv4, and on IPv6 unless `tcp6` says another. */
  readonly tcp?: number
  /** Port of discovery on IPv4, and on IPv6 unless `udp6` says another. */
  readonly udp?: number
  /** IPv6 address. */
  readonly ip6?: string
  /** Port of RLPx on IPv6, where it is another. */
  readonly tcp6?: number
  /** Port of discovery on IPv6, where it is another. */
  readonly udp6?: number
  /** The encoded record, at most 300 bytes. */
  readonly bytes: Uint8Array
}

const recordRlpLimits = Object.freeze({ maxDepth: 8, maxItems: 300 })
const ascii = new TextDecoder()

function bad(what: string): TransportError {
  return peerError('malformed', `ENR: ${what}`)
}

function verified(content: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  const digest = keccak256(content)
  for (const v of [0, 1]) {
    try {
      if (equalBytes(recoverPublicKey(digest, concatBytes(signature, Uint8Array.of(v))), publicKey)) return true
    } catch {
      // No key for this v; the other one may fit.
    }
  }
  return false
}

function readPairs(items: readonly RlpItem[]): Map<string, RlpItem> {
  if (items.length % 2 !== 0) throw bad('a key without a value')
  const pairs = new Map<string, RlpItem>()
  let previous: Uint8Array | undefined
  for (let i = 0; i < items.length; i += 2) {
    const key = rlpBytes('key', items[i])
    const order = previous === undefined ? -1 : compareBytes(previous, key)
    if (order === 0) throw bad('a key twice')
    if (order > 0) throw bad('keys not in order')
    previous = key
    const value = items[i + 1]
    if (value !== undefined) pairs.set(ascii.decode(key), value)
  }
  return pairs
}

function port(pairs: ReadonlyMap<string, RlpItem>, name: string): number | undefined {
  const item = pairs.get(name)
  return item === undefined ? undefined : Number(rlpBigUint(name, item, 16))
}

function address(pairs: ReadonlyMap<string, RlpItem>, name: string, length: number): string | undefined {
  const item = pairs.get(name)
  return item === undefined ? undefined : addressText(rlpBytes(name, item, length))
}

function defined<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

/**
 * Reads and verifies an encoded record. @throws TransportError `too-large` over 300 bytes, `malformed`
 *
 * @example
 * ```ts
 * const { seq, ip, tcp } = decodeRecord(bytes)
 * ```
 */
export function decodeRecord(bytes: Uint8Array): NodeRecord {
  check.bytes('bytes', bytes)
  if (bytes.length > limits.recordBytes) {
    throw peerError('too-large', `ENR: at most ${limits.recordBytes} bytes, got ${bytes.length}`)
  }
  try {
    const list = rlpList('ENR', decodeRlp(bytes, recordRlpLimits))
    const [signature, seqItem, ...rest] = list
    const seq = rlpBigUint('seq', seqItem, 64)
    const pairs = readPairs(rest)
    const scheme = pairs.get('id')
    if (!(scheme instanceof Uint8Array) || ascii.decode(scheme) !== 'v4') throw bad('unknown identity scheme')
    const publicKey = decompressPublicKey(rlpBytes('secp256k1', pairs.get('secp256k1'), 33).slice())
    const content = encodeRlp(list.slice(1) as RlpItem[])
    if (!verified(content, rlpBytes('signature', signature, 64), publicKey)) throw bad('bad signature')
    return {
      seq,
      pairs,
      publicKey,
      nodeId: nodeIdOf(publicKey),
      ...defined({
        ip: address(pairs, 'ip', 4),
        tcp: port(pairs, 'tcp'),
        udp: port(pairs, 'udp'),
        ip6: address(pairs, 'ip6', 16),
        tcp6: port(pairs, 'tcp6'),
        udp6: port(pairs, 'udp6')
      }),
      bytes: bytes.slice()
    }
  } catch (error) {
    if (TransportError.is(error)) throw error
    throw bad(error instanceof Error ? error.message : 'unreadable')
  }
}

/**
 * Reads `enr:…`. @throws TransportError `invalid-text`, `malformed`, `too-large`
 *
 * @example
 * ```ts
 * const record = parseRecord('enr:-…')
 * ```
 */
export function parseRecord(text: string): NodeRecord {
  check.text('text', text)
  if (!text.startsWith('enr:')) throw callerError('invalid-text', "ENR: missing 'enr:' prefix")
  // Four digits for three bytes: longer text cannot be a record, so it is not decoded.
  if (text.length > 4 + Math.ceil((limits.recordBytes * 4) / 3)) {
    throw peerError('too-large', `ENR: at most ${limits.recordBytes} bytes`)
  }
  const bytes = base64UrlBytes(text.slice(4))
  if (bytes === undefined) throw callerError('invalid-text', 'ENR: not unpadded URL-safe base64')
  return decodeRecord(bytes)
}

/**
 * `enr:…` of a record.
 *
 * @example
 * ```ts
 * console.log(formatRecord(record)) // 'enr:…'
 * ```
 */
export function formatRecord(record: Pick<NodeRecord, 'bytes'>): string {
  check.object('record', record)
  check.bytes('record.bytes', record.bytes)
  return `enr:${base64UrlText(record.bytes)}`
}

/**
 * Where the record says the node can be dialed; IPv4 before IPv6. `undefined` without address and TCP port.
 *
 * @example
 * ```ts
 * const endpoint = recordEndpoint(record)
 * if (endpoint !== undefined) await host.dial(formatEnode(endpoint))
 * ```
 */
export function recordEndpoint(
  record: NodeRecord
): (Enode & { host: string; tcpPort: number; udpPort: number }) | undefined {
  check.object('record', record)
  check.bytes('record.publicKey', record.publicKey, 65)
  const { publicKey, ip, tcp, udp, ip6, tcp6 = tcp, udp6 = udp } = record
  if (ip !== undefined && tcp !== undefined) return { publicKey, host: ip, tcpPort: tcp, udpPort: udp ?? tcp }
  if (ip6 !== undefined && tcp6 !== undefined) return { publicKey, host: ip6, tcpPort: tcp6, udpPort: udp6 ?? tcp6 }
  return undefined
}
