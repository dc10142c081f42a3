import { concatBytes, equalBytes, keccak256, recoverPublicKey, signDigest } from '@status-stack/crypto'
import { decodeRlpPrefix, encodeRlp, type RlpItem, rlpBigUint, rlpBytes, rlpList, rlpUint } from '@status-stack/rlp'
import { TransportError } from '@status-stack/rlpx'
import { addressBytes, addressText, environmentError, peerError } from '@status-stack/rlpx/carrier'
import { limits } from '../limits.ts'

/** An address with its ports as packets carry it; a port of 0 is unknown. */
export interface WireEndpoint {
  /** Empty where a packet states none, or bytes that are no address: what a Ping says of its endpoints is not relied upon. */
  readonly address: string
  readonly udpPort: number
  readonly tcpPort: number
}

/** A node as Neighbors carries it. */
export interface WireNode extends WireEndpoint {
  /** 65 bytes. */
  readonly publicKey: Uint8Array
}

/** The content of a packet. SPEC: devp2p discovery v4. Expirations are Unix seconds. */
export type PacketContent =
  | { readonly kind: 'ping'; readonly from: WireEndpoint; readonly to: WireEndpoint; readonly expiration: number }
  | { readonly kind: 'pong'; readonly to: WireEndpoint; readonly pingHash: Uint8Array; readonly expiration: number }
  | { readonly kind: 'find-node'; readonly target: Uint8Array; readonly expiration: number }
  | {
      readonly kind: 'neighbors'
      readonly nodes: readonly WireNode[]
      readonly expiration: number
      /** Entries that could not be read and were left out. @default 0 */
      readonly skipped?: number
    }
  | { readonly kind: 'enr-request'; readonly expiration: number }
  | { readonly kind: 'enr-response'; readonly requestHash: Uint8Array; readonly record: Uint8Array }

/** A packet that was received, its hash and signature verified. */
export interface ReceivedPacket {
  readonly content: PacketContent
  /** The sender's key, 65 bytes. */
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly hash: Uint8Array
}

/** Encodes and decodes packets. */
export interface PacketCodec {
  readonly encode: (
    content: PacketContent,
    privateKey: Uint8Array
  ) => { readonly bytes: Uint8Array; readonly hash: Uint8Array }
  /** @throws TransportError `too-large` over 1280 bytes, `malformed` */
  readonly decode: (bytes: Uint8Array) => ReceivedPacket
}

/** What the library's codec needs of us: our own primitives in place of its slow ones. */
interface CustomCrypto {
  readonly keccak256: (bytes: Uint8Array) => Uint8Array
  readonly ecsign: (digest: Uint8Array, privateKey: Uint8Array) => { r: bigint; s: bigint; recovery: number }
}

/** The function used of `@ethereumjs/devp2p`. */
export interface Discv4Library {
  readonly encode: (name: string, data: unknown, privateKey: Uint8Array, common: unknown) => Uint8Array
}

const packetRlpLimits = Object.freeze({ maxDepth: 6, maxItems: 256 })
const headLength = 98
const typeNumbers = { ping: 1, pong: 2, 'find-node': 3, neighbors: 4, 'enr-request': 5, 'enr-response': 6 } as const

function bigint(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

const customCrypto: CustomCrypto = {
  keccak256: bytes => keccak256(bytes),
  ecsign: (digest, privateKey) => {
    const signature = signDigest(digest, privateKey)
    return { r: bigint(signature.subarray(0, 32)), s: bigint(signature.subarray(32, 64)), recovery: signature[64] ?? 0 }
  }
}

/** The address of 4 or 16 bytes in one spelling only: IPv4 mapped into IPv6 is IPv4. Empty for any other length. */
function wireAddress(ip: Uint8Array): string {
  if (ip.length !== 4 && ip.length !== 16) return ''
  return addressText(addressBytes(addressText(ip)) ?? ip)
}

/**
 * An endpoint as Ping and Pong carry it. SPEC: discovery v4; DEVIATION: go-ethereum's nodes that do not know their own address
 * (its `bootnode` of 1.9.5, say) write an empty one, and go-ethereum reads bytes of any length there.
 */
function endpoint(item: RlpItem | undefined): WireEndpoint {
  const fields = rlpList('endpoint', item)
  return {
    address: wireAddress(rlpBytes('address', fields[0])),
    udpPort: rlpUint('udp', fields[1], 16),
    tcpPort: rlpUint('tcp', fields[2], 16)
  }
}

/** A node of Neighbors; `undefined` for an entry that says nothing usable. */
function neighbor(item: RlpItem): WireNode | undefined {
  try {
    const stated = endpoint(item)
    const key = rlpBytes('key', rlpList('node', item)[3], 64)
    return stated.address === '' ? undefined : { ...stated, publicKey: concatBytes(Uint8Array.of(4), key) }
  } catch {
    return undefined
  }
}

function neighbors(item: RlpItem | undefined, expiration: number): PacketContent {
  const entries = rlpList('nodes', item)
  if (entries.length > limits.neighborsPerReply) throw peerError('too-large', 'neighbors: too many nodes')
  // One odd entry says nothing about the others.
  const nodes = entries.map(neighbor).filter(node => node !== undefined)
  const skipped = entries.length - nodes.length
  return { kind: 'neighbors', nodes, expiration, ...(skipped === 0 ? {} : { skipped }) }
}

/** The content by our own strict reading: shapes, lengths and ranges that the library does not check. */
function readContent(type: number, data: Uint8Array): PacketContent {
  const fields = rlpList('packet', decodeRlpPrefix(data, packetRlpLimits).item)
  const expiration = (index: number): number => Number(rlpBigUint('expiration', fields[index], 53))
  switch (type) {
    case typeNumbers.ping:
      return { kind: 'ping', from: endpoint(fields[1]), to: endpoint(fields[2]), expiration: expiration(3) }
    case typeNumbers.pong:
      return {
        kind: 'pong',
        to: endpoint(fields[0]),
        pingHash: rlpBytes('hash', fields[1], 32).slice(),
        expiration: expiration(2)
      }
    case typeNumbers['find-node']:
      return {
        kind: 'find-node',
        target: concatBytes(Uint8Array.of(4), rlpBytes('target', fields[0], 64)),
        expiration: expiration(1)
      }
    case typeNumbers.neighbors:
      return neighbors(fields[0], expiration(1))
    case typeNumbers['enr-request']:
      return { kind: 'enr-request', expiration: expiration(0) }
    case typeNumbers['enr-response']:
      return {
        kind: 'enr-response',
        requestHash: rlpBytes('hash', fields[0], 32).slice(),
        record: encodeRlp(fields[1] as RlpItem)
      }
    default:
      throw peerError('malformed', `packet: unknown type ${type}`, { type })
  }
}

/** The library writes ports in two bytes; below 256 that is not a canonical integer, so they count as unknown. */
function libraryEndpoint({ address, udpPort, tcpPort }: WireEndpoint): object {
  const port = (value: number): number | null => (value < 256 ? null : value)
  return { address, udpPort: port(udpPort), tcpPort: port(tcpPort) }
}

function libraryData(content: PacketContent): readonly [string, unknown] | undefined {
  switch (content.kind) {
    case 'ping': {
      const { from, to, expiration } = content
      return ['ping', { version: 4, from: libraryEndpoint(from), to: libraryEndpoint(to), timestamp: expiration }]
    }
    case 'pong':
      return ['pong', { to: libraryEndpoint(content.to), hash: content.pingHash, timestamp: content.expiration }]
    case 'find-node':
      return ['findneighbours', { id: content.target.subarray(1), timestamp: content.expiration }]
    case 'neighbors': {
      const peers = content.nodes.map(node => ({ ...libraryEndpoint(node), id: node.publicKey.subarray(1) }))
      return ['neighbours', { peers, timestamp: content.expiration }]
    }
    case 'enr-request':
    case 'enr-response':
      return undefined
  }
}

/** Packets 5 and 6, which the library does not know. */
function encodeEnrPacket(content: PacketContent, privateKey: Uint8Array): Uint8Array {
  const fields =
    content.kind === 'enr-response'
      ? [content.requestHash, decodeRlpPrefix(content.record).item]
      : [content.kind === 'enr-request' ? content.expiration : 0]
  const data = concatBytes(Uint8Array.of(typeNumbers[content.kind]), encodeRlp(fields))
  const signed = concatBytes(signDigest(keccak256(data), privateKey), data)
  return concatBytes(keccak256(signed), signed)
}

/** A codec that writes with the library and reads by itself; what we write passes our own reading, too. */
export function createPacketCodec(library: Discv4Library): PacketCodec {
  const common = { customCrypto }
  const decode: PacketCodec['decode'] = bytes => {
    if (bytes.length > limits.packetBytes) {
      throw peerError('too-large', `packet: at most ${limits.packetBytes} bytes, got ${bytes.length}`)
    }
    if (bytes.length <= headLength) throw peerError('malformed', `packet: ${bytes.length} bytes are too few`)
    // Cheap checks first: hash and shape cost microseconds, recovering the key fifty times as much.
    const hash = bytes.slice(0, 32)
    if (!equalBytes(keccak256(bytes.subarray(32)), hash)) throw peerError('malformed', 'packet: bad hash')
    try {
      const type = bytes[97] ?? 0
      const content = readContent(type, bytes.slice(headLength))
      // Not the library's reading: it refuses addresses that go-ethereum sends.
      const publicKey = recoverPublicKey(keccak256(bytes.slice(97)), bytes.slice(32, 97))
      return { content, publicKey, hash }
    } catch (error) {
      if (TransportError.is(error)) throw error
      throw peerError('malformed', `packet: ${error instanceof Error ? error.message : 'unreadable'}`)
    }
  }
  return {
    decode,
    encode: (content, privateKey) => {
      const data = libraryData(content)
      const bytes =
        data === undefined ? encodeEnrPacket(content, privateKey) : library.encode(data[0], data[1], privateKey, common)
      // What we would refuse from others we do not send.
      return { bytes, hash: decode(bytes).hash }
    }
  }
}

/** The codec, with the library loaded now. @throws TransportError `unavailable` when it is not installed */
export async function loadPacketCodec(): Promise<PacketCodec> {
  try {
    const { encode } = await import('@ethereumjs/devp2p')
    return createPacketCodec({ encode } as Discv4Library)
  } catch (cause) {
    throw environmentError(
      'unavailable',
      'discovery: the optional package @ethereumjs/devp2p could not be loaded; is it installed?',
      {},
      cause
    )
  }
}
